"""Opening a drop's files as DuckDB views, with the columns and types that its mapping reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from mlcost_assets.billing.boundary import reading, reading_rows
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.csv_files import TornLine, unpack_csv
from mlcost_assets.billing.formats import CUR, CUR2, FOCUS, Format
from mlcost_assets.billing.manifests import Drop
from mlcost_assets.billing.parquet_files import parquet_paths, parquet_scan, read_each
from mlcost_assets.billing.types import as_map, typed, unreadable
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake import engine
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.stores import open_store


@dataclass(frozen=True)
class Source:
    """What a drop's files turned out to be.

    The views `exported_rows` (typed, with `reject_reason`) and `exported` (its sound rows) are temporary.
    `missing` are columns that the mapping would read, `unread` those that it does not look at; `torn` are
    lines of CSV that could not be split into fields. `unreadable` are the columns with values that are none of
    their kind, each with how many and the first of them; the mapping reads such a value as unknown. `look_closer` reads
    each file to its end and raises DropRejectedError with the name of the one that cannot be.
    """

    format: Format
    net: bool
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    torn: tuple[TornLine, ...]
    unreadable: dict[str, tuple[int, str]]
    look_closer: Callable[[], None]

    def empty(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Takes the rows out of the views: a statement that fails even so fails for no fault of the files."""
        _type_rows(connection, _NO_ROWS, FileColumns({}), self.format)


_NO_ROWS = "(SELECT CAST(NULL AS VARCHAR) AS x_source_file, CAST(NULL AS BIGINT) AS x_source_row WHERE false)"
_OWN_COLUMNS = {"x_source_file", "x_source_row", "filename", "file_row_number"}


