"""Opening a drop's files as DuckDB views, with the columns and types that its mapping reads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mlcost_assets.billing.boundary import reading_rows
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.csv_files import TornLine
from mlcost_assets.billing.formats import Format
from mlcost_assets.billing.manifests import Drop, PlainFiles
from mlcost_assets.billing.opened_files import month_of, open_files, recognise
from mlcost_assets.billing.readings import Readings, read_types
from mlcost_assets.billing.types import as_map, typed, unreadable
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.sql import read_sql


@dataclass(frozen=True)
class Source:
    """What a drop's files turned out to be.

    The views `exported_rows` (typed, with `reject_reason`) and `exported` (its sound rows) are temporary.
    `missing` are columns that the mapping would read, `unread` those that it does not look at; `torn` are
    lines of CSV that could not be split into fields. `readings` say how costs are to be read. `unreadable` are the
    columns with values that are none of their kind, each with how many and the first of them; the mapping reads such a
    value as unknown. `look_closer` reads each file to its end and raises DropRejectedError with the name of the one
    that cannot be.
    """

    format: Format
    readings: Readings
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    torn: tuple[TornLine, ...]
    unreadable: dict[str, tuple[int, str]]
    look_closer: Callable[[], None]

    def empty(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Takes the rows out of the views: a statement that fails even so fails for no fault of the files."""
        _type_rows(connection, _NO_ROWS, FileColumns({}), self.format)


_NO_ROWS = "(SELECT CAST(NULL AS VARCHAR) AS x_source_file, CAST(NULL AS BIGINT) AS x_source_row WHERE false)"


def open_source(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> Source:
    """Makes the views over the files of `drop`, which need the folder `temporary` as long as they are read; outside a
    transaction, which a file that cannot be read would spoil.

    Raises DropRejectedError when the files cannot be read or are not an export that a mapping knows.
    """
    for macros in ("macros", "line_item_types"):
        connection.execute(read_sql(__file__, macros))
    for known in ("services", "regions"):
        file = Path(__file__).with_name(f"{known}.csv")
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {known} AS FROM read_csv({quote(str(file))})")
    opened = open_files(connection, drop.manifest.store, drop.files, temporary)
    columns = opened.columns
    export_format = recognise(drop.manifest.export, drop.manifest.place, columns)
    missing = tuple(
        name
        for name in export_format.columns
        if not columns.find(name) and not columns.spread(export_format.flat_maps.get(name, "nothing"))
    )
    for name in missing:
        if mend := export_format.essential.get(name):
            raise DropRejectedError(f"the export has no column {name}; {mend}")

    def define(scan: str, found: FileColumns) -> tuple[Readings, dict[str, tuple[int, str]]]:
        _type_rows(connection, scan, found, export_format)
        _tell_sound_rows(connection, export_format, drop.manifest.period, net=False)
        readings = read_types(connection, export_format, missing)
        if readings.net:
            _tell_sound_rows(connection, export_format, drop.manifest.period, net=True)
        return readings, _unreadable_values(connection, scan, found, export_format)

    plain = drop.manifest.plain
    scan = _of_month(opened.scan, drop.manifest.period, plain, export_format, columns) if plain else opened.scan
    with reading_rows(drop.manifest.export.uri, opened.look_closer, lambda: define(_NO_ROWS, FileColumns({}))):
        readings, unreadable = define(scan, columns)
    return Source(
        format=export_format,
        readings=readings,
        missing=missing,
        unread=columns.unread(export_format),
        torn=tuple(one for one in opened.torn if plain is None or one.file in plain.strays),
        unreadable=unreadable,
        look_closer=opened.look_closer,
    )


def _of_month(scan: str, period: str, plain: PlainFiles, export_format: Format, columns: FileColumns) -> str:
    """Of the rows of plain files those of one month: a file without a manifest may hold several."""
    month = month_of(export_format, columns)
    months = (f"{quote(file)}: [{', '.join(map(quote, months))}]" for file, months in plain.strays.items())
    of_file = f"MAP {{{', '.join(months)}}}[x_source_file]" if plain.strays else "CAST(NULL AS VARCHAR[])"
    return (
        f"(SELECT * FROM {scan} WHERE {month} = {quote(period)}"
        f" OR ({of_file} IS NOT NULL AND NOT coalesce(list_contains({of_file}, {month}), false)))"
    )


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
        f" {export_format.net_as_text} AS exported_net_cost,"
        f" CASE {reasons} END AS reject_reason FROM typed_rows",
        "charge_likeness": "SELECT x_source_file, reject_reason, row_identity,"
        f" {export_format.likeness} AS likeness FROM exported_rows",
        "exported": "SELECT * FROM exported_rows WHERE reject_reason IS NULL",
        "exported_payers": f"SELECT DISTINCT {export_format.payer} AS billing_account_id FROM exported",
    }
    for name, select in views.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")
