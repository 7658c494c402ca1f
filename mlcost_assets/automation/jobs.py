"""The job that everything starts: sensors, the schedule, the command line and the UI."""

import dagster as dg

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Brings every table up to date with what the exports and the landing zone hold, and publishes it.",
    executor_def=dg.in_process_executor,
)
