"""Reading the landing zone: new files only, line by line, nothing lost, a bounded part of a file in memory.

A file that ends in the middle (a truncated gzip, a lost connection) gives the lines before its end, and so does one
that unpacks to far more than it can be. Lines go to DuckDB as raw bytes; what is a record and what is not is decided
there, but for lines that nothing should parse.
"""

import gzip
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import NamedTuple

import duckdb
import pyarrow as pa

from mlcost_assets.errors import StorageError, excerpt
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.objects import Object, Store

_BATCH_LINES, _BATCH_BYTES = 50_000, 16_000_000
# DuckDB parses some thousand lines at once, with several copies of each, so few long ones make a batch.
_LONG, _TIMES = 100_000, 8
# An API's answer has at most a few million bytes; parsing takes a multiple of a line.
LONGEST_LINE = 4_000_000
_DEEPEST = 200
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|[\]}]')
# Records pack to a twentieth of their size; what packs better than this is made to fill a memory.
_MOST_TIMES, _ALWAYS_ALLOWED = 200, 100_000_000
_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")

_READ = """
    WITH files AS (  -- a lake that an earlier version published has no digest
        FROM metadata_files UNION ALL BY NAME SELECT CAST(NULL AS VARCHAR) AS digest WHERE false
    )
    SELECT file, etag, bytes, digest FROM files
"""


class Line(NamedTuple):
    """One line of a file; of one that nothing should parse (`fault` says why) the beginning only."""

    number: int
    content: bytes
    fault: str | None


def new_files(store: Store, connection: duckdb.DuckDBPyConnection | None, contents: Contents) -> list[Object]:
    """The landed files that were not read yet, or were appended to since; `connection` None: all of them.

    A copy of what was read is not new, whatever its time is: files of the same size and another time are compared.
    """
    known = {}
    if connection:
        known = {file: read for file, *read in connection.execute(_READ).fetchall()}

    def is_new(entry: Object) -> bool:
        etag, size, digest = known.get(entry.key, (None, None, None))
        return etag != entry.etag and (size != entry.size or not digest or digest != contents.digest(store, entry))

    return [entry for entry in store.list() if entry.key.endswith(_SUFFIXES) and is_new(entry)]


@dataclass
class Landed:
    """One landed file while it is read: `lines` counts them, `error` says why it ended early.

    `broken_off` tells that the store did not give all of it, so that it is to be read again.
    """

    store: Store
    entry: Object
    lines: int = 0
    error: str | None = None
    broken_off: bool = False

    def raw_lines(self) -> Iterator[Line]:
        """Its lines, to its end or where it breaks."""
        try:
            with self.store.open(self.entry.key) as raw:
                # The magic number decides, not the name: some tools serve .gz unpacked.
                packed = raw.peek(2)[:2] == b"\x1f\x8b"
                with gzip.GzipFile(fileobj=raw) if packed else raw as stream:
                    yield from self._lines_of(stream)
        except StorageError as error:
            self.error, self.broken_off = excerpt(error, 300), True
        except (EOFError, OSError, ValueError, struct.error, zlib.error) as error:
            self.error = f"ends early: {excerpt(error, 300)}"

    def _lines_of(self, stream: gzip.GzipFile | BufferedReader) -> Iterator[Line]:
        most, seen = max(_ALWAYS_ALLOWED, _MOST_TIMES * self.entry.size), 0
        while line := stream.readline(LONGEST_LINE + 1):
            length = len(line) if len(line) <= LONGEST_LINE else len(line) + _rest(stream, most - seen)
            seen += length
            if seen > most:
                self.error = (
                    f"ends early: it unpacks to more than {most:,} bytes, which is no file of {self.entry.size:,}"
                )
                return
            self.lines += 1
            fault = _fault(line, length)
            yield Line(self.lines, line[:2000] if fault else line, fault)


def _fault(line: bytes, length: int) -> str | None:
    """Why nothing should parse `line`, which has `length` bytes; None where it may be a record."""
    if length > LONGEST_LINE:
        return f"the line has {length} bytes; an API answer has at most a few million"
    if line.count(b"[") + line.count(b"{") > _DEEPEST:
        depth = 0
        for found in _BRACKETS.finditer(line):
            depth += 0 if found[0][:1] == b'"' else 1 if found[1] else -1
            if depth > _DEEPEST:
                return f"the line nests more than {_DEEPEST} levels; no API answer does"
    return None


def _rest(stream: gzip.GzipFile | BufferedReader, most: int) -> int:
    """Skips to the end of the line, or `most` bytes, without holding them; gives the bytes skipped."""
    skipped = 0
    while skipped <= most and (part := stream.readline(1_000_000)):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def batches(files: Iterable[Landed]) -> Iterator[pa.Table]:
    """The lines of `files` as tables of (file, line, content, fault), a bounded number of lines and bytes each."""
    batch: list[tuple[str, Line]] = []
    size = 0
    for file in files:
        for line in file.raw_lines():
            batch.append((file.entry.key, line))
            size += len(line.content) * (_TIMES if len(line.content) > _LONG else 1)
            if len(batch) == _BATCH_LINES or size > _BATCH_BYTES:
                yield _table(batch)
                batch, size = [], 0
    if batch:
        yield _table(batch)


def _table(batch: list[tuple[str, Line]]) -> pa.Table:
    return pa.table(
        {
            "file": pa.array([file for file, _ in batch], pa.string()),
            "line": pa.array([line.number for _, line in batch], pa.int64()),
            "content": pa.array([line.content for _, line in batch], pa.binary()),
            "fault": pa.array([line.fault for _, line in batch], pa.string()),
        }
    )
