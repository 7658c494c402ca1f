"""What a refresh tells of the months it made: totals as they are published, and how far each bill goes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import duckdb

from mlcost_assets.attribution.spend import Spend, spend
from mlcost_assets.lake.sql import read_sql


def summary(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> Iterator[str]:
    """A line for each of `periods` and currency."""
    ends = connection.execute(read_sql(__file__, "bill_ends"), {"periods": list(periods)}).fetchall()
    named = {period: period + _how_far(until, is_final) for period, until, is_final in ends}
    for month in spend(connection, periods):
        yield (
            f"{named.get(month.period, month.period)}  billed {month.billed:,.2f} {month.currency},"
            f" effective {month.effective:,.2f}; {_ml(month)}"
        )


def _how_far(until: date | None, is_final: bool | None) -> str:
    """What a month lacks to be a whole one; '' where it lacks nothing, or nothing costs anything."""
    if is_final is not False:
        return ""
    if until and (until + timedelta(days=1)).month == until.month:
        return f" (until {until:%m-%d}, not final)"
    return " (not final)"


def _ml(month: Spend) -> str:
    if month.ml is None:
        return "no ML spend"
    owned = f"; {1 - month.unowned_share:.1%} of its charges before credits has a team"
    return f"ML {month.ml:,.2f}{owned if month.ml_charges else ''}"
