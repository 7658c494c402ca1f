"""Everything that is known of the dollars of one resource, or of one row's evidence, read from the published tables."""

from dataclasses import dataclass
from typing import Any

from mlcost_assets.billing.bill_ends import BillEnd, bill_ends
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import Readable
from mlcost_assets.lake.sql import as_dicts, read_sql
from mlcost_assets.lineage.neighbourhood import near_things

Rows = list[dict[str, Any]]

_PARTS = ("lives", "costs", "evidence", "edges", "tags", "lost")


@dataclass(frozen=True)
class Explained:
    """One resource: what it is, what it cost and for whom, why, and what it is related to.

    `tags`: seen_in (bill, resource), tag_key, tag_value, dimension, first_day, last_day (None: still).
    `lost`: dimension, losing_value, losing_statement, losing_whose (itself, a related resource, what it is spent for,
    its account), losing_sources, winning_value, winning_statement, why, valid_from, valid_to; its own tags first.
    `bills`: how far the bill of each month goes in which it cost anything.
    Of an evidence_id, on rows of several resources or of none, `resource_id` is that, and only costs and evidence are
    known.
    """

    resource_id: str
    resource_key: str | None
    lives: Rows
    costs: Rows
    evidence: Rows
    edges: Rows
    tags: Rows
    lost: Rows
    bills: list[BillEnd]


def explain_resource(reader: Readable, named: str, period: str | None = None) -> Explained:
    """What is known of the resource that `named` says (as billed, its key, or the end of either), or of the rows of
    attributed_costs whose evidence_id it is.

    Raises ConfigError for a period that is not published, MlcostError when nothing is called so, or several things are.
    """
    refuse_unpublished(period, published_periods(reader))
    found = _rows(reader, read_sql(__file__, "explain_named"), {"named": named})
    if not found:
        raise MlcostError(
            f"No resource is called {named!r}, neither in the bill nor in metadata, and no evidence_id."
            f" {_near(reader, named)}"
        )
    if len(found) > 1:
        some = ", ".join(str(row["resource_id"]) for row in found[:4])
        raise MlcostError(
            f"{len(found)} resources are called {named!r}: {some}{', …' if len(found) > 4 else ''}. Give the whole id."
        )
    resource_id, resource_key = found[0]["resource_id"], found[0]["resource_key"]
    given = {"resource_key": resource_key, "evidence_id": found[0]["evidence_id"], "period": period}
    parts = {part: _rows(reader, read_sql(__file__, f"explain_{part}"), given) for part in _PARTS}
    months = sorted({row["billing_period"] for row in parts["costs"]})
    return Explained(resource_id, resource_key, **parts, bills=list(bill_ends(reader.connection(), months).values()))


def _near(reader: Readable, named: str) -> str:
    near = _rows(reader, read_sql(__file__, "explain_near"), {"named": named})
    models = [f"mlcost explain --model {row['model']}" for row in near]
    resources = near_things(reader, named)
    said = (f"For the model: {' or '.join(models)}." if models else "", f"Near it: {', '.join(resources)}.")
    return " ".join(said[: 2 if resources else 1])


def _rows(reader: Readable, statement: str, given: dict[str, Any]) -> Rows:
    return as_dicts(reader.query(statement, given))
