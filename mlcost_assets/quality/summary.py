"""What a refresh tells: totals of the months it made as they are published, how far each bill goes, names in doubt."""

from collections.abc import Iterator, Sequence

import duckdb

from mlcost_assets.attribution.explain.spend import Spend, spend
from mlcost_assets.billing.bill_ends import bill_ends
from mlcost_assets.billing.formats import OTHER_PROVIDER
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.text import clean
from mlcost_assets.words import counted


def summary(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> Iterator[str]:
    """A line for each of `periods` and currency, and one for what their files hold of other providers."""
    ends = bill_ends(connection, periods)
    for month in spend(connection, periods):
        yield (
            f"{ends[month.period]}  billed {month.billed:,.2f} {month.currency},"
            f" effective {month.effective:,.2f}; {_ml(month)}"
        )
    given = {"periods": list(periods), "reason": f"{OTHER_PROVIDER}:"}
    for period, currency, rows, billed in run(connection, read_sql(__file__, "kept_out"), given).fetchall():
        told = f"{counted(rows, 'row')} of other providers ({billed or 0:,.2f} {currency}"
        yield f"{period}  {told.rstrip()}) kept out: only charges of AWS are read"


def likely_twins(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A line that points to the names that may be two spellings of one; none where no name is in doubt."""
    dearest = "arg_max((name, other), (effective_cost, name, other))"
    row = connection.execute(f"SELECT count(*), {dearest} FROM tag_proposals").fetchone()
    if row and row[0]:
        count, (name, other) = row
        known = "1 pair of names may be one name" if count == 1 else f"{count:,} pairs of names may each be one name"
        yield f"{known}, first {clean(name)} and {clean(other)}: `mlcost tags review`"


def _ml(month: Spend) -> str:
    if month.ml is None:
        return "no ML spend"
    owned = f"; {1 - month.unowned_share:.1%} of its charges before credits has a team"
    return f"ML {month.ml:,.2f}{owned if month.ml_charges else ''}"
