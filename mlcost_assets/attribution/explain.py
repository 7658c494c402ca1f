"""Everything that is known of the dollars of one resource, or of one row's evidence, read from the published tables."""

from dataclasses import dataclass
from typing import Any

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Explained:
    """One resource: what it is, what it cost and for whom, why, and what it is related to.

    Of an evidence_id, on rows of several resources or of none, `resource_id` is that, and only costs and evidence are
    known.
    """

    resource_id: str
    resource_key: str | None
    lives: Rows
    costs: Rows
    evidence: Rows
    edges: Rows


def explain_resource(reader: LakeReader, named: str, period: str | None = None) -> Explained:
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
    lives, costs, evidence, edges = (
        _rows(reader, read_sql(__file__, f"explain_{part}"), given) for part in ("lives", "costs", "evidence", "edges")
    )
    return Explained(resource_id, resource_key, lives, costs, evidence, edges)


def _near(reader: LakeReader, named: str) -> str:
    near = _rows(reader, read_sql(__file__, "explain_near"), {"named": named})
    return f"Near it: {', '.join(row['resource_key'] for row in near)}." if near else ""


def _rows(reader: LakeReader, statement: str, given: dict[str, Any]) -> Rows:
    return as_dicts(reader.query(statement, given))
