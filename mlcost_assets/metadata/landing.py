"""Reading the landing zone: new files only, line by line, nothing lost.

A file that ends in the middle (a truncated gzip, a lost connection) gives the lines before its end. Lines go to
DuckDB as raw bytes; what is a record and what is not is decided there.
"""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.objects import Object, Store

_BATCH_LINES, _BATCH_BYTES = 50_000, 32_000_000
LONGEST_LINE = 16_000_000
_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")


def new_files(store: Store, connection: duckdb.DuckDBPyConnection | None) -> list[Object]:
    """The landed files that were not read yet, or were appended to since; `connection` None: all of them."""
    known = {}
    if connection:
        known = dict(connection.execute("SELECT file, etag FROM metadata_files").fetchall())
    return [entry for entry in store.list() if entry.key.endswith(_SUFFIXES) and known.get(entry.key) != entry.etag]


@dataclass
class Landed:
    """One landed file while it is read: `lines` counts them, `error` says why it ended early."""

    store: Store
    entry: Object
    lines: int = 0
    error: str | None = None

    def raw_lines(self) -> Iterator[tuple[bytes, int]]:
        """Its lines with their lengths, to its end or where it breaks; of one beyond any API answer the beginning."""
        try:
            raw = io.BytesIO(self.store.read(self.entry.key))
            # The magic number decides, not the name: some tools serve .gz unpacked.
            packed = raw.getvalue()[:2] == b"\x1f\x8b"
            with gzip.GzipFile(fileobj=raw) if packed else raw as stream:
                while line := stream.readline(LONGEST_LINE + 1):
                    self.lines += 1
                    yield (line, len(line)) if len(line) <= LONGEST_LINE else (line[:2000], len(line) + _rest(stream))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.error = f"ends early: {error}"
        except StorageError as error:
            self.error = str(error)


def _rest(stream: gzip.GzipFile | io.BytesIO) -> int:
    """Skips to the end of the line, without holding it; gives the bytes skipped."""
    skipped = 0
    while part := stream.readline(1_000_000):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def batches(files: Iterable[Landed]) -> Iterator[pa.Table]:
    """The lines of `files` as tables of (file, line, content, bytes), a bounded number of lines and bytes each."""
    batch: list[tuple[str, int, bytes, int]] = []
    size = 0
    for file in files:
        for line, length in file.raw_lines():
            batch.append((file.entry.key, file.lines, line, length))
            size += len(line)
            if len(batch) == _BATCH_LINES or size > _BATCH_BYTES:
                yield _table(batch)
                batch, size = [], 0
    if batch:
        yield _table(batch)


def _table(batch: list[tuple[str, int, bytes, int]]) -> pa.Table:
    files, lines, contents, sizes = zip(*batch, strict=True)
    return pa.table(
        {
            "file": pa.array(files, pa.string()),
            "line": pa.array(lines, pa.int64()),
            "content": pa.array(contents, pa.binary()),
            "bytes": pa.array(sizes, pa.int64()),
        }
    )
