"""Daily series carried forward, with intervals and the error of a backtest."""

import math

import pandas as pd
import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.forecasting.forecast import COLUMNS, forecast
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World


def series(name: str, values: list[float]) -> pd.DataFrame:
    days = pd.date_range("2026-07-01", periods=len(values))
    return pd.DataFrame({"unique_id": name, "ds": days, "y": values})


def weekly(days: int) -> list[float]:
    return [100 + (20 if day % 7 < 5 else -40) + math.sin(day) for day in range(days)]


def test_a_weekly_pattern_is_carried_on() -> None:
    made = forecast(series("a", weekly(84)), 28)
    assert list(made.columns) == COLUMNS
    assert len(made) == 28
    assert made["backtest_error"].max() < 0.1
    expected = weekly(84 + 28)[84:]
    assert max(abs(mean - value) for mean, value in zip(made["mean"], expected, strict=True)) < 15


def test_intervals_lie_around_the_mean_and_the_wider_holds_the_narrower() -> None:
    made = forecast(pd.concat([series("a", weekly(84)), series("b", weekly(20))]), 14)
    assert set(made["unique_id"]) == {"a", "b"}
    for low, high in (("lower_95", "lower_80"), ("lower_80", "mean"), ("mean", "upper_80"), ("upper_80", "upper_95")):
        assert (made[low] <= made[high] + 1e-9).all()


def test_short_series_are_averaged_without_an_error_and_very_short_ones_not_at_all() -> None:
    made = forecast(pd.concat([series("short", weekly(20)), series("new", weekly(5))]), 7)
    assert set(made["unique_id"]) == {"short"}
    assert set(made["method"]) == {"HistoricAverage"}
    assert made["backtest_error"].isna().all()


def test_what_never_was_negative_is_never_forecast_negative() -> None:
    made = forecast(series("a", [0.0] * 30 + [5.0] * 10 + [0.0] * 30), 30)
    assert (made[["mean", "lower_80", "lower_95"]] >= 0).all().all()


def test_nothing_to_forecast_is_no_error() -> None:
    assert forecast(series("a", []), 7).empty


def test_why_there_is_no_forecast_yet_and_what_it_needs_is_told(world: World) -> None:
    tags = {"user_model": "churn", "user_team": "growth"}
    days = [f"2026-10-{day:02}T12:00:00" for day in range(1, 12)]
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 10.0, at=day, resource_tags=tags) for day in days])
    done = world.refresh()
    assert done.lines[0].startswith("2026-10 (until 10-11, not final)")
    (note,) = done.notes
    assert note.startswith("no forecast in USD yet: 9 whole days of history, 14 needed")
    assert world.query("FROM forecasts") == []
    told = CliRunner().invoke(cli, ["explain", "--model", "churn", "--config", str(world.folder / "mlcost.yaml")])
    assert note in told.output


@pytest.mark.slow
def test_forecasts_of_the_organisation_its_teams_and_models_are_published(world: World) -> None:
    world.configure("forecast: {horizon_days: 10}\n")
    for month, days in ((8, 31), (9, 30)):
        rows = [
            sagemaker("Host:ml.m5.large", "endpoint/churn", 10.0 + day % 7, at=f"2026-{month:02}-{day:02}T12:00:00", resource_tags={"user_model": "churn", "user_team": "growth"})
            for day in range(1, days + 1)
        ]  # fmt: skip
        world.bill(rows, period=f"2026-{month:02}")
    assert world.refresh().notes == []
    found = world.query(
        "SELECT scope, name, count(*), min(forecast_date), max(backtest_error) < 0.5 FROM forecasts GROUP BY ALL ORDER BY 1"
    )
    # The last two days of the newest bill are still filling up and are not trained on.
    assert [(scope, name, days, str(first), good) for scope, name, days, first, good in found] == [
        ("model", "churn", 10, "2026-09-29", True),
        ("organisation", "USD", 10, "2026-09-29", True),
        ("team", "growth", 10, "2026-09-29", True),
    ]
