"""The lineage asset: every service's edges together."""

from pathlib import Path

import dagster as dg

from mlcost_assets.runtime.column_lineage import column_lineage
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described, figures

# A service's edges are one SELECT in a file named as the service.
_SERVICES = sorted(Path(__file__).parent.glob("*.sql"))
_EDGES = "\nUNION ALL\n".join(f"({file.read_text(encoding='utf-8')})" for file in _SERVICES)


@dg.asset(**described("lineage_edges", sql=_EDGES), deps=["resource_history"])
def lineage_edges(lake: LakeResource) -> dg.MaterializeResult:
    """Makes the edges of all services anew from the history."""
    with lake.writer.transaction():
        lake.writer.replace("lineage_edges", _EDGES)
    by_relation = lake.connection.execute(
        "SELECT relation, count(*) FROM lineage_edges GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    shown = {"edges_by_relation": dg.MetadataValue.json(dict(by_relation))}
    return dg.MaterializeResult(
        metadata=figures(lake, "lineage_edges") | shown | column_lineage("lineage_edges", _EDGES)
    )
