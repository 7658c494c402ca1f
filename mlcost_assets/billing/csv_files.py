"""CSV files of a drop, unpacked and checked, as Parquet files of texts."""

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from mlcost_assets.billing.boundary import reading
from mlcost_assets.billing.columns import FileColumns, is_bill, without_duplicates
from mlcost_assets.billing.formats import CUR
from mlcost_assets.billing.unpacking import LONGEST_LINE, unpack
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.macros import all_macros

# DuckDB holds some buffers of text at once; each must be longer than a line, and its default is sixteen times that.
_BUFFER = 2 * LONGEST_LINE
# A file with more lines than this that have not as many fields as the header is no CSV of a bill, or not this one.
_MOST_TORN = 10_000
_KEEP_TORN = ", store_rejects = true, rejects_table = 'torn', rejects_scan = 'torn_scan'"

Rows = list[tuple[Any, ...]]
# SQL made from that of a file's rows, and from their columns.
_Statement = Callable[[str, FileColumns], str]


class TornLine(NamedTuple):
    """A line that could not be split into as many fields as its file's header has."""

    file: str
    line: int
    reason: str
    text: str


def unpack_csv(
    lake: duckdb.DuckDBPyConnection, store: Store, files: Sequence[Object], target: Path
) -> tuple[TornLine, ...]:
    """Writes the rows of each of `files`, with its key and each row's number in it, to a Parquet file in the
    folder `target`; gives the torn lines.

    The columns are those of each file's own header, never guessed, so that account ids keep their zeros. One file is
    unpacked at a time: the disk holds one, however many there are. A DuckDB of its own reads them, with the bounds of
    `lake`: what a damaged file does to it ends with it.
    Raises DropRejectedError for a file that is empty, cut off or damaged, goes beyond all bounds or has a column twice.
    """
    torn: list[TornLine] = []
    with _reader(lake, target) as connection:
        for number, file in enumerate(files):
            parquet = quote(str(target / f"{number:06}.parquet"))
            torn += _read(connection, store, file, target, partial(_copy, parquet))[1]
    return tuple(torn)


def _copy(parquet: str, rows: str, _: FileColumns) -> str:
    return f"COPY ({rows}) TO {parquet} (FORMAT parquet)"


def query_csv(lake: duckdb.DuckDBPyConnection, store: Store, file: Object, target: Path, statement: _Statement) -> Rows:
    """What `statement` gives of the rows of `file`, bounded and refused as in `unpack_csv`; no more of its text is
    made into columns than the statement asks for."""
    with _reader(lake, target) as connection:
        connection.execute(f"SET TimeZone = 'UTC'; {all_macros()}")
        return _read(connection, store, file, target, statement)[0]


@contextmanager
def _reader(lake: duckdb.DuckDBPyConnection, target: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=_bounds(lake, target)) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand in the output
        yield connection


def _read(
    connection: duckdb.DuckDBPyConnection, store: Store, file: Object, target: Path, statement: _Statement
) -> tuple[Rows, list[TornLine]]:
    plain = target / "plain.csv"
    with reading(file.key, store.location):
        unpack(store, file, plain)
        names = _header(file, plain)
        columns = FileColumns(dict.fromkeys(names, "VARCHAR"))
        try:
            return connection.execute(statement(_scan(file, plain, names), columns)).fetchall(), []
        except duckdb.InvalidInputException:  # a line is torn: the others count
            _refuse_mostly_torn(file, plain, len(names))
            rows = connection.execute(statement(_scan(file, plain, names, _KEEP_TORN), columns)).fetchall()
            return rows, _torn(connection, file)
        finally:
            plain.unlink(missing_ok=True)


def _bounds(lake: duckdb.DuckDBPyConnection, target: Path) -> dict[str, Any]:
    limits = lake.execute("SELECT current_setting('memory_limit'), current_setting('threads')").fetchone() or ()
    # Row numbers are counted while reading, so here the order of a file matters.
    return dict(zip(("memory_limit", "threads"), map(str, limits), strict=False)) | {
        "preserve_insertion_order": "true",
        "temp_directory": str(target / "spill"),
    }


def _scan(file: Object, path: Path, names: Sequence[str], torn: str = "") -> str:
    columns = ", ".join(f"{quote(name)}: 'VARCHAR'" for name in names)
    return (
        f"SELECT *, {quote(file.key)} AS x_source_file, row_number() OVER () - 1 AS x_source_row"
        f" FROM read_csv({quote(str(path))}, columns = {{{columns}}}, header = true, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', nullstr = ['', 'NULL', 'null'], max_line_size = {LONGEST_LINE},"
        f" buffer_size = {_BUFFER}{torn})"
    )


def _refuse_mostly_torn(file: Object, path: Path, width: int) -> None:
    """DuckDB keeps a message of every torn line in memory; so they are counted before it sees them."""
    torn, first, line = 0, 0, 1
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        rows = csv.reader(lines)
        while torn < _MOST_TORN:
            line = rows.line_num + 1
            try:
                is_torn = len(row := next(rows)) != width and bool(row)
            except StopIteration:
                return
            except csv.Error:  # a field without an end
                is_torn = True
            torn += is_torn
            first = first or (line if is_torn else 0)
    raise DropRejectedError(
        f"{excerpt(file.key, 160)} has {_MOST_TORN:,} lines or more that are no rows, line {first} first"
    )


def _header(file: Object, path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        reader = csv.reader(lines)
        names = next(reader, [])
        widest = len(names)
        with suppress(csv.Error):  # a torn row is for DuckDB to tell, with its line
            widest = max(map(len, itertools.islice(reader, 100)), default=widest)
    if not any(names):
        raise DropRejectedError(f"{excerpt(file.key, 160)} is empty: not even a header")
    if not is_bill(names):  # what is left of a packed file passes for text; its rows would be missed by nobody
        first = ", ".join(excerpt(name, 20) for name in names[:5])
        raise DropRejectedError(
            f"{excerpt(file.key, 160)} is no billing export: neither line_item_unblended_cost nor BilledCost among its"
            f" columns ({first}, …)"
        )
    # Some writers leave out the last cells of every row when they are empty.
    unique, twice = without_duplicates(names[:widest], CUR.flat_maps.values())
    if twice:
        raise DropRejectedError(f"{excerpt(file.key, 160)} has the column {excerpt(twice)} twice")
    return unique


def _torn(connection: duckdb.DuckDBPyConnection, file: Object) -> list[TornLine]:
    rows = connection.execute(
        "SELECT line, any_value(error_message), any_value(left(csv_line, 2000)) FROM torn GROUP BY 1 ORDER BY 1"
    ).fetchall()
    connection.execute("DROP TABLE torn; DROP TABLE torn_scan")
    return [TornLine(file.key, line, excerpt(reason, 160), text) for line, reason, text in rows]
