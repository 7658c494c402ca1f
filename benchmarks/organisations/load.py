"""Makes an installation of an organisation written blind: `python -m benchmarks.organisations.load bank DIR`.

DIR/org is what the platform gets (mlcost.yaml, a CUR 2.0 export, a landing zone), DIR/truth what is right
(truth.parquet, meta.json). README.md describes what is read.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from benchmarks.organisations.organisation import Organisation
from benchmarks.organisations.template import days_of, digest, filled
from benchmarks.organisations.truth import Charge, truth_of
from benchmarks.organisations.write import write_installation

HERE = Path(__file__).parent
ORGANISATIONS = sorted(one.parent.name for one in HERE.glob("*/organisation.yaml"))

_ROW = {
    "type", "days", "account", "region", "service", "usage", "operation", "resource", "cost", "effective", "amount",
    "tags", "categories", "principal", "split_of", "description", "owner", "owners", "pooled",
}  # fmt: skip
_BLOCK = {"kind", "expert", "for", "records", "bill", "owner", "owners", "pooled"}
_WHOSE = ("owner", "owners", "pooled")


def load(folder: Path) -> Organisation:
    """Reads the YAML files of a folder. Raises ValueError, with the block's kind, for what does not fit together."""
    about = _read(folder / "organisation.yaml")
    names = {called: number for number, called in about["accounts"].items()}
    for called, value in about.get("names", {}).items():
        names[called] = filled(value, names)
    days = [day for month in about["months"] for day in _days_in(month)]
    aliases = about.get("aliases", {})
    read = Organisation(folder.name, about["payer"], about["region"], about["accounts"], aliases, days, names)
    owners: list[tuple[Charge, Any]] = []
    _add(read, {"kind": "organisation", "expert": about["company"], "records": about.get("records", [])}, owners)
    for path in sorted(folder.glob("*.yaml")):
        for block in [] if path.name == "organisation.yaml" else _read(path):
            try:
                _add(read, block, owners)
            except (ValueError, KeyError, IndexError, TypeError) as error:
                raise ValueError(f"{path.name}, {block.get('kind')}: {error!r}") from error
    read.charges, fees = _with_commitments(read.charges)
    read.truth = truth_of([(fees.get(id(charge), charge), whose) for charge, whose in owners], days)
    return read


def _add(read: Organisation, block: dict[str, Any], owners: list[tuple[Charge, Any]]) -> None:
    """Adds a block's records and charges, and to `owners` whose each charge is; a split-cost row is nobody's."""
    strange = set(block) - _BLOCK | {key for row in block.get("bill", []) for key in set(row) - _ROW}
    if strange or block["kind"] in read.experts:
        raise ValueError(f"unknown key {', '.join(sorted(strange))}" if strange else "a second block of this kind")
    read.experts[block["kind"]] = block["expert"]
    for turn in block.get("for", [{}]):
        names = read.names | {key: filled(value, read.names) for key, value in turn.items()}
        names["turn"] = str(next(iter(turn.values()), ""))
        read.records += [one for record in block.get("records", []) for one in _records(record, names, read.days)]
        for row in block.get("bill", []):
            teller = row if any(key in row for key in _WHOSE) else block
            whose = filled({key: teller[key] for key in _WHOSE if key in teller}, names)
            charges = list(_charges(block["kind"], {"region": read.region} | row, names, read.days))
            read.charges += charges
            if "split_of" not in row:
                owners += [(charge, whose) for charge in charges]


class _Plain(yaml.CSafeLoader):
    """YAML in which dates, times, 12:30, yes and no are texts, as they are in JSON."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, known) for tag, known in resolvers if tag.rpartition(":")[2] in ("float", "null")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("-?(0|[1-9][0-9]*)$"), list("-0123456789"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true$|false$"), list("tf"))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Plain)  # noqa: S506, it is a safe loader


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


def main() -> None:
    """Writes one organisation's installation and truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("organisation", help=f"a folder, or one of {', '.join(ORGANISATIONS)}")
    parser.add_argument("into", type=Path)
    asked = parser.parse_args()
    read = load(HERE / asked.organisation if asked.organisation in ORGANISATIONS else Path(asked.organisation))
    write_installation(read, asked.into)
    total = sum(effective for _, _, effective, _ in read.truth)
    size = f"{len(read.charges)} rows, {len(read.records)} records, {len(read.experts) - 1} kinds"
    print(f"{read.name}: {size}, {total:,.2f} USD")


if __name__ == "__main__":
    main()
