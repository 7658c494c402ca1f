"""The daily schedules: a metadata snapshot, and a refresh that evaluates the checks even when nothing is new."""

import dagster as dg

from mlcost_assets.automation.jobs import collect, refresh
from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.automation.unconfigured import skips_unconfigured
from mlcost_assets.collect.assets import NOBODY_TO_ASK
from mlcost_assets.config import load_config
from mlcost_assets.runtime.partitions import keep_periods, range_tags


@dg.schedule(
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Refreshes the newest billing month: late files, how fresh the bill is, tag compliance.",
)
@skips_unconfigured
def daily_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Refreshes the newest billing period at 06:00 UTC: late files, freshness, tag compliance."""
    periods = plan_refresh(load_config()).known_periods
    keep_periods(context.instance, periods)
    if not periods:
        return dg.SkipReason("no export has delivered a billing period yet")
    return dg.RunRequest(
        run_key=f"{context.scheduled_execution_time:%Y-%m-%d}", tags=range_tags(periods[-1], periods[-1])
    )


@dg.schedule(
    job=collect,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes a metadata snapshot where accounts or MLflow servers are configured.",
)
@skips_unconfigured
def daily_collection(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Takes a metadata snapshot at 05:00 UTC where accounts or MLflow servers are configured."""
    settings = load_config().metadata
    if settings is None or not settings.is_collected:
        return dg.SkipReason(NOBODY_TO_ASK)
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}")
