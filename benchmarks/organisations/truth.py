"""Whose each charge of an organisation is: owners with their shares, and pooled charges by what they follow."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.organisations.template import days_of

Owner = tuple[bool, str | None, str | None, str | None, str | None, str | None]
"""is_ml, model, team, project, environment, stage."""

_OWNER = {"ml", "model", "team", "project", "environment", "stage", "share", "days"}


@dataclass(frozen=True)
class Charge:
    """One row of the bill: a day of one thing. Of a split-cost row, `cost` is what AWS says is the pod's part."""

    kind: str
    day: date
    type: str
    account: str
    row: dict[str, Any]
    cost: Decimal
    effective: Decimal

    @property
    def billed(self) -> Decimal:
        return Decimal(0) if self.type in ("SavingsPlanCoveredUsage", "SavingsPlanNegation") else self.cost

    @property
    def period(self) -> str:
        return f"{self.day:%Y-%m}"


Part = tuple[Charge, Owner, Decimal, Decimal]
"""What one owner pays of a charge, effective and billed."""


def truth_of(owners: list[tuple[Charge, Any]], whole: list[date]) -> list[Part]:
    """Charges with their owners and what each pays; pooled ones after those that they follow."""
    alone = [(charge, whose) for charge, whose in owners if "pooled" not in whose]
    direct = [part for charge, whose in alone for part in _parts(charge, _shares(charge, whose, whole))]
    truth, found = list(direct), dict[Any, dict[Owner, Decimal]]()
    for charge, over in ((charge, whose["pooled"]) for charge, whose in owners if "pooled" in whose):
        scope = (charge.period, repr(over), _scope(charge, over))
        if scope not in found:
            found[scope] = defaultdict(Decimal)
            for one, owner, effective, _ in direct:
                inside = one.kind in over if isinstance(over, list) else _scope(one, over) == _scope(charge, over)
                if inside and one.period == charge.period and effective > 0:
                    found[scope][owner] += effective
        if not found[scope]:
            raise ValueError(f"{charge.kind}: nothing to divide it by in {charge.period}")
        truth += _parts(charge, found[scope])
    return truth


def _scope(charge: Charge, over: Any) -> tuple[str, ...]:
    if isinstance(over, list) or over == "organisation":
        return ()
    return (charge.account,) if over == "account" else (charge.account, charge.row["service"])


def _shares(charge: Charge, whose: dict[str, Any], whole: list[date]) -> dict[Owner, Decimal]:
    entries = whose.get("owners") or [whose["owner"]]
    shares: dict[Owner, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if set(entry) - _OWNER:
            raise ValueError(f"{charge.kind}: unknown key {', '.join(sorted(set(entry) - _OWNER))} of an owner")
        if charge.day in days_of(entry.get("days", ""), whole):
            ml = bool(entry.get("ml", True))
            free = "*" if ml else None
            values = (entry.get(key, free) for key in ("model", "team", "project", "environment", "stage"))
            shares[(ml, *values)] += Decimal(str(entry.get("share", 1)))
    if sum(shares.values()) != 1:
        raise ValueError(f"{charge.kind}: the shares on {charge.day} sum to {sum(shares.values())}, not to 1")
    return shares


def _parts(charge: Charge, weights: dict[Owner, Decimal]) -> list[Part]:
    """Each owner's part to ten decimals; the first one takes what rounding leaves."""
    total, parts = sum(weights.values()), list[Part]()
    effective, billed = charge.effective, charge.billed
    for owner, weight in [*weights.items()][1:]:
        part = round(charge.effective * weight / total, 10), round(charge.billed * weight / total, 10)
        effective, billed = effective - part[0], billed - part[1]
        parts.append((charge, owner, *part))
    return [(charge, next(iter(weights)), effective, billed), *parts]
