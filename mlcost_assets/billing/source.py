"""Opening a drop's files as DuckDB views, with the columns and types that its mapping reads."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from mlcost_assets.billing.csv_files import TornLine, unpack_csv
from mlcost_assets.billing.formats import CUR2, FOCUS, Format, column_key
from mlcost_assets.billing.manifests import Drop
from mlcost_assets.billing.types import typed
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake import engine
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.objects import LocalStore, open_store
from mlcost_assets.lake.sql import read_sql

Actual = dict[str, tuple[str, str]]  # column key → name and type in the files


@dataclass(frozen=True)
class Source:
    """What a drop's files turned out to be.

    The views `exported_rows` (typed, with `reject_reason`) and `exported` (its sound rows) are temporary.
    `missing` are columns that the mapping would read, `unread` those that it does not know; `torn` are
    lines of CSV that could not be split into fields.
    """

    format: Format
    net: bool
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    torn: tuple[TornLine, ...]


def open_source(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> Source:
    """Makes the views over the files of `drop`; CSV is first unpacked into a Parquet file in `temporary`.

    Raises DropRejectedError when the files are not an export that a mapping knows.
    """
    connection.execute(read_sql(__file__, "macros"))
    services = Path(__file__).with_name("services.csv")
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS services AS FROM read_csv({quote(str(services))})")
    scan, torn = _scan(connection, drop, temporary)
    actual = _actual_columns(connection, scan)
    export_format = _recognise(drop, actual)
    missing = tuple(name for name in export_format.columns if column_key(name) not in actual)
    for name in missing:
        if mend := export_format.essential.get(name):
            raise DropRejectedError(f"the export has no column {name}; {mend}")
    _make_views(connection, scan, actual, export_format, drop.manifest.period)
    known = {column_key(name) for name in export_format.columns}
    return Source(
        format=export_format,
        net=_is_net(connection, export_format, missing),
        missing=missing,
        unread=tuple(name for key, (name, _) in actual.items() if key not in known),
        torn=torn,
    )


def _scan(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> tuple[str, tuple[TornLine, ...]]:
    store = open_store(drop.manifest.export.uri)
    if not isinstance(store, LocalStore):
        engine.allow_s3(connection, store.location.split("/")[2])
    parquet = [file for file in drop.files if file.key.endswith(".parquet")]
    if parquet and len(parquet) < len(drop.files):
        raise DropRejectedError("the manifest names Parquet and CSV files together")
    if parquet:
        files = ", ".join(quote(store.uri(file.key)) for file in parquet)
        root = len(store.uri("")) + (0 if store.uri("").endswith("/") else 1)
        return (
            f"(SELECT *, substr(filename, {root + 1}) AS x_source_file, file_row_number AS x_source_row"
            f" FROM read_parquet([{files}], union_by_name = {len(parquet) > 1}, filename = true,"
            " file_row_number = true, hive_partitioning = false))"
        ), ()
    target = temporary / "unpacked.parquet"
    torn = unpack_csv(connection, store, drop.files, target)
    return f"read_parquet({quote(str(target))})", torn


def _actual_columns(connection: duckdb.DuckDBPyConnection, scan: str) -> Actual:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    own = {"x_source_file", "x_source_row", "filename", "file_row_number"}
    return {column_key(name): (name, kind) for name, kind, *_ in rows if name not in own}


def _recognise(drop: Drop, actual: Actual) -> Format:
    found = next((one for one in (CUR2, FOCUS) if column_key(one.cost) in actual), None)
    if found is None:
        some = ", ".join(name for name, _ in list(actual.values())[:5])
        raise DropRejectedError(
            f"no billing export: neither line_item_unblended_cost nor BilledCost among its columns ({some}, …)"
        )
    configured = drop.manifest.export.format
    if configured not in ("auto", found.name):
        raise DropRejectedError(
            f"configured as {configured}, but its columns are those of {found.name}; set format: auto"
        )
    return found


def _make_views(
    connection: duckdb.DuckDBPyConnection, scan: str, actual: Actual, export_format: Format, period: str
) -> None:
    columns = []
    for name, kind in export_format.columns.items():
        standing = actual.get(column_key(name))
        columns.append(f"{typed(kind, standing)} AS {name}")
    cost, _ = actual[column_key(export_format.cost)]
    net_cost, _ = actual.get(column_key(export_format.net_cost or ""), (cost, ""))
    columns += [
        f"CAST({identifier(cost)} AS VARCHAR) AS raw_cost",
        f"CAST({identifier(net_cost)} AS VARCHAR) AS raw_net_cost",
        "x_source_file",
        "x_source_row",
    ]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW typed_rows AS SELECT {', '.join(columns)} FROM {scan}")

    month, own = f"CAST('{period}-01' AS TIMESTAMP)", export_format.period
    inside = f"coalesce({own} >= {month} AND {own} < {month} + INTERVAL 1 MONTH, true)"
    sound = [*export_format.sound, (inside, "belongs to another billing period", f"strftime({own}, '%Y-%m')")]
    reasons = " ".join(
        f"WHEN NOT coalesce({condition}, false) THEN {quote(reason)}"
        + (f" || ': ' || coalesce({value}, 'empty')" if value else "")
        for condition, reason, value in sound
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW exported_rows AS SELECT *, {export_format.is_split_cost} AS is_split_cost,"
        f" CASE {reasons} END AS reject_reason FROM typed_rows"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW exported AS SELECT * FROM exported_rows WHERE reject_reason IS NULL"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW exported_payers AS"
        f" SELECT DISTINCT {export_format.payer} AS billing_account_id FROM exported"
    )


def _is_net(connection: duckdb.DuckDBPyConnection, export_format: Format, missing: tuple[str, ...]) -> bool:
    """Whether the drop's costs are taken net of discounts: it has net costs, and no discounts as rows."""
    if export_format.net_cost is None or export_format.net_cost in missing:
        return False
    found = connection.execute(
        f"SELECT count({export_format.net_cost}) > 0 AND NOT bool_or(line_item_line_item_type IN"
        " ('EdpDiscount', 'PrivateRateDiscount', 'BundledDiscount', 'RiVolumeDiscount', 'Discount')) FROM exported"
    ).fetchone()
    return bool(found and found[0])
