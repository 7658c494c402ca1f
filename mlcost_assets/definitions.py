"""The Dagster code location: assets, checks, jobs, sensors and schedules. No I/O happens at import."""

import dagster as dg

from mlcost_assets.attribution import assets as attribution
from mlcost_assets.automation.jobs import refresh
from mlcost_assets.billing import assets as billing
from mlcost_assets.lineage import assets as lineage
from mlcost_assets.metadata import assets as metadata
from mlcost_assets.quality import assets as quality
from mlcost_assets.reports import assets as reports
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.tags import assets as tags

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([billing, metadata, lineage, tags, attribution, reports, quality]),
    jobs=[refresh],
    resources={"lake": LakeResource()},
    executor=dg.in_process_executor,
)
