"""How far the bill of a month goes: the one place that knows whether a month is a whole one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from mlcost_assets.lake.sql import read_sql

NO_INVOICE = "the export holds no invoice of this month, so AWS may add to it or has since."


@dataclass(frozen=True)
class BillEnd:
    """The last day of usage in the loaded bill of a month, and whether AWS has finalised it (None: nothing costs
    anything, or nobody has told)."""

    period: str
    until: date | None = None
    is_final: bool | None = None

    @property
    def lacks(self) -> str:
        """What the month lacks to be a whole one, '' where it lacks nothing."""
        if self.is_final is not False:
            return ""
        if self.until and (self.until + timedelta(days=1)).month == self.until.month:
            return f"until {self.until:%m-%d}, not final"
        return "not final"

    def __str__(self) -> str:
        return f"{self.period} ({self.lacks})" if self.lacks else self.period


def bill_ends(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> dict[str, BillEnd]:
    """How far the published bill of each of `periods` goes."""
    if not periods:
        return {}
    rows = connection.execute(read_sql(__file__, "bill_ends"), {"periods": list(periods)}).fetchall()
    return {period: BillEnd(period) for period in periods} | {row[0]: BillEnd(*row) for row in rows}
