"""What changed between two refreshes: whose the dollars are, and because of which evidence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from mlcost_assets.attribution.explain.explain import Rows
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql

_READABLE = """
    FROM refreshes SEMI JOIN ducklake_snapshots('lake') AS kept ON kept.snapshot_id = refreshes.snapshot
    ORDER BY snapshot
"""


@dataclass(frozen=True)
class Difference:
    """`before`, `after`: the refreshes (rows of `refreshes`).

    `totals`: billing_period, billing_currency, effective cost of the bill and of what has a model, before and after.
    `changes`: billing_period, change (changed hands, came with the bill, left the bill), differs (dimension, before,
    after), because_before, because_after, sources_after, model and team before and after, resources, largest_resource,
    services, effective_cost, billing_currency. The changes of an owner sum to the difference of its cost, and all that
    came and left to that of the bill.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    totals: Rows
    changes: Rows


def compare_refreshes(
    reader: LakeReader, before: int | date | None = None, after: int | date | None = None, period: str | None = None
) -> Difference:
    """The difference between two refreshes; where not given, between the last and the one before.

    `before` and `after` are snapshots, or days (UTC) of which the last refresh by their end is taken. Raises
    MlcostError when there is no such refresh, its version was removed (after 30 days), or both are one, and ConfigError
    for a period that neither has.
    """
    known = as_dicts(reader.query(_READABLE))
    last = _refresh(known, after) if after is not None else known[-1]
    earlier = [one for one in known if one["snapshot"] < last["snapshot"]]
    if before is None and not earlier:
        raise MlcostError("There is only one refresh to look at: nothing to compare it with.")
    first = _refresh(known, before) if before is not None else earlier[-1]
    if first["snapshot"] == last["snapshot"] and (isinstance(before, date) or isinstance(after, date)):
        raise MlcostError(f"Both are refresh {_named(first)}: nothing was published between them. {_newest(known)}")
    given = {"before": first["snapshot"], "after": last["snapshot"], "period": period}
    totals, changes = (as_dicts(reader.query(read_sql(__file__, name), given)) for name in ("diff_totals", "diff"))
    if not totals:
        refuse_unpublished(period, published_periods(reader))
    return Difference(first, last, totals, changes)


def _refresh(known: Rows, asked: int | date) -> dict[str, Any]:
    if isinstance(asked, date):
        found = [one for one in known if one["published_at"].date() <= asked]
    else:
        found = [one for one in known if one["snapshot"] == asked]
    if found:
        return found[-1]
    named = f"of {asked} or before" if isinstance(asked, date) else str(asked)
    raise MlcostError(f"No refresh {named} can be read; versions are kept for 30 days. {_newest(known)}")


def _newest(known: Rows) -> str:
    return f"The newest: {', '.join(map(_named, known[-5:]))}. `mlcost query 'FROM refreshes'` lists all."


def _named(one: dict[str, Any]) -> str:
    return f"{one['snapshot']} ({one['published_at']:%Y-%m-%d %H:%M})"
