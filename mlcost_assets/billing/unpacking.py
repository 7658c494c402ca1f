"""Unpacking one delivered file to plain text, within bounds: what claims to be far more than it can be is refused.

AWS packs CSV with gzip, in legacy reports also with ZIP. A truncated gzip file must not pass for a short one, and
DuckDB does not tell the difference; so it is unpacked here, where length and checksum are verified.
"""

import codecs
import gzip
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, BinaryIO

from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.objects import Object, Store

# Rows of a bill have some kilobytes, with hundreds of tags some dozens; DuckDB reads as long lines by default.
LONGEST_LINE = 2_000_000
# Bills pack to a tenth or a twentieth of their size; what packs better than this is made to fill a disk.
_MOST_TIMES, _ALWAYS_ALLOWED = 200, 100_000_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_CHUNK = 1 << 20
_REPLACEMENT = "\ufffd"
_LINE_END = re.compile(rb"[\r\n]")


def unpack(store: Store, file: Object, target: Path) -> list[str]:
    """Writes the text of `file` to `target` in UTF-8, a bounded part of it in memory; gives what is to be said of
    bytes that are no text, each of which is read as the replacement character.

    Raises DropRejectedError for a bomb or a line that no bill has, and what the unpackers raise where it is damaged.
    """
    with store.open(file.key) as packed, target.open("wb") as plain, _unpacked(packed, target.parent) as content:
        bounds, text = _Bounds(file), _Text()
        while chunk := content.read(_CHUNK):
            bounds.pass_on(chunk)
            plain.write(text.decoded(chunk))
        plain.write(text.decoded(b"", final=True))
    return text.remarks(file)


@contextmanager
def _unpacked(packed: BufferedReader, temporary: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    # The first bytes decide, not the name: a .gz served with Content-Encoding may arrive unpacked.
    magic = packed.peek(4)[:4]
    if magic.startswith(_GZIP):
        with gzip.GzipFile(fileobj=packed) as text:
            yield text
    elif magic == _ZIP:
        with tempfile.TemporaryFile(dir=temporary) as whole:
            # Its directory is at its end, so it is copied to where one can seek.
            shutil.copyfileobj(packed, whole, _CHUNK)
            with _only_member(whole) as text:
                yield text
    else:
        yield packed


@contextmanager
def _only_member(whole: BinaryIO) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(whole) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        if len(names) != 1:
            raise zipfile.BadZipFile(f"expected one file in it, found {len(names)}")
        with archive.open(names[0]) as member:
            yield member


class _Text:
    """Text as UTF-8, whatever its bytes are: UTF-16 where its first bytes say so, and nothing is refused."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_utf8 = True
        self._lines = 1
        self._replaced = 0
        self._first_line = 0

    def decoded(self, chunk: bytes, *, final: bool = False) -> bytes:
        """`chunk` in UTF-8; a character that its end cuts in two comes with the next one."""
        if self._decoder is None:
            self._is_utf8 = not chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            self._decoder = codecs.getincrementaldecoder("utf-8" if self._is_utf8 else "utf-16")("replace")
        if self._is_utf8 and chunk.isascii() and not self._decoder.getstate()[0]:  # nearly all of a bill
            self._lines += chunk.count(b"\n")
            return chunk
        text = self._decoder.decode(chunk, final)
        # The file's own replacement characters are text like any other.
        if more := text.count(_REPLACEMENT) - chunk.count(_REPLACEMENT.encode()) if _REPLACEMENT in text else 0:
            self._first_line = self._first_line or self._lines + text[: text.index(_REPLACEMENT)].count("\n")
            self._replaced += max(more, 0)
        self._lines += text.count("\n")
        return text.encode()

    def remarks(self, file: Object) -> list[str]:
        """What is to be said of it, if anything."""
        if not self._replaced:
            return []
        return [
            f"{excerpt(file.key, 160)} is not all UTF-8: {self._replaced:,} bytes are read as {_REPLACEMENT}, in line"
            f" {self._first_line:,} first"
        ]


class _Bounds:
    """What has been unpacked of a file, and whether a file can hold so much, in so long lines."""

    def __init__(self, file: Object) -> None:
        self._file = file
        self._unpacked = 0
        self._lines = 1
        self._open_line = 0  # bytes since the last line end

    def pass_on(self, chunk: bytes) -> None:
        """Counts `chunk`. Raises DropRejectedError when it goes beyond the bounds."""
        self._unpacked += len(chunk)
        if self._unpacked > max(_ALWAYS_ALLOWED, _MOST_TIMES * self._file.size):
            times = self._unpacked // max(self._file.size, 1)
            raise DropRejectedError(
                f"{excerpt(self._file.key, 160)} unpacks to more than {times} times its {self._file.size:,} bytes,"
                " which no bill does; it was not unpacked further"
            )
        end = _LINE_END.search(chunk)
        if self._open_line + (end.start() if end else len(chunk)) > LONGEST_LINE:
            raise DropRejectedError(
                f"{excerpt(self._file.key, 160)} line {self._lines:,} is longer than {LONGEST_LINE:,} bytes, which no"
                " row of a bill is"
            )
        # A line inside one chunk is shorter than the longest, so only those across its ends are looked at.
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._open_line = self._open_line + len(chunk) if last < 0 else len(chunk) - last - 1
        self._lines += chunk.count(b"\n") or chunk.count(b"\r")
