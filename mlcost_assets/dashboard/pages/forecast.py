"""What the next days are expected to cost, with the interval and the error of the backtest."""

from pathlib import Path

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Row, Source
from mlcost_assets.dashboard.view import part
from mlcost_assets.forecasting import plot

PATH, MENU = "/forecast", "Forecast"


def page(asked: Asked) -> Page:
    """The organisation's series drawn, and each team's and model's sum."""

    def whose(row: Row) -> str | None:
        return asked.link(f"/{row['scope']}s/{part(row['name'])}") if row["scope"] in ("team", "model") else None

    forecasts = Source(
        "Expected ML spend",
        statement(__file__, "forecast"),
        {},
        links={"name": whose, "expected": whose},
        note="Estimates. A backtest error of 0.1 was 10 % of the cost; there is none where the series is too short.",
        empty="No forecast yet: a series needs 14 days of bills.",
        summed=(),  # the organisation holds the others
    )
    return Page(
        "Forecast",
        "What will the next days cost?",
        tables=[forecasts],
        picture=_picture(asked),
        picture_title="ML spend a day, and what is expected",
        of_month=False,
    )


def _picture(asked: Asked) -> str:
    past, future = (
        [tuple(row.values()) for row in asked.version.ask(_beside(f"plotted_{one}")).rows] for one in ("past", "future")
    )
    return plot.svg(sorted(past), sorted(future)) if future else ""


def _beside(name: str) -> str:
    """A statement of forecasting, the same that draws the picture in Dagster."""
    return Path(plot.__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
