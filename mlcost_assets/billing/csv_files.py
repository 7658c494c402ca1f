"""CSV files of a drop, unpacked and checked, as Parquet files of texts."""

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.billing.boundary import reading
from mlcost_assets.billing.columns import FileColumns, is_bill, told_apart
from mlcost_assets.billing.mending import mend
from mlcost_assets.billing.unpacking import LONGEST_LINE, unpack
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.macros import all_macros

# DuckDB holds some buffers of text at once; each must be longer than a line, and its default is sixteen times that.
_BUFFER = 2 * LONGEST_LINE
# The column that says of a row why it is none.
TORN = "x_torn"

Rows = list[tuple[Any, ...]]
# SQL made from that of a file's rows, and from their columns.
_Statement = Callable[[str, FileColumns], str]


def unpack_csv(lake: duckdb.DuckDBPyConnection, store: Store, files: Sequence[Object], target: Path) -> list[str]:
    """Writes the rows of each of `files`, with its key and each row's number in it, to a Parquet file in the
    folder `target`; `x_torn` says of a row why it is none. Gives what is to be said of odd rows that were read.

    The columns are those of each file's own header, never guessed, so that account ids keep their zeros. One file is
    unpacked at a time: the disk holds one, however many there are. A DuckDB of its own reads them, with the bounds of
    `lake`: what a damaged file does to it ends with it.
    Raises DropRejectedError for a file that is empty, cut off or damaged, or goes beyond all bounds.
    """
    remarks: list[str] = []
    with _reader(lake, target) as connection:
        for number, file in enumerate(files):
            parquet = quote(str(target / f"{number:06}.parquet"))
            remarks += _read(connection, store, file, target, partial(_copy, parquet))[1]
    return remarks


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
) -> tuple[Rows, list[str]]:
    plain, mended = target / "plain.csv", target / "mended.csv"
    with reading(file.key, store.location):
        remarks = unpack(store, file, plain)
        names, width = _header(file, plain)
        columns = FileColumns(dict.fromkeys(names, "VARCHAR"))
        try:
            return connection.execute(statement(_scan(file, plain, names[:width]), columns)).fetchall(), remarks
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:  # of a row that is none, or none to DuckDB: the others count
            remarks += mend(excerpt(file.key, 160), plain, mended, names)
            return connection.execute(statement(_scan(file, mended, [*names, TORN]), columns)).fetchall(), remarks
        finally:
            plain.unlink(missing_ok=True)
            mended.unlink(missing_ok=True)


def _bounds(lake: duckdb.DuckDBPyConnection, target: Path) -> dict[str, Any]:
    limits = lake.execute("SELECT current_setting('memory_limit'), current_setting('threads')").fetchone() or ()
    # Row numbers are counted while reading, so here the order of a file matters.
    return dict(zip(("memory_limit", "threads"), map(str, limits), strict=False)) | {
        "preserve_insertion_order": "true",
        "temp_directory": str(target / "spill"),
    }


def _scan(file: Object, path: Path, names: Sequence[str]) -> str:
    columns = ", ".join(f"{quote(name)}: 'VARCHAR'" for name in names)
    torn = "" if TORN in names else f", CAST(NULL AS VARCHAR) AS {TORN}"
    return (
        f"SELECT *{torn}, {quote(file.key)} AS x_source_file, row_number() OVER () - 1 AS x_source_row"
        f" FROM read_csv({quote(str(path))}, columns = {{{columns}}}, header = true, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', nullstr = ['', 'NULL', 'null'], max_line_size = {LONGEST_LINE},"
        f" buffer_size = {_BUFFER})"
    )


def _header(file: Object, path: Path) -> tuple[list[str], int]:
    """Names for the columns of the file at `path`, each once, and how many cells the rows of its beginning have."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        names = next(reader, [])
        widths = [len(names)]
        with suppress(csv.Error):  # a row that is none is told when all are read
            widths = [len(row) for row in itertools.islice(reader, 100) if any(row)] or widths
    if not any(names):
        raise DropRejectedError(f"{excerpt(file.key, 160)} is empty: not even a header")
    if not is_bill(names):  # what is left of a packed file passes for text; its rows would be missed by nobody
        first = ", ".join(excerpt(name, 20) for name in names[:5])
        raise DropRejectedError(
            f"{excerpt(file.key, 160)} is no billing export: neither line_item_unblended_cost nor BilledCost among its"
            f" columns ({first}, …)"
        )
    # Some writers leave out the last cells of every row when they are empty, others end every row with a comma.
    width = max(widths) if max(widths) < len(names) else max(min(widths), len(names))
    return told_apart([*names, *[""] * (width - len(names))]), width
