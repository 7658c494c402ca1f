"""One period's things decided: what each is, whose, and why, without the money."""

import duckdb

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, run

_STEPS = ("things", "thing_parts", "thing_claims", "thing_pieces", "thing_picks")


def decide(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    """Makes the temporary table decided: the rows of thing_owners of `period`."""
    given = {"billing_period": period}
    for step in _STEPS:
        run(connection, f"CREATE OR REPLACE TEMP TABLE {step} AS {read_sql(__file__, step)}", given)
    run(connection, f"CREATE OR REPLACE TEMP TABLE decided AS {statement_of('thing_owners')}", given)
