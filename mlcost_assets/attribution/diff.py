"""What changed between two refreshes: whose the dollars are, and because of which evidence."""

from dataclasses import dataclass
from typing import Any

from mlcost_assets.attribution.explain import Rows
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
    reader: LakeReader, before: int | None = None, after: int | None = None, period: str | None = None
) -> Difference:
    """The difference between two refreshes, by their snapshots; where not given, between the last and the one before.

    Raises MlcostError when there is no such refresh, or its version was removed (after 30 days), and ConfigError for a
    period that neither has.
    """
    known = as_dicts(reader.query(_READABLE))
    last = _refresh(known, after) if after is not None else known[-1]
    earlier = [one for one in known if one["snapshot"] < last["snapshot"]]
    if before is None and not earlier:
        raise MlcostError("There is only one refresh to look at: nothing to compare it with.")
    first = _refresh(known, before) if before is not None else earlier[-1]
    given = {"before": first["snapshot"], "after": last["snapshot"], "period": period}
    totals, changes = (as_dicts(reader.query(read_sql(__file__, name), given)) for name in ("diff_totals", "diff"))
    if not totals:
        refuse_unpublished(period, published_periods(reader))
    return Difference(first, last, totals, changes)


def _refresh(known: Rows, snapshot: int) -> dict[str, Any]:
    for one in known:
        if one["snapshot"] == snapshot:
            return one
    newest = ", ".join(f"{one['snapshot']} ({one['published_at']:%Y-%m-%d %H:%M})" for one in known[-5:])
    raise MlcostError(
        f"No refresh {snapshot} can be read; versions are kept for 30 days. The newest: {newest}."
        " `mlcost query 'FROM refreshes'` lists all."
    )
