"""What a refresh tells of the months it made: totals as they are published, and how far each bill goes."""

from collections.abc import Iterator, Sequence

import duckdb

from mlcost_assets.attribution.spend import Spend, spend
from mlcost_assets.billing.bill_ends import bill_ends


def summary(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> Iterator[str]:
    """A line for each of `periods` and currency."""
    ends = bill_ends(connection, periods)
    for month in spend(connection, periods):
        yield (
            f"{ends[month.period]}  billed {month.billed:,.2f} {month.currency},"
            f" effective {month.effective:,.2f}; {_ml(month)}"
        )


def _ml(month: Spend) -> str:
    if month.ml is None:
        return "no ML spend"
    owned = f"; {1 - month.unowned_share:.1%} of its charges before credits has a team"
    return f"ML {month.ml:,.2f}{owned if month.ml_charges else ''}"
