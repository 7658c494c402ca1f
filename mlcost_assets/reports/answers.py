"""The reports that `mlcost report` prints: a question each, answered by one SELECT over the published tables.

A room of `reports/` describes its own in `report.yaml`: the question, the statement beside it, by what it can be
narrowed, and what it assumes; for the dashboard also which columns add up, what is drawn, and what goes on from it.
Statements read `$periods` (a list of 'YYYY-MM') and one parameter for each filter, NULL where it was not given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import duckdb

from mlcost_assets.errors import ConfigError, UnknownNameError
from mlcost_assets.lake.periods import known_periods, published_period, published_periods
from mlcost_assets.lake.reader import LakeReader, Readable
from mlcost_assets.packaged import read_yaml

DIMENSIONS = ("model", "team", "environment", "project", "experiment", "agent")


@dataclass(frozen=True)
class Report:
    """One report. `filters`: the dimensions by which it can be narrowed. `assumes`: sentences, printed beneath it.

    For pages: `summed` are the columns whose rows add up (None: all of money), `drawn` is an amount and by what bars
    draw it, `beside` the reports that go on where this one ends; one that does not `span` months
    stands as of the last refresh.
    """

    name: str
    question: str
    statement: Path
    filters: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    summed: tuple[str, ...] | None = None
    drawn: tuple[str, str] | None = None
    beside: tuple[str, ...] = ()
    spans: bool = True


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
            tuple((entry["summed"] or "").split()) if "summed" in entry else None,
            _drawn(entry.get("drawn")),
            tuple((entry.get("beside") or "").split()),
            entry.get("spans", True),
        )
        for file in Path(__file__).parent.rglob("report.yaml")
        for name, entry in read_yaml(file).items()
    }
    return dict(sorted(found.items()))


def _drawn(text: str | None) -> tuple[str, str] | None:
    """`cost by team` as its two columns."""
    amount, _, by = (text or "").partition(" by ")
    return (amount, by) if by else None


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
    """The rows of `report` for `periods`. Raises UnknownNameError for a name that owns nothing."""
    for dimension, name in narrowed.items():
        if name is not None and dimension in DIMENSIONS:
            refuse_unknown(reader, dimension, name)
    return reader.query(report.statement.read_text(encoding="utf-8"), {"periods": list(periods), **narrowed})


def refuse_unknown(reader: Readable, dimension: str, name: str) -> None:
    """Raises UnknownNameError where no published charge has `name` as its `dimension`, with the names nearest to it."""
    rows = reader.query(f"SELECT DISTINCT {dimension} FROM attributed_costs WHERE {dimension} IS NOT NULL").fetchall()
    known = {value.lower(): value for (value,) in rows}
    if name in known.values():
        return
    begun = [one for one in known if len(name) > 2 and one.startswith(name.lower())]
    near = [known[one] for one in dict.fromkeys([*begun, *get_close_matches(name.lower(), known)])][:3]
    raise UnknownNameError(f"No charge has the {dimension} {name!r}.", near)
