"""The Dagster code location: assets, checks, jobs, sensors and schedules. No I/O happens at import."""

import warnings

import dagster as dg

# `backfill_policy` is beta in 1.13 and warns once an asset; all of ours use it on purpose.
warnings.filterwarnings("ignore", message=".*backfill_policy.*", category=dg.BetaWarning)

from mlcost_assets.attribution import assets as attribution  # noqa: E402
from mlcost_assets.automation import alerts, jobs, schedules, sensors  # noqa: E402
from mlcost_assets.automation.progress import progress_logger  # noqa: E402
from mlcost_assets.billing import assets as billing  # noqa: E402
from mlcost_assets.collect import assets as collect  # noqa: E402
from mlcost_assets.forecasting import assets as forecasting  # noqa: E402
from mlcost_assets.lineage import assets as lineage  # noqa: E402
from mlcost_assets.metadata import assets as metadata  # noqa: E402
from mlcost_assets.quality import assets as quality  # noqa: E402
from mlcost_assets.reports import assets as reports  # noqa: E402
from mlcost_assets.reports.chargeback import assets as chargeback  # noqa: E402
from mlcost_assets.reports.commitments import assets as commitments  # noqa: E402
from mlcost_assets.reports.drivers import assets as drivers  # noqa: E402
from mlcost_assets.reports.estimates import assets as estimates  # noqa: E402
from mlcost_assets.reports.experiments import assets as experiments  # noqa: E402
from mlcost_assets.reports.gpu import assets as gpu  # noqa: E402
from mlcost_assets.reports.idle import assets as idle  # noqa: E402
from mlcost_assets.reports.live import assets as live  # noqa: E402
from mlcost_assets.reports.units import assets as units  # noqa: E402
from mlcost_assets.reports.whatif import assets as whatif  # noqa: E402
from mlcost_assets.runtime.lake import LakeResource  # noqa: E402
from mlcost_assets.tags import assets as tags  # noqa: E402

# In the order in which data flows.
_REPORTS = [reports, units, estimates, experiments, drivers, gpu, idle, commitments, chargeback, live, whatif]
_DOMAINS = [collect, billing, metadata, lineage, tags, attribution, *_REPORTS, forecasting, quality]

defs = dg.Definitions(
    assets=dg.load_assets_from_modules(_DOMAINS, include_specs=True),
    jobs=[jobs.refresh, jobs.collect],
    schedules=[schedules.daily_refresh, schedules.daily_collection],
    sensors=[
        sensors.new_billing_drops,
        sensors.new_metadata,
        sensors.abandoned_runs,
        sensors.old_runs,
        alerts.tell_failed_checks,
        alerts.tell_failed_runs,
    ],
    resources={"lake": LakeResource()},
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "progress": progress_logger},
)
