"""Opening a drop's files as DuckDB views, with the columns and types that its mapping reads."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from mlcost_assets.billing.boundary import reading_rows
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.csv_files import TORN
from mlcost_assets.billing.formats import AWS_COLUMNS, Format
from mlcost_assets.billing.manifests import Drop, PlainFiles
from mlcost_assets.billing.opened_files import month_of, open_files, recognise
from mlcost_assets.billing.readings import Readings, read_types
from mlcost_assets.billing.types import as_map, as_text, can_be, typed, unreadable
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.sql import read_sql, step


@dataclass(frozen=True)
class Source:
    """What a drop's files turned out to be.

    The views `exported_rows` (typed, with `reject_reason`) and `exported` (its sound rows) are temporary.
    `missing` are columns that the mapping would read, `unread` those that it does not look at; `remarks` say of
    rows that they are odd and were read all the same. `readings` say how costs are to be read. `unreadable` are the
    columns with values that are none of their kind, each with how many and the first of them; the mapping reads such a
    value as unknown. `look_closer` reads each file to its end and raises DropRejectedError with the name of the one
    that cannot be.
    """

    format: Format
    readings: Readings
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    remarks: list[str]
    unreadable: dict[str, tuple[int, str]]
    look_closer: Callable[[], None]

    def empty(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Takes the rows out of the views: a statement that fails even so fails for no fault of the files."""
        _type_rows(connection, _NO_ROWS, FileColumns({}), self.format)


_NO_ROWS = (
    f"(SELECT CAST(NULL AS VARCHAR) AS {TORN}, CAST(NULL AS VARCHAR) AS x_source_file,"
    " CAST(NULL AS BIGINT) AS x_source_row WHERE false)"
)


def open_source(connection: duckdb.DuckDBPyConnection, drop: Drop, temporary: Path) -> Source:
    """Makes the views over the files of `drop`, which need the folder `temporary` as long as they are read; outside a
    transaction, which a file that cannot be read would spoil.

    Raises DropRejectedError when the files cannot be read or are not an export that a mapping knows.
    """
    for macros in ("macros", "line_item_types"):
        connection.execute(read_sql(__file__, macros))
    for known in ("services", "regions"):
        file = Path(__file__).with_name(f"{known}.csv")
        step(connection, known, select=f"FROM read_csv({quote(str(file))})")
    opened = open_files(connection, drop.manifest.store, drop.files, temporary)
    export_format = recognise(drop.manifest.export, drop.manifest.place, opened.columns)
    columns = _without_empty(connection, opened.scan, opened.columns, export_format)
    missing = tuple(name for name in export_format.columns if not columns.has(name, export_format))
    for name in missing:
        if mend := export_format.essential.get(name):
            raise DropRejectedError(f"the export has no column {name}; {mend}")

    of_aws = drop.of_aws or any(map(columns.find, AWS_COLUMNS))

    def define(scan: str, found: FileColumns) -> tuple[Readings, dict[str, tuple[int, str]]]:
        _type_rows(connection, scan, found, export_format, of_aws=of_aws)
        _tell_sound_rows(connection, export_format, drop.manifest.period, net=False)
        readings = read_types(connection, export_format, missing)
        if readings.net:
            _tell_sound_rows(connection, export_format, drop.manifest.period, net=True)
        return readings, _unreadable_values(connection, scan, found, export_format)

    plain = drop.manifest.plain
    scan = _of_month(opened.scan, drop.manifest.period, plain, export_format, columns) if plain else opened.scan
    with reading_rows(drop.manifest.export.uri, opened.look_closer, lambda: define(_NO_ROWS, FileColumns({}))):
        _refuse_contradictions(connection, scan, columns, export_format)
        readings, unreadable = define(scan, columns)
    return Source(
        format=export_format,
        readings=readings,
        missing=missing,
        unread=columns.unread(export_format),
        remarks=opened.remarks,
        unreadable=unreadable,
        look_closer=opened.look_closer,
    )


