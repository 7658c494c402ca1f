"""Reading the landing zone: new files only, line by line, nothing lost.

A file that ends in the middle (a truncated gzip, a lost connection) gives the lines before its end. Lines go to
DuckDB as raw bytes; what is a record and what is not is decided there.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.objects import Object, Store

_BATCH_LINES = 20_000
_LONGEST_LINE = 16_000_000
_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")


def new_files(store: Store, connection: duckdb.DuckDBPyConnection | None) -> list[Object]:
    """The landed files that were not read yet, or were appended to since; `connection` None: all of them."""
    known = {}
    if connection:
        known = dict(connection.execute("SELECT file, etag FROM metadata_files").fetchall())
    return [
        entry for entry in store.list() if entry.key.endswith(_SUFFIXES) and known.get(entry.key) != entry.etag
    ]


@dataclass
class Landed:
    """One landed file while it is read: `lines` counts them, `error` says why it ended early."""

    store: Store
    entry: Object
    lines: int = 0
    error: str | None = None

    def batches(self) -> Iterator[pa.Table]:
        """Its lines as tables of (file, line, content, bytes), a bounded number of lines each."""
        content: list[bytes] = []
        first = 1
        for line in self._raw_lines():
            self.lines += 1
            content.append(line)
            if len(content) == _BATCH_LINES:
                yield self._table(first, content)
                content, first = [], self.lines + 1
        if content:
            yield self._table(first, content)

    def _table(self, first: int, content: list[bytes]) -> pa.Table:
        return pa.table(
            {
                "file": pa.array([self.entry.key] * len(content)),
                "line": pa.array(range(first, first + len(content)), pa.int64()),
                "content": pa.array([line[:2000] if len(line) > _LONGEST_LINE else line for line in content], pa.binary()),
                "bytes": pa.array([len(line) for line in content], pa.int64()),
            }
        )

    def _raw_lines(self) -> Iterator[bytes]:
        try:
            raw = io.BytesIO(self.store.read(self.entry.key))
            # The magic number decides, not the name: some tools serve .gz unpacked.
            packed = raw.getbuffer()[:2] == b"\x1f\x8b"
            yield from gzip.open(raw) if packed else raw
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.error = f"ends early: {error}"
        except StorageError as error:
            self.error = str(error)
