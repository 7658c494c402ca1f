"""The reports that `mlcost report` prints: a question each, answered by one SELECT over the published tables.

A room of `reports/` describes its own in `report.yaml`: the question, the statement beside it, by what it can be
narrowed, and what it assumes. Statements read `$periods` (a list of 'YYYY-MM') and one parameter for each filter, NULL
where it was not given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import duckdb

from mlcost_assets.errors import ConfigError
from mlcost_assets.lake.periods import known_periods, published_period, published_periods
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.packaged import read_yaml

DIMENSIONS = ("model", "team", "environment", "project", "experiment", "agent")


@dataclass(frozen=True)
class Report:
    """One report. `filters`: the dimensions by which it can be narrowed. `assumes`: sentences, printed beneath it."""

    name: str
    question: str
    statement: Path
    filters: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()


@cache
def reports() -> dict[str, Report]:
    """Every report by its name, in alphabetical order."""
    found = {
        name: Report(
            name,
            " ".join(entry["question"].split()),
            file.parent / entry["statement"],
            tuple((entry.get("filters") or "").split()),
            tuple(" ".join(one.split()) for one in entry.get("assumes") or ()),
        )
        for file in Path(__file__).parent.rglob("report.yaml")
        for name, entry in read_yaml(file).items()
    }
    return dict(sorted(found.items()))


def months(reader: LakeReader, period: str | None, first: str | None, last: str | None) -> list[str]:
    """The published months that were asked for: `period`, or those from `first` to `last`, or the newest.

    Raises ConfigError for months that are not published, or both ways of asking.
    """
    if period and (first or last):
        raise ConfigError("Give --period, or --from and --to, not both.")
    if not first and not last:
        return [published_period(reader, period)]
    published = published_periods(reader)
    found = [one for one in published if (first or one) <= one <= (last or one)]
    if not found:
        asked = f"--from {first or '…'} --to {last or '…'}"
        raise ConfigError(
            f"{asked}: no such billing period is published; {known_periods(first or last or '', published)}"
        )
    return found


def answered(
    reader: LakeReader, report: Report, periods: Sequence[str], narrowed: Mapping[str, str | None]
) -> duckdb.DuckDBPyConnection:
    """The rows of `report` for `periods`. Raises ConfigError, with the nearest names, for one that owns nothing."""
    for dimension, name in narrowed.items():
        if name is not None and dimension in DIMENSIONS:
            refuse_unknown(reader, dimension, name)
    return reader.query(report.statement.read_text(encoding="utf-8"), {"periods": list(periods), **narrowed})


def refuse_unknown(reader: LakeReader, dimension: str, name: str) -> None:
    """Raises ConfigError where no published charge has `name` as its `dimension`, with the names nearest to it."""
    rows = reader.query(f"SELECT DISTINCT {dimension} FROM attributed_costs WHERE {dimension} IS NOT NULL").fetchall()
    known = {value.lower(): value for (value,) in rows}
    if name in known.values():
        return
    begun = [one for one in known if len(name) > 2 and one.startswith(name.lower())]
    near = [known[one] for one in dict.fromkeys([*begun, *get_close_matches(name.lower(), known)])][:3]
    offered = f" Near it: {', '.join(near)}." if near else ""
    raise ConfigError(f"No charge has the {dimension} {name!r}.{offered}")
