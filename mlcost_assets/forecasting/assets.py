"""The forecasting assets: the daily series, and their forecasts."""

import base64
import io
from typing import Any

import dagster as dg

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described, sql_table

_NONE = "FROM forecasts WHERE false"  # no series is long enough yet

daily_costs = sql_table("daily_costs", __file__, deps=["attributed_costs"])


@dg.asset(**described("forecasts"), deps=["daily_costs"])
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
            f"![the organisation's spend and its forecast](data:image/png;base64,{_plot(lake)})"
        )
    return dg.MaterializeResult(metadata=figures(lake, "forecasts") | shown)


def _plot(lake: LakeResource) -> str:
    """The organisation's series and its forecast as a small PNG, for the Dagster UI."""
    from matplotlib.figure import Figure

    past, future = (
        lake.connection.execute(f"FROM ({read_sql(__file__, name)}) ORDER BY 1").df()
        for name in ("plotted_past", "plotted_future")
    )
    figure = Figure(figsize=(7, 2.6), dpi=80, layout="constrained")
    axes = figure.add_subplot()
    axes.plot(past["charge_date"], past["cost"], linewidth=1.2, label="ML spend per day")
    axes.plot(future["forecast_date"], future["mean"], linewidth=1.2, linestyle="--", label="forecast")
    axes.fill_between(future["forecast_date"], future["low"], future["high"], alpha=0.2, label="80 % interval")
    axes.legend(fontsize=7, frameon=False)
    axes.tick_params(labelsize=7)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return base64.b64encode(picture.getvalue()).decode()
