"""Makes an installation of an organisation written blind: `python -m benchmarks.organisations.load bank DIR`.

DIR/org is what the platform gets (mlcost.yaml, a CUR 2.0 export, a landing zone), DIR/truth what is right
(truth.parquet, meta.json). README.md describes what is read.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from benchmarks.organisations.template import days_of, digest, filled
from benchmarks.organisations.write import write_installation

HERE = Path(__file__).parent
ORGANISATIONS = sorted(one.parent.name for one in HERE.glob("*/organisation.yaml"))

Owner = tuple[bool, str | None, str | None, str | None, str | None, str | None]
"""is_ml, model, team, project, environment, stage."""

_ROW = {
    "type", "days", "account", "region", "service", "product", "usage", "operation", "resource", "cost", "effective",
    "amount", "tags", "categories", "principal", "split_of", "description", "owner", "owners", "pooled",
}  # fmt: skip
_BLOCK = {"kind", "expert", "for", "records", "bill", "owner", "owners", "pooled"}
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
        return Decimal(0) if self.type == "SavingsPlanCoveredUsage" else self.cost

    @property
    def period(self) -> str:
        return f"{self.day:%Y-%m}"


Part = tuple[Charge, Owner, Decimal, Decimal]
"""What one owner pays of a charge, effective and billed."""


@dataclass
class Organisation:
    """What the files of one organisation say, with every day and every turn of a `for` written out."""

    name: str
    payer: str
    accounts: dict[str, str]
    aliases: dict[str, dict[str, list[str]]]
    charges: list[Charge] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    truth: list[Part] = field(default_factory=list)
    experts: dict[str, str] = field(default_factory=dict)


def load(name: str) -> Organisation:
    """Reads `<name>/*.yaml`. Raises ValueError, with the block's kind, for what does not fit together."""
    about = _read(HERE / name / "organisation.yaml")
    whole = [day for month in about["months"] for day in _days_in(month)]
    read = Organisation(name, str(about["payer"]), about["accounts"], about.get("aliases", {}))
    names = {called: number for number, called in about["accounts"].items()}
    for called, value in about.get("names", {}).items():
        names[called] = filled(value, names)
    defaults = {"region": about["region"]}
    owners: list[tuple[Charge, Any]] = []
    blocks = [about | {"kind": "organisation", "expert": about["company"]}]
    for path in sorted((HERE / name).glob("*.yaml")):
        if path.name != "organisation.yaml":
            blocks += _checked(path, _read(path))
    for block in blocks:
        if block["kind"] in read.experts:
            raise ValueError(f"{name}: two blocks are of the kind {block['kind']}")
        read.experts[block["kind"]] = block["expert"]
        try:
            for turn in block.get("for", [{}]):
                called = names | {key: filled(value, names) for key, value in turn.items()}
                called["turn"] = str(next(iter(turn.values()), ""))
                read.records += [one for record in block.get("records", []) for one in _records(record, called, whole)]
                for row in block.get("bill", []):
                    whose = {key: row.get(key, block.get(key)) for key in ("owner", "owners", "pooled")}
                    told = [key for key in whose if key in row] or [key for key in whose if key in block]
                    for charge in _charges(block["kind"], defaults | row, called, whole):
                        read.charges.append(charge)
                        owners.append((charge, filled({told[0]: whose[told[0]]}, called)))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise ValueError(f"{name}, {block['kind']}: {error!r}") from error
    read.charges, changed = _with_commitments(read.charges)
    owners = [(changed.get(id(charge), charge), whose) for charge, whose in owners if not charge.row.get("split_of")]
    read.truth = _truth(owners, whole)
    return read


