"""The lineage asset: every service's edges together."""

import dagster as dg

from mlcost_assets.lineage.edges import make_edges
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described


@dg.asset(**described("lineage_edges"))
def lineage_edges(lake: LakeResource) -> dg.MaterializeResult:
    """Makes the edges of all services anew from the history."""
    make_edges(lake.writer)
    lake.hold("lineage_edges")
    by_relation = lake.connection.execute(
        "SELECT relation, count(*) FROM lineage_edges GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    shown = {"edges_by_relation": dg.MetadataValue.json(dict(by_relation))}
    return dg.MaterializeResult(metadata=figures(lake, "lineage_edges") | shown)
