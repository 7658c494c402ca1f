"""The forecasting assets: the daily series, and their forecasts."""

import base64
from typing import Any

import dagster as dg

from mlcost_assets.forecasting.plot import svg
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described, sql_table

_NONE = "FROM forecasts WHERE false"  # no series is long enough yet

daily_costs = sql_table("daily_costs")


@dg.asset(**described("forecasts"))
def forecasts(lake: LakeResource) -> dg.MaterializeResult:
    """Forecasts every series anew."""
    from mlcost_assets.forecasting.forecast import forecast

    series = lake.connection.execute(read_sql(__file__, "series")).df()
    future = forecast(series, lake.config.forecast.horizon_days)
    lake.connection.register("forecast_rows", future)
    with lake.writer.transaction():
        lake.writer.replace("forecasts", read_sql(__file__, "forecasts") if len(future) else _NONE)
    lake.connection.unregister("forecast_rows")
    shown: dict[str, Any] = {
        "series": int(series["unique_id"].nunique()),
        "methods": dg.MetadataValue.json(
            {str(method): int(count) for method, count in future.groupby("method")["unique_id"].nunique().items()}
        ),
    }
    if len(future):
        shown["plot"] = dg.MetadataValue.md(
            f"![the organisation's spend and its forecast](data:image/svg+xml;base64,{_plot(lake)})"
        )
    return dg.MaterializeResult(metadata=figures(lake, "forecasts") | shown)


def _plot(lake: LakeResource) -> str:
    """The organisation's series and its forecast as a picture in Base64."""
    past, future = (
        lake.connection.execute(f"FROM ({read_sql(__file__, name)}) ORDER BY 1").fetchall()
        for name in ("plotted_past", "plotted_future")
    )
    return base64.b64encode(svg(past, future).encode()).decode()
