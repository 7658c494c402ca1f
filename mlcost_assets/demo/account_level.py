"""Money without a resource: support, tax, credits, a refund, the Marketplace; and the accounts themselves."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import SAGEMAKER, SUPPORT
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.estimates import estimate
from mlcost_assets.demo.ledger import NON_ML, POOL, Line, Product, Scope
from mlcost_assets.demo.organisation import Account
from mlcost_assets.demo.owners import Owner, Share, account_environment
from mlcost_assets.demo.world import ENVIRONMENT_WORDS, World

CENT = Decimal("0.01")
OBSERVABILITY = Product("3kd82mxq0vvlnrtcs5p1b7yzw", "Observability Pro (annual, billed monthly)")


def settle(world: World) -> None:
    """Write what is charged to accounts as a whole, month by month."""
    _accounts(world)
    _share_account_tags(world)
    months = list(world.window.months())
    chance = world.chance("account level")
    refund_month = chance.randrange(len(months))
    credited = chance.maybe(0.7)
    for number, (start, end) in enumerate(months):
        amounts = _amounts(world, start, end)
        _support(world, start, end, amounts)
        _marketplace_fee(world, start)
        if world.organisation.tax_percent:
            _tax(world, start, end, amounts)
        if credited:
            _credit(world, start, end, Decimal(chance.randrange(200, 3000)))
        if number == refund_month:
            _refund(world, start + timedelta(days=12), Decimal(chance.randrange(40, 400)) + Decimal("0.37"))


def _accounts(world: World) -> None:
    """Record the accounts as the organisation's management account sees them."""
    payer = world.organisation.payer
    for account in (payer, *world.organisation.accounts):
        body = {
            "Account": {
                "Id": account.id,
                "Arn": f"arn:aws:organizations::{payer.id}:account/o-{world.chance('org').code(10)}/{account.id}",
                "Email": f"aws+{account.name}@{world.organisation.company}.example",
                "Name": account.name,
                "Status": "ACTIVE",
                "JoinedMethod": "CREATED",
                "JoinedTimestamp": iso(world.before(900)),
            }
        }
        tags = world.account_tags(account)
        key = world.record(
            "organizations:DescribeAccount", account.id, payer, "", body, created=world.before(900), tags=tags
        )
        for _, value in account.tags:
            for environment, spelled in ENVIRONMENT_WORDS.items():
                if value in spelled:
                    in_bill = world.organisation.account_tags_in_bill
                    world.facts.add(account_environment(account.id, environment), () if in_bill else (key,))


def _share_account_tags(world: World) -> None:
    """Show the tags of accounts on every charge of them, where they are activated."""
    if not world.organisation.account_tags_in_bill:
        return
    shown = {
        account.id: {f"accountTag/{name}": value for name, value in account.tags}
        for account in world.organisation.accounts
    }
    for line in world.ledger.lines:
        line.account_tags = {**line.account_tags, **shown.get(line.account_id, {})}


def _amounts(world: World, start: datetime, end: datetime) -> dict[tuple[str, Product], Decimal]:
    """Estimate what each account spends on each service in a month, to the cent."""
    amounts: dict[tuple[str, Product], float] = {}
    for line in world.ledger.lines:
        begin, finish = max(line.start, start), min(line.end, end)
        if finish > begin and line.line_item_type == "Usage":
            part = (finish - begin) / (line.end - line.start)
            place = (line.account_id, Product(line.product.code, line.product.name))
            amounts[place] = amounts.get(place, 0.0) + estimate(line) * part
    return {place: Decimal(f"{amount:.2f}") for place, amount in sorted(amounts.items(), key=str) if amount >= 1}


def _once(
    world: World,
    account: Account,
    product: Product,
    start: datetime,
    end: datetime,
    amount: Decimal,
    **options: Any,
) -> None:
    """Add a charge of one row."""
    defaults: dict[str, Any] = {
        "usage_type": "",
        "operation": "",
        "region": "",
        "unit": "",
        "kind": POOL,
        "public_rate": Decimal(0),
        "pool_owner": Owner(stage="other"),
        "shares": (),
    }
    world.ledger.add(
        Line(
            product=product,
            account_id=account.id,
            resource_id="",
            start=start,
            end=end,
            step="once",
            quantity=Decimal(1),
            rate=amount,
            **{**defaults, **options},
        )
    )


