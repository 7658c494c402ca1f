"""Forecasting daily series with statsforecast: several methods, and for each series the best in a backtest."""

import warnings

import pandas as pd

from mlcost_assets.forecasting.history import SHORTEST_DAYS

_SEASON = 7
_BACKTEST_DAYS = 14
_BACKTEST_WINDOWS = 2
_BACKTEST_NEEDS = _BACKTEST_DAYS * _BACKTEST_WINDOWS + 2 * _SEASON
_RUNAWAY = 100  # times the highest day
_INTERVALS = {"lower_80": "lo-80", "upper_80": "hi-80", "lower_95": "lo-95", "upper_95": "hi-95"}
COLUMNS = ["unique_id", "ds", "mean", *_INTERVALS, "method", "backtest_error"]


def forecast(series: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Forecasts every series of `series` (unique_id, ds, y: one row a day) for `horizon_days`.

    Gives COLUMNS; no rows for series of fewer than two weeks. A series too short for a backtest gets its plain
    average and no error. Costs that never were negative do not fall below zero.
    """
    days = series.groupby("unique_id")["y"].transform("size")
    long_enough = series[days >= _BACKTEST_NEEDS]
    short = series[(days >= SHORTEST_DAYS) & (days < _BACKTEST_NEEDS)]
    made = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # constant series: statsmodels divides by their variance
        if not long_enough.empty:
            made.append(_best_of_several(long_enough, horizon_days))
        if not short.empty:
            made.append(_plain_average(short, horizon_days))
    if not made:
        return pd.DataFrame(columns=COLUMNS)
    return _never_negative(pd.concat(made, ignore_index=True), series)


def _best_of_several(series: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, AutoTheta, HistoricAverage, SeasonalNaive

    models = [
        AutoETS(season_length=_SEASON),
        AutoTheta(season_length=_SEASON),
        SeasonalNaive(season_length=_SEASON),
        HistoricAverage(),
    ]
    engine = StatsForecast(models=models, freq="D", fallback_model=SeasonalNaive(season_length=_SEASON))
    names = [repr(model) for model in models]
    tried = engine.cross_validation(
        df=series, h=_BACKTEST_DAYS, step_size=_BACKTEST_DAYS, n_windows=_BACKTEST_WINDOWS
    ).set_index("unique_id")
    errors = tried[names].sub(tried["y"], axis=0).abs().groupby(level=0).sum()
    spent = tried["y"].abs().groupby(level=0).sum()
    future = engine.forecast(df=series, h=horizon_days, level=[80, 95])
    # A model whose interval runs away from everything that was ever spent is none.
    highest = series.groupby("unique_id")["y"].max().abs()
    for name in names:
        runaway = future.groupby("unique_id")[f"{name}-hi-95"].max() > _RUNAWAY * (highest + 1)
        errors.loc[runaway[runaway].index.intersection(errors.index), name] = float("inf")
    best = errors.idxmin(axis=1)
    relative = (errors.min(axis=1) / spent).where(spent > 0)
    parts = [_renamed(future[future["unique_id"].map(best) == name], name) for name in sorted(set(best))]
    return pd.concat(parts, ignore_index=True).assign(backtest_error=lambda made: made["unique_id"].map(relative))


def _plain_average(series: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    from statsforecast import StatsForecast
    from statsforecast.models import HistoricAverage

    future = StatsForecast(models=[HistoricAverage()], freq="D").forecast(df=series, h=horizon_days, level=[80, 95])
    return _renamed(future, "HistoricAverage").assign(backtest_error=float("nan"))


def _renamed(future: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = {"unique_id": "unique_id", "ds": "ds", name: "mean"}
    columns |= {f"{name}-{suffix}": column for column, suffix in _INTERVALS.items()}
    return future[list(columns)].rename(columns=columns).assign(method=name)


def _never_negative(made: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    floor = series.groupby("unique_id")["y"].min().clip(upper=0)
    bounds = made["unique_id"].map(floor).where(lambda lowest: lowest == 0, float("-inf"))
    numbers = ["mean", *_INTERVALS]
    made[numbers] = made[numbers].clip(lower=bounds, axis=0)
    return made
