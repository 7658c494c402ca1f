"""The jobs that everything starts: sensors, schedules, the command line and the UI."""

import dagster as dg

_collected = dg.AssetSelection.assets("metadata_snapshot")

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - _collected,
    description="Brings every table up to date with what the exports and the landing zone hold, and publishes it.",
    executor_def=dg.in_process_executor,
)

collect = dg.define_asset_job(
    "collect",
    selection=_collected,
    description="Asks the configured accounts what exists now and lands it; the sensor new_metadata goes on.",
    executor_def=dg.in_process_executor,
)
