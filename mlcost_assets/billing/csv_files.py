"""CSV files of a drop, unpacked and checked, as Parquet files of texts.

AWS packs CSV with gzip, in legacy reports also with ZIP. A truncated gzip file must not pass for a short one, and
DuckDB does not tell the difference; so it is unpacked here, where length and checksum are verified, and read by DuckDB
as plain text.
"""

import csv
import gzip
import itertools
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

import duckdb

from mlcost_assets.billing.columns import without_duplicates
from mlcost_assets.billing.formats import CUR
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store

_LONGEST_LINE = 16_000_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_CHUNK = 1 << 20


class TornLine(NamedTuple):
    """A line that could not be split into as many fields as its file's header has."""

    file: str
    line: int
    reason: str
    text: str


def unpack_csv(
    connection: duckdb.DuckDBPyConnection, store: Store, files: Sequence[Object], target: Path
) -> tuple[TornLine, ...]:
    """Writes the rows of each of `files`, with its key and each row's number in it, to a Parquet file in the
    folder `target`; gives the torn lines.

    The columns are those of each file's own header, never guessed, so that account ids keep their zeros. One file is
    unpacked at a time: the disk holds one, however many there are.
    Raises DropRejectedError for a file that is empty, cut off or has a column twice.
    """
    plain = target / "plain.csv"
    torn: list[TornLine] = []
    # Row numbers are counted while reading, so here the order of a file matters.
    connection.execute("SET preserve_insertion_order = true")
    try:
        for number, file in enumerate(files):
            _unpack(store, file, plain)
            parquet = quote(str(target / f"{number:06}.parquet"))
            connection.execute(f"COPY ({_scan(file, plain)}) TO {parquet} (FORMAT parquet)")
            torn += _torn(connection, file)
    finally:
        connection.execute("SET preserve_insertion_order = false")
        plain.unlink(missing_ok=True)
    return tuple(torn)


def _unpack(store: Store, file: Object, target: Path) -> None:
    with store.open(file.key) as packed, target.open("wb") as plain:
        # The first bytes decide, not the name: a .gz served with Content-Encoding may arrive unpacked.
        magic = packed.peek(4)[:4]
        try:
            if magic.startswith(_GZIP):
                shutil.copyfileobj(gzip.GzipFile(fileobj=packed), plain, _CHUNK)
            elif magic == _ZIP:
                _unzip(packed, plain)
            else:
                shutil.copyfileobj(packed, plain, _CHUNK)
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
            raise DropRejectedError(f"{file.key} is cut off or damaged: {error}") from None


def _unzip(packed: BufferedReader, plain: BinaryIO) -> None:
    """A ZIP of one CSV. Its directory is at its end, so it is copied to where one can seek."""
    with tempfile.TemporaryFile() as whole:
        shutil.copyfileobj(packed, whole, _CHUNK)
        with zipfile.ZipFile(whole) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) != 1:
                raise zipfile.BadZipFile(f"expected one file in it, found {len(names)}")
            with archive.open(names[0]) as member:
                shutil.copyfileobj(member, plain, _CHUNK)


def _scan(file: Object, path: Path) -> str:
    columns = ", ".join(f"{quote(name)}: 'VARCHAR'" for name in _header(file, path))
    return (
        f"SELECT *, {quote(file.key)} AS x_source_file, row_number() OVER () - 1 AS x_source_row"
        f" FROM read_csv({quote(str(path))}, columns = {{{columns}}}, header = true, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', nullstr = ['', 'NULL', 'null'], max_line_size = {_LONGEST_LINE},"
        " store_rejects = true, rejects_table = 'torn', rejects_scan = 'torn_scan')"
    )


def _header(file: Object, path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        reader = csv.reader(lines)
        names = next(reader, [])
        widest = max(map(len, itertools.islice(reader, 100)), default=len(names))
    if not any(names):
        raise DropRejectedError(f"{file.key} is empty: not even a header")
    # Some writers leave out the last cells of every row when they are empty.
    unique, twice = without_duplicates(names[:widest], CUR.flat_maps.values())
    if twice:
        raise DropRejectedError(f"{file.key} has the column {twice} twice")
    return unique


def _torn(connection: duckdb.DuckDBPyConnection, file: Object) -> list[TornLine]:
    rows = connection.execute(
        "SELECT line, any_value(error_message), any_value(csv_line) FROM torn GROUP BY 1 ORDER BY 1"
    ).fetchall()
    connection.execute("DROP TABLE torn; DROP TABLE torn_scan")
    return [TornLine(file.key, *row) for row in rows]