# From, to, percent of what lies between: the price list of Business support.
_TIERS = (
    (Decimal(0), Decimal(10_000), 10),
    (Decimal(10_000), Decimal(80_000), 7),
    (Decimal(80_000), Decimal(250_000), 5),
    (Decimal(250_000), Decimal(10**12), 3),
)


def _support(world: World, start: datetime, end: datetime, amounts: dict[tuple[str, Product], Decimal]) -> None:
    total = sum(amounts.values())
    fee = sum(
        (max(min(total, above) - below, Decimal(0)) * percent / 100 for below, above, percent in _TIERS), Decimal(0)
    ).quantize(CENT)
    _once(
        world,
        world.organisation.payer,
        SUPPORT,
        start,
        end,
        fee,
        usage_type="Dollar",
        unit="Dollar",
        line_item_type="Fee",
        description="7% of monthly AWS usage from $10K-$80K; 10% of the first $10K",
        scope=Scope("payer"),
        public_rate=fee,
    )


def _tax(world: World, start: datetime, end: datetime, amounts: dict[tuple[str, Product], Decimal]) -> None:
    """Tax comes for each account and service; so narrow is the scope over which it is divided."""
    by_id = {account.id: account for account in world.organisation.accounts}
    percent = Decimal(world.organisation.tax_percent) / 100
    for (account_id, product), amount in amounts.items():
        if account_id in by_id:
            _once(
                world,
                by_id[account_id],
                product,
                start,
                end,
                (amount * percent).quantize(CENT),
                line_item_type="Tax",
                description=f"Tax for product code {product.code}",
                scope=Scope("service", f"{account_id}/{product.code}"),
                extra={"line_item_tax_type": "USSalesTax"},
            )


def _credit(world: World, start: datetime, end: datetime, amount: Decimal) -> None:
    account = world.organisation.ml_account("prod")
    _once(
        world,
        account,
        SAGEMAKER,
        start,
        end,
        -amount,
        usage_type="USE1-Host:ml.g5.xlarge",
        operation="RunInstance",
        region="us-east-1",
        line_item_type="Credit",
        description="AWS Activate credit",
        scope=Scope("service", f"{account.id}/AmazonSageMaker"),
    )


def _refund(world: World, at: datetime, amount: Decimal) -> None:
    """A refund for usage of an earlier month, which shows up in this month's bill."""
    account = world.organisation.ml_account("prod")
    _once(
        world,
        account,
        SAGEMAKER,
        at,
        at + timedelta(days=1),
        -amount,
        usage_type="USE1-Host:ml.m5.xlarge",
        operation="RunInstance",
        region="us-east-1",
        line_item_type="Refund",
        bill_type="Refund",
        description="Refund for endpoint hours billed in error",
        scope=Scope("service", f"{account.id}/AmazonSageMaker"),
    )


def _marketplace_fee(world: World, start: datetime) -> None:
    """Software of a third party that has nothing to do with machine learning."""
    account = world.organisation.account("web")
    owner = Owner(team=None, environment=None, stage="other", is_ml=False)
    _once(
        world,
        account,
        OBSERVABILITY,
        start,
        start + timedelta(days=1),
        Decimal("1850.00"),
        usage_type="MP:ObservabilityPro-Contract",
        unit="Units",
        line_item_type="Fee",
        bill_type="Purchase",
        description="AWS Marketplace contract, monthly instalment",
        kind=NON_ML,
        shares=(Share(owner),),
        scope=None,
        extra={
            "bill_billing_entity": "AWS Marketplace",
            "line_item_legal_entity": "Observability Pro Ltd",
        },
        public_rate=Decimal("1850.00"),
    )
