"""What a month came to, and how much of its ML spend has an owner: the one place where both are defined."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from mlcost_assets.lake.sql import read_sql


@dataclass(frozen=True)
class Spend:
    """A month in a currency. Totals are net of credits; `ml` is None where there is no ML spend.

    An owner is a team. `ml_charges` are ML charges, credits and commitments aside, and `unowned` those without a team.
    """

    period: str
    currency: str
    billed: Decimal
    effective: Decimal
    ml: Decimal | None
    ml_charges: Decimal
    unowned: Decimal

    @property
    def unowned_share(self) -> float:
        """The share of the ML charges that has no owner: a ratio for a threshold, not money."""
        return float(self.unowned / self.ml_charges) if self.ml_charges else 0.0


def spend(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> list[Spend]:
    """What attributed_costs has of each of `periods`, by month and currency."""
    rows = connection.execute(read_sql(__file__, "spend"), {"periods": list(periods)}).fetchall()
    return [Spend(*row) for row in rows]