def _without_empty(
    connection: duckdb.DuckDBPyConnection, scan: str, columns: FileColumns, export_format: Format
) -> FileColumns:
    """Without columns of a type that no value of theirs could have, where they have no value: a tool that rewrote the
    files had nothing to tell a type from."""
    doubtful = [
        name
        for wanted, kind in export_format.columns.items()
        for name, actual in columns.find_all(wanted)
        if not can_be(kind, actual)
    ]
    if not doubtful:
        return columns
    counted = ", ".join(f"count({identifier(name)})" for name in doubtful)
    counts = connection.execute(f"SELECT {counted} FROM {scan}").fetchone() or ()
    empty = {name for name, count in zip(doubtful, counts, strict=True) if not count}
    return FileColumns({name: actual for name, actual in columns.types.items() if name not in empty})


def _refuse_contradictions(
    connection: duckdb.DuckDBPyConnection, scan: str, columns: FileColumns, export_format: Format
) -> None:
    """Of a column that stands twice, in any spelling, the first value counts; where two differ nobody knows which."""
    for name, kind in export_format.columns.items():
        for first, other in pairwise(columns.find_all(name)):
            told = f"{typed(kind, [first])} <> {typed(kind, [other])}"
            if (connection.execute(f"SELECT count(*) FROM {scan} WHERE {told}").fetchone() or (0,))[0]:
                raise DropRejectedError(
                    f"the columns {excerpt(first[0])} and {excerpt(other[0])} are one and the same, and do not agree;"
                    " take one of them out of the files"
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


def _type_rows(
    connection: duckdb.DuckDBPyConnection,
    scan: str,
    columns: FileColumns,
    export_format: Format,
    *,
    of_aws: bool = False,
) -> None:
    """The view `typed_rows`: every column of the format by its name and type, NULL where the files have none."""
    selected = []
    for name, kind in export_format.columns.items():
        found = columns.find_all(name)
        spread = [] if found else columns.spread(export_format.flat_maps.get(name, ""))
        selected.append(f"{as_map(spread) if spread else typed(kind, found)} AS {name}")
    for raw, name in (("raw_cost", export_format.cost), ("raw_net_cost", export_format.net_cost or "nothing")):
        texts = ", ".join(as_text(*column) for column in columns.find_all(name)) or "CAST(NULL AS VARCHAR)"
        selected.append(f"coalesce({texts}) AS {raw}")
    selected += [
        f"{of_aws} AS is_told_by_aws",
        TORN,
        "x_source_file",
        "x_source_row",
    ]
    step(connection, "typed_rows", select=f"SELECT {', '.join(selected)} FROM {scan}", kind="VIEW")


def _unreadable_values(
    connection: duckdb.DuckDBPyConnection, scan: str, columns: FileColumns, export_format: Format
) -> dict[str, tuple[int, str]]:
    doubtful = {
        name: f"CASE WHEN {condition} THEN {as_text(*found)} END AS {name}"
        for name, kind in export_format.columns.items()
        if (found := columns.find(name)) and (condition := unreadable(kind, *found))
    }
    if not doubtful:
        return {}
    counted = ", ".join(f"count({name}), left(min({name}), 200)" for name in doubtful)
    values = connection.execute(f"SELECT {counted} FROM (SELECT {', '.join(doubtful.values())} FROM {scan})").fetchone()
    pairs = zip(doubtful, (values or ())[::2], (values or ())[1::2], strict=True)
    return {name: (count, first) for name, count, first in pairs if count}


def _tell_sound_rows(connection: duckdb.DuckDBPyConnection, export_format: Format, period: str, net: bool) -> None:
    """The views exported_rows (with the reason why a row is none), exported (sound rows) and exported_costs."""
    month, own = f"CAST('{period}-01' AS TIMESTAMP)", export_format.period
    inside = f"coalesce({own} >= {month} AND {own} < {month} + INTERVAL 1 MONTH, true)"
    sound = [*export_format.sound, (inside, "belongs to another billing period", f"strftime({own}, '%Y-%m')")]
    if net:
        readable = f"raw_net_cost IS NULL OR {export_format.net_cost} IS NOT NULL"
        sound.append((readable, f"{export_format.net_cost} is no number", "raw_net_cost"))
    reasons = f"WHEN {TORN} IS NOT NULL THEN {TORN} " + " ".join(
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
        "exported_costs": f"SELECT {export_format.payer} AS billing_account_id,"
        f" {export_format.account} AS sub_account_id, row_currency AS billing_currency,"
        f" {export_format.cost} AS billed_cost FROM exported WHERE NOT is_split_cost",
    }
    for name, select in views.items():
        step(connection, name, select=select, kind="VIEW")
