"""Writing a period as a FOCUS file: whole, verified, or not at all."""

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from mlcost_assets.attribution.ladder import provide_ladder
from mlcost_assets.attribution.settle.attribute import assign
from mlcost_assets.attribution.splits import provide_splits
from mlcost_assets.config import Config
from mlcost_assets.config.rules import load_rules
from mlcost_assets.errors import MlcostError, StorageError
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql, run, step


@dataclass(frozen=True)
class Written:
    """A FOCUS file: its rows, and its BilledCost and EffectiveCost by currency."""

    file: Path
    rows: int
    totals: dict[str, tuple[Decimal, Decimal]]


def export_focus(config: Config, period: str, folder: Path) -> Written:
    """Writes the published bill of `period` ('YYYY-MM') to `folder`/focus-<period>.parquet, with whose each charge is.

    The file appears under its name when it is complete and its sums are those of line_items and attributed_costs to
    the last digit; one from before is replaced in that moment. Raises ConfigError for a period that the lake does not
    have, StorageError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}") from None
    folder = folder.resolve()
    target, partial = folder / f"focus-{period}.parquet", folder / f".focus-{period}.{os.getpid()}.partial"
    reader = LakeReader(config, writable=folder)
    try:
        connection = reader.connection()
        refuse_unpublished(period, published_periods(reader))
        provide_ladder(connection)
        provide_splits(connection, load_rules(config.attribution.rules))
        assign(connection, period)
        connection.execute(read_sql(__file__, "lines"))
        given = {"billing_period": period, "file": str(partial)}
        for table in ("shared_charges", "shared_amounts"):
            step(connection, table, given)
        rows = read_sql(__file__, "rows")
        run(connection, f"COPY ({rows}) TO {quote(str(partial))} (FORMAT parquet, COMPRESSION zstd)", given)
        written = _verified(connection, given, target)
        partial.replace(target)
        return written
    except (duckdb.IOException, duckdb.PermissionException, OSError) as error:
        raise StorageError(f"{target} cannot be written: {str(error).splitlines()[0]}") from None
    finally:
        partial.unlink(missing_ok=True)
        reader.close()


def _verified(connection: duckdb.DuckDBPyConnection, given: dict[str, str], target: Path) -> Written:
    different = run(connection, read_sql(__file__, "difference"), given).fetchall()
    if different:
        table, what = different[0]
        raise MlcostError(
            f"{len(different)} sums of the FOCUS file are not those of the published tables, first {table} {what};"
            f" nothing was written. Mend: mlcost refresh --period {given['billing_period']}, then export again."
        )
    sums = run(
        connection,
        "SELECT BillingCurrency, count(*), sum(BilledCost), coalesce(sum(EffectiveCost), 0)"
        " FROM read_parquet($file) GROUP BY 1 ORDER BY 1",
        given,
    ).fetchall()
    totals = {currency: (billed, effective) for currency, _, billed, effective in sums}
    return Written(target, sum(rows for _, rows, *_ in sums), totals)
