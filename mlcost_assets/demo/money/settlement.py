"""Money without a resource: support, tax, credits, a refund, the Marketplace."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.clock import DAY
from mlcost_assets.demo.money.ledger import NON_ML, POOL, Line, Scope
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import HAIKU, OBSERVABILITY, SAGEMAKER, SUPPORT, Product
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.truth.clues import Share
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.world import World

CENT = Decimal("0.01")


def settle(world: World) -> None:
    """Write what is charged to accounts as a whole, month by month."""
    months = list(world.window.months())
    chance = world.chance("account level")
    refund_month = chance.randrange(len(months))
    credited = chance.maybe(0.7)
    for number, (start, end) in enumerate(months):
        amounts = _amounts(world, start, end)
        _support(world, start, end, amounts)
        _marketplace_fee(world, start)
        if world.organisation.discount_in_rows and world.organisation.discount_percent:
            _discount(world, start, end, amounts)
        if world.organisation.tax_percent:
            _tax(world, start, end, amounts)
        if credited:
            _credit(world, start, end, Decimal(chance.randrange(200, 3000)))
        if number == refund_month:
            _refund(world, start + timedelta(days=12), Decimal(chance.randrange(40, 400)) + Decimal("0.37"))


def _amounts(world: World, start: datetime, end: datetime) -> dict[tuple[str, Product], Decimal]:
    """Estimate what each account spends on each service in a month, to the cent."""
    amounts: dict[tuple[str, Product], float] = {}
    for line in world.ledger.lines:
        begin, finish = max(line.start, start), min(line.end, end)
        if finish > begin and line.line_item_type == "Usage":
            part = (finish - begin) / (line.end - line.start)
            place = (line.account_id, Product(line.meter.product.code, line.meter.product.name))
            amounts[place] = amounts.get(place, 0.0) + line.estimate() * part
    return {place: Decimal(f"{amount:.2f}") for place, amount in sorted(amounts.items(), key=str) if amount >= 1}


def _once(
    world: World, account: Account, meter: Meter, start: datetime, end: datetime, scope: Scope, **options: Any
) -> None:
    """Add a charge of one row, which is divided over the costs of its scope."""
    world.ledger.add(
        Line(
            meter=meter,
            account_id=account.id,
            region=options.pop("region", ""),
            resource_id="",
            start=start,
            end=end,
            quantity=Decimal(1),
            shares=(),
            kind=POOL,
            scope=scope,
            pool_owner=Owner(stage="other"),
            **options,
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
    """Every payer has support of its own."""
    text = "7% of monthly AWS usage from $10K-$80K; 10% of the first $10K"
    for payer in world.organisation.payers:
        of_payer = (amount for (account, _), amount in amounts.items() if _pays(world, payer, account))
        total = sum(of_payer, Decimal(0))
        steps = (max(min(total, above) - below, Decimal(0)) * percent / 100 for below, above, percent in _TIERS)
        fee = sum(steps, Decimal(0)).quantize(CENT)
        meter = Meter(SUPPORT, "Dollar", "", fee, "Dollar", text, step="once")
        _once(world, payer, meter, start, end, Scope("payer", payer.id), line_item_type="Fee")


def _pays(world: World, payer: Account, account_id: str) -> bool:
    return world.organisation.payer_of(account_id) == payer.id


def _tax(world: World, start: datetime, end: datetime, amounts: dict[tuple[str, Product], Decimal]) -> None:
    """Tax comes for each account and service; so narrow is the scope over which it is divided."""
    by_id = {account.id: account for account in world.organisation.accounts}
    percent = Decimal(world.organisation.tax_percent) / 100
    for (account_id, product), amount in amounts.items():
        if account_id not in by_id:
            continue
        tax = (amount * percent).quantize(CENT)
        text = f"Tax for product code {product.code}"
        _once(
            world,
            by_id[account_id],
            Meter(product, "", "", tax, "", text, step="once", public_rate=Decimal(0)),
            start,
            end,
            Scope("service", f"{account_id}/{product.code}"),
            line_item_type="Tax",
            extra={"line_item_tax_type": "USSalesTax"},
        )


def _discount(world: World, start: datetime, end: datetime, amounts: dict[tuple[str, Product], Decimal]) -> None:
    """Take the enterprise discount off what each account spends on each of AWS's own services."""
    by_id = {account.id: account for account in world.organisation.accounts}
    percent = Decimal(world.organisation.discount_percent) / 100
    for (account_id, product), amount in amounts.items():
        if account_id in by_id and product.code != HAIKU.code:
            less = -(amount * percent).quantize(CENT)
            text = f"Enterprise discount of {world.organisation.discount_percent}% on {product.name}"
            meter = Meter(product, "", "", less, "", text, step="once", public_rate=Decimal(0))
            scope = Scope("service", f"{account_id}/{product.code}")
            _once(world, by_id[account_id], meter, start, end, scope, line_item_type="EdpDiscount")


def _give_back(
    world: World, instance: str, amount: Decimal, text: str, start: datetime, end: datetime, **options: Any
) -> None:
    """Give money back for the endpoints of the production account."""
    account = world.organisation.ml_account("prod")
    usage = f"Host:ml.{instance}"
    meter = Meter(SAGEMAKER, usage, "RunInstance", -amount, "", text, step="once", public_rate=Decimal(0))
    scope = Scope("service", f"{account.id}/{SAGEMAKER.code}")
    _once(world, account, meter.in_region(world.home), start, end, scope, region=world.home, **options)


def _credit(world: World, start: datetime, end: datetime, amount: Decimal) -> None:
    """Credit a start-up."""
    _give_back(world, "g5.xlarge", amount, "AWS Activate credit", start, end, line_item_type="Credit")


def _refund(world: World, at: datetime, amount: Decimal) -> None:
    """Refund usage of an earlier month, which shows up in this month's bill."""
    text = "Refund for endpoint hours billed in error"
    _give_back(world, "m5.xlarge", amount, text, at, at + DAY, line_item_type="Refund", bill_type="Refund")


def _marketplace_fee(world: World, start: datetime) -> None:
    """Pay for software of a third party that has nothing to do with machine learning."""
    fee, text = Decimal("1850.00"), "AWS Marketplace contract, monthly instalment"
    world.ledger.add(
        Line(
            meter=Meter(OBSERVABILITY, "MP:ObservabilityPro-Contract", "", fee, "Units", text, step="once"),
            account_id=world.organisation.account("web").id,
            region="",
            resource_id="",
            start=start,
            end=start + DAY,
            quantity=Decimal(1),
            shares=(Share(Owner(is_ml=False)),),
            kind=NON_ML,
            line_item_type="Fee",
            bill_type="Purchase",
            extra={
                "bill_billing_entity": "AWS Marketplace",
                "line_item_legal_entity": "Observability Pro Ltd",
            },
        )
    )
