"""How much history a forecast needs, and what has too little for one."""

import duckdb

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.words import counted

SHORTEST_DAYS = 14  # a shorter series says nothing yet


def without_forecast(connection: duckdb.DuckDBPyConnection, scope: str, name: str | None = None) -> list[str]:
    """Why there is none: a line for each series of `scope` (organisation, team, model) and `name` without forecast."""
    given = {"scope": scope, "name": name, "needed": SHORTEST_DAYS}
    return [
        f"no forecast in {currency} yet: {counted(days, 'whole day', 'whole days')} of history, {SHORTEST_DAYS} needed"
        " (AWS still adds to the last two days of a bill)"
        for currency, days in connection.execute(read_sql(__file__, "short_series"), given).fetchall()
    ]