class _Plain(yaml.CSafeLoader):
    """YAML in which dates, times and 12:30 are texts, as they are in JSON."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, known) for tag, known in resolvers if tag.rpartition(":")[2] in ("bool", "float", "null", "merge")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("-?(0|[1-9][0-9]*)$"), list("-0123456789"))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Plain)  # noqa: S506, it is a safe loader


def _checked(path: Path, blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        strange = set(block) - _BLOCK | {key for row in block.get("bill", []) for key in set(row) - _ROW}
        if strange:
            raise ValueError(f"{path.name}, {block.get('kind')}: unknown key {', '.join(sorted(strange))}")
        yield block


def _days_in(month: str) -> Iterator[date]:
    day = date.fromisoformat(f"{month}-01")
    while f"{day:%Y-%m}" == month:
        yield day
        day += timedelta(1)


def _records(record: dict[str, Any], names: dict[str, str], whole: list[date]) -> Iterator[dict[str, Any]]:
    """A record, or one for each day of its `each`; account and region are the ARN's where they are not given."""
    each = "each" in record
    for day in days_of(filled(record["each"], names), whole) if each else [whole[0]]:
        one = filled(record, names, day)
        arn = [*one["id"].split(":"), "", "", "", "", ""] if one["id"].startswith("arn:") else [""] * 6
        yield {
            "collected_at": one.get("at", f"{day + timedelta(1 if each else 0)}T06:00:00Z"),
            "account_id": str(one.get("account", arn[4])),
            "region": one.get("region", arn[3]),
            "kind": one["kind"],
            "id": one["id"],
            "tags": one.get("tags", {}),
            "body": one["body"],
        }


def _charges(kind: str, row: dict[str, Any], names: dict[str, str], whole: list[date]) -> Iterator[Charge]:
    """A day's cost is the given one, varied by up to 8 % as the resource and the day decide (usage only)."""
    for day in days_of(filled(row.get("days", ""), names), whole):
        one = filled(row, names, day)
        given, of_effective = (Decimal(str(one.get(key, one["cost"]))) for key in ("cost", "effective"))
        thing = one.get("split_of") or one.get("resource", "")
        usage = one.get("type", "Usage") in ("Usage", "SavingsPlanCoveredUsage")
        factor = Decimal(920 + int(digest(thing, day)[:6], 16) % 161) / 1000 if usage else Decimal(1)
        cost, effective = (round(amount * factor, 6) for amount in (given, of_effective))
        yield Charge(kind, day, one.get("type", "Usage"), str(one["account"]), one, cost, effective)


def _with_commitments(charges: list[Charge]) -> tuple[list[Charge], dict[int, Charge]]:
    """Charges with a negation beside what a savings plan covers; a fee's effective cost is what it left unused."""
    used: dict[date, Decimal] = defaultdict(Decimal)
    for one in charges:
        if one.type == "SavingsPlanCoveredUsage":
            used[one.day] += one.effective
    fees: dict[int, Charge] = {}
    for one in charges:
        if one.type == "SavingsPlanRecurringFee":
            fees[id(one)] = replace(one, effective=one.cost - used[one.day])
            if one.cost < used[one.day]:
                raise ValueError(f"{one.kind}: the fee is less than the {used[one.day]} that it covers on {one.day}")
    written = []
    for one in charges:
        written.append(fees.get(id(one), one))
        if one.type == "SavingsPlanCoveredUsage":
            written.append(replace(one, type="SavingsPlanNegation", cost=-one.cost, effective=Decimal(0)))
    return written, fees


def _truth(owners: list[tuple[Charge, Any]], whole: list[date]) -> list[Part]:
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
            shares[(ml, *values)] += Decimal(str(entry.get("share", 1)))  # type: ignore[index]
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


def main() -> None:
    """Writes one organisation's installation and truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=ORGANISATIONS)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    read = load(asked.name)
    write_installation(read, asked.folder)
    total = sum(effective for _, _, effective, _ in read.truth)
    size = f"{len(read.charges)} rows, {len(read.records)} records, {len(read.experts) - 1} kinds"
    print(f"{asked.name}: {size}, {total:,.2f} USD")


if __name__ == "__main__":
    main()