def open_source(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> Source:
    """Makes the views over the files of `drop`, which need the folder `temporary` as long as they are read; outside a
    transaction, which a file that cannot be read would spoil.

    Raises DropRejectedError when the files cannot be read or are not an export that a mapping knows.
    """
    connection.execute(read_sql(__file__, "macros"))
    for known in ("services", "regions"):
        file = Path(__file__).with_name(f"{known}.csv")
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {known} AS FROM read_csv({quote(str(file))})")
    opened = _open_files(connection, drop, temporary)
    columns = opened.columns
    export_format = _recognise(drop, columns)
    missing = tuple(
        name
        for name in export_format.columns
        if not columns.find(name) and not columns.spread(export_format.flat_maps.get(name, "nothing"))
    )
    for name in missing:
        if mend := export_format.essential.get(name):
            raise DropRejectedError(f"the export has no column {name}; {mend}")

    def define(scan: str, found: FileColumns) -> tuple[bool, dict[str, tuple[int, str]]]:
        _type_rows(connection, scan, found, export_format)
        net = _is_net(connection, export_format, missing)
        _tell_sound_rows(connection, export_format, drop.manifest.period, net)
        return net, _unreadable_values(connection, scan, found, export_format)

    with reading_rows(drop.manifest.export.uri, opened.look_closer, lambda: define(_NO_ROWS, FileColumns({}))):
        net, unreadable = define(opened.scan, columns)
    return Source(
        format=export_format,
        net=net,
        missing=missing,
        unread=columns.unread(export_format),
        torn=opened.torn,
        unreadable=unreadable,
        look_closer=opened.look_closer,
    )


class _Opened(NamedTuple):
    """A drop's files as one: SQL for their rows, the columns of these, torn lines, and what finds a damaged one."""

    scan: str
    columns: FileColumns
    torn: tuple[TornLine, ...]
    look_closer: Callable[[], None]


def _open_files(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> _Opened:
    export = drop.manifest.export.uri
    store = open_store(export)
    parquet = sum(file.key.endswith(".parquet") for file in drop.files)
    if 0 < parquet < len(drop.files):
        raise DropRejectedError("the manifest names Parquet and CSV files together")
    paths: dict[str, str] = {}
    torn: tuple[TornLine, ...] = ()
    if parquet:
        if not isinstance(store, LocalStore):
            engine.allow_s3(connection, store.location.split("/")[2])
        with reading("the export", export):
            paths = parquet_paths(store, drop.files, temporary)
    else:
        torn = unpack_csv(connection, store, drop.files, temporary)
    look_closer = partial(read_each, connection, paths, export)
    with reading("the export", export, look_closer):
        unpacked = f"read_parquet({quote(str(temporary / '*.parquet'))}, union_by_name = true)"
        scan = parquet_scan(connection, store, paths) if parquet else unpacked
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    columns = FileColumns({name: kind for name, kind, *_ in described if name not in _OWN_COLUMNS})
    return _Opened(scan, columns, torn, look_closer)


def _recognise(drop: Drop, columns: FileColumns) -> Format:
    """Told from the columns; CUR and CUR 2.0 from the layout, because they share theirs."""
    if columns.find(FOCUS.cost):
        found = FOCUS
    elif columns.find(CUR.cost):
        found = CUR if drop.manifest.place.kind == "report" else CUR2
    else:
        some = ", ".join(map(excerpt, list(columns.types)[:5]))
        raise DropRejectedError(
            f"no billing export: neither line_item_unblended_cost nor BilledCost among its columns ({some}, …)"
        )
    configured = drop.manifest.export.format
    if configured not in ("auto", found.name):
        raise DropRejectedError(f"configured as {configured}, but this is {found.name}; set format: auto")
    return found


def _type_rows(connection: duckdb.DuckDBPyConnection, scan: str, columns: FileColumns, export_format: Format) -> None:
    """The view `typed_rows`: every column of the format by its name and type, NULL where the files have none."""
    selected = []
    for name, kind in export_format.columns.items():
        found = columns.find(name)
        spread = [] if found else columns.spread(export_format.flat_maps.get(name, "nothing"))
        selected.append(f"{as_map(spread) if spread else typed(kind, found)} AS {name}")
    for raw, name in (("raw_cost", export_format.cost), ("raw_net_cost", export_format.net_cost or "nothing")):
        found = columns.find(name)
        as_text = f"nullif(CAST({identifier(found[0])} AS VARCHAR), '')" if found else "CAST(NULL AS VARCHAR)"
        selected.append(f"{as_text} AS {raw}")
    selected += [
        "x_source_file",
        "x_source_row",
    ]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW typed_rows AS SELECT {', '.join(selected)} FROM {scan}")


def _unreadable_values(
    connection: duckdb.DuckDBPyConnection, scan: str, columns: FileColumns, export_format: Format
) -> dict[str, tuple[int, str]]:
    doubtful = {
        name: f"CASE WHEN {condition} THEN {identifier(found[0])} END AS {name}"
        for name, kind in export_format.columns.items()
        if (found := columns.find(name)) and (condition := unreadable(kind, found))
    }
    if not doubtful:
        return {}
    counted = ", ".join(f"count({name}), left(min({name}), 200)" for name in doubtful)
    values = connection.execute(f"SELECT {counted} FROM (SELECT {', '.join(doubtful.values())} FROM {scan})").fetchone()
    pairs = zip(doubtful, (values or ())[::2], (values or ())[1::2], strict=True)
    return {name: (count, first) for name, count, first in pairs if count}


def _tell_sound_rows(connection: duckdb.DuckDBPyConnection, export_format: Format, period: str, net: bool) -> None:
    """The views exported_rows (with the reason why a row is none), exported (sound rows) and exported_payers."""
    month, own = f"CAST('{period}-01' AS TIMESTAMP)", export_format.period
    inside = f"coalesce({own} >= {month} AND {own} < {month} + INTERVAL 1 MONTH, true)"
    sound = [*export_format.sound, (inside, "belongs to another billing period", f"strftime({own}, '%Y-%m')")]
    if net:
        readable = f"raw_net_cost IS NULL OR {export_format.net_cost} IS NOT NULL"
        sound.append((readable, f"{export_format.net_cost} is no number", "raw_net_cost"))
    reasons = " ".join(
        f"WHEN NOT coalesce({condition}, false) THEN {quote(reason)}"
        + (f" || ': ' || coalesce(excerpt({value}), 'empty')" if value else "")
        for condition, reason, value in sound
    )
    views = {
        "exported_rows": f"SELECT *, {export_format.is_split_cost} AS is_split_cost,"
        f" {export_format.currency} AS row_currency, {export_format.identity} AS row_identity,"
        f" CASE {reasons} END AS reject_reason FROM typed_rows",
        "exported": "SELECT * FROM exported_rows WHERE reject_reason IS NULL",
        "exported_payers": f"SELECT DISTINCT {export_format.payer} AS billing_account_id FROM exported",
    }
    for name, select in views.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")


def _is_net(connection: duckdb.DuckDBPyConnection, export_format: Format, missing: tuple[str, ...]) -> bool:
    """Whether the drop's costs are taken net of discounts: it has net costs, and no discounts as rows."""
    if export_format.net_cost is None or export_format.net_cost in missing:
        return False
    found = connection.execute(
        f"SELECT count({export_format.net_cost}) > 0 AND NOT bool_or(line_item_line_item_type IN"
        " ('EdpDiscount', 'PrivateRateDiscount', 'BundledDiscount', 'RiVolumeDiscount', 'Discount')) FROM typed_rows"
    ).fetchone()
    return bool(found and found[0])
