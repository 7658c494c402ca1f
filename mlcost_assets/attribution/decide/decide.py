"""One period's things decided: what each is, whose, and why, without the money."""

import duckdb

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import step

STEPS = (
    "period_things",
    "thing_parts",
    "thing_claims",
    "thing_pieces",
    "thing_picks",
    "account_teams",
    "thing_reasons",
)


def decide(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    """Makes the relation decided: the rows of thing_owners of `period`."""
    given = {"billing_period": period}
    for name in STEPS:
        step(connection, name, given)
    step(connection, "decided", given, select=statement_of("thing_owners"))
