"""Lines that follow from others: what savings plans take back, and what commitments cost."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from mlcost_assets.demo.clock import HOUR, Window
from mlcost_assets.demo.money.ledger import COMMITMENT, Ledger, Line, Scope
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.truth.owners import Owner

NEGATION = "SavingsPlanNegation"
# Rows of these lines are made from rows of others.
DERIVED = "derived"
_NONE = Decimal(0)
_COMMITMENT = Owner(stage="commitment")


def negations(ledger: Ledger) -> list[Line]:
    """Make one negation line for each savings plan, account and usage type it covers."""
    found: dict[tuple[str, str, str], Line] = {}
    for line in ledger.lines:
        if line.covered_by in ledger.savings_plans:
            found.setdefault((line.covered_by, line.account_id, line.meter.usage_type), line)
    return [
        Line(
            meter=replace(
                line.meter,
                step=DERIVED,
                public_rate=None,
                description=f"{NEGATION} used by AccountId : {line.account_id} and UsageSku : {line.meter.usage_type}",
            ),
            account_id=line.account_id,
            region=line.region,
            resource_id="",
            start=line.start,
            end=line.end,
            quantity=_NONE,
            shares=(),
            kind=COMMITMENT,
            line_item_type=NEGATION,
            covered_by=line.covered_by,
            scope=Scope("nobody"),
            pool_owner=_COMMITMENT,
        )
        for line in found.values()
    ]


def fees(ledger: Ledger, window: Window) -> list[Line]:
    """Make the fee lines: one for each savings plan, one a month for each reservation."""
    return [*_plan_fees(ledger, window), *_reservation_fees(ledger, window)]


def _plan_fees(ledger: Ledger, window: Window) -> Iterator[Line]:
    for arn, plan in ledger.savings_plans.items():
        text = f"1 year {plan.payment} {plan.offering}"
        yield Line(
            meter=Meter(plan.product, plan.usage_type, "", _NONE, description=text, step=DERIVED),
            account_id=plan.account_id,
            region="",
            resource_id=arn,
            start=window.start,
            end=window.end,
            quantity=_NONE,
            shares=(),
            kind=COMMITMENT,
            line_item_type="SavingsPlanRecurringFee",
            covered_by=arn,
            scope=Scope("commitment", arn),
            pool_owner=_COMMITMENT,
        )


def _reservation_fees(ledger: Ledger, window: Window) -> Iterator[Line]:
    for arn, reservation in ledger.reservations.items():
        covered = next(line for line in ledger.lines if line.covered_by == arn)
        meter = Meter(
            covered.meter.product,
            covered.meter.usage_type.replace("BoxUsage", "HeavyUsage"),
            covered.meter.operation,
            reservation.recurring,
            description=f"USD {reservation.recurring} hourly fee per Linux/UNIX (Amazon VPC), "
            f"{reservation.instance_type} instance",
            step=DERIVED,
            instance_type=reservation.instance_type,
        )
        for start, end in window.months():
            yield Line(
                meter=meter,
                account_id=reservation.account_id,
                region=reservation.region,
                resource_id="",
                start=start,
                end=end,
                quantity=Decimal(reservation.count * ((end - start) // HOUR)),
                shares=(),
                kind=COMMITMENT,
                line_item_type="RIFee",
                covered_by=arn,
                covered_rate=reservation.hourly,
                scope=Scope("commitment", arn),
                pool_owner=_COMMITMENT,
            )
