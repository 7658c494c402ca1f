"""Files through one small set of verbs, and those of a local folder; s3.py has those of a bucket.

Keys are relative to the store's location and use `/`.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Protocol

from mlcost_assets.config.locations import OWN_FOLDER
from mlcost_assets.errors import LakeConflictError, StorageError

# The end of the name of a file that is being written; one whose writer was killed keeps it.
UNFINISHED = ".writing"


@dataclass(frozen=True)
class Object:
    """One file: its key below the store's root, and what tells its content from another."""

    key: str
    size: int
    etag: str
    modified: datetime


class Store(Protocol):
    """What both kinds of location can do. `bucket` is None for a folder."""

    location: str
    bucket: str | None

    def list(self, prefix: str = "") -> Iterator[Object]:
        """Every object whose key starts with `prefix`, in key order; of a folder .mlcost, which is ours, none."""

    def look(self, folder: str = "") -> tuple[Sequence[str], Sequence[Object]]:
        """The folders and the objects right in `folder`; folders, `folder` too, end with a /."""

    def stat(self, key: str) -> Object | None:
        """The object, or None where there is none."""

    def read(self, key: str) -> bytes:
        """The whole content. Raises StorageError."""

    def open(self, key: str) -> AbstractContextManager[BufferedReader]:
        """The content as a stream. Raises StorageError."""

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """Puts `content` at `key`, atomically. `replaces` is the ETag that must stand there now ('' for
        nothing); when another stands there, LakeConflictError is raised and nothing is written."""

    def delete(self, key: str) -> None:
        """Removes the object if it is there."""

    def uri(self, key: str) -> str:
        """The object as DuckDB opens it."""


class LocalStore:
    """A folder. An ETag is made of size and modification time, as rsync and make do."""

    bucket: str | None = None

    def __init__(self, location: str) -> None:
        self.location = location
        self._root = Path(location)

    def list(self, prefix: str = "") -> Iterator[Object]:
        """See Store. A key part of `prefix` is a folder's name or the beginning of one."""
        top = self._root / prefix.rpartition("/")[0]
        found = []
        for folder, below, names in os.walk(top, onerror=_unreadable):
            below[:] = [name for name in below if name != OWN_FOLDER]
            for name in names:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix) and (entry := self.stat(key)):
                    found.append(entry)
        yield from sorted(found, key=lambda entry: entry.key)

    def look(self, folder: str = "") -> tuple[Sequence[str], Sequence[Object]]:
        """See Store."""
        try:
            names = sorted(os.scandir(self._root / folder), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return [], []
        except OSError as error:
            raise StorageError(f"{self.uri(folder)} cannot be listed: {error.strerror}") from None
        inside = [entry.name for entry in names if not entry.is_dir()]
        objects = [found for name in inside if (found := self.stat(folder + name))]
        return [f"{folder}{entry.name}/" for entry in names if entry.is_dir() and entry.name != OWN_FOLDER], objects

    def stat(self, key: str) -> Object | None:
        """See Store."""
        try:
            status = self._path(key).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(f"{self.uri(key)} cannot be read: {error.strerror}") from None
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
        return Object(key, status.st_size, f"{status.st_size:x}-{status.st_mtime_ns:x}", modified)

    def read(self, key: str) -> bytes:
        """See Store."""
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BufferedReader]:
        """See Store."""
        try:
            file = self._path(key).open("rb")
        except OSError as error:
            raise StorageError(f"{self.uri(key)} cannot be read: {error.strerror}") from None
        with file:
            yield file

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """See Store. Written beside the target and renamed over it, so that a crash leaves the old one or the new."""
        target = self._path(key)
        standing = self.stat(key)
        if replaces is not None and (standing.etag if standing else "") != replaces:
            raise LakeConflictError(f"{target} was replaced meanwhile")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=UNFINISHED)
        except OSError as error:
            raise StorageError(f"{target} cannot be written: {error.strerror}") from None
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
            sync(target.parent)
        except BaseException as error:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
            if isinstance(error, OSError):
                raise StorageError(f"{target} cannot be written: {error.strerror}") from None
            raise

    def delete(self, key: str) -> None:
        """See Store."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{self.uri(key)} cannot be removed: {error.strerror}") from None

    def uri(self, key: str) -> str:
        """See Store."""
        return str(self._root / key)

    def _path(self, key: str) -> Path:
        """Where `key` lies, which is never outside of the root, whoever wrote the key."""
        if PurePosixPath(key).is_absolute() or ".." in PurePosixPath(key).parts or "\0" in key:
            raise StorageError(f"{key!r} is no key: it does not lie below {self.location}")
        return self._root / key


def sync(path: Path) -> None:
    """Makes a file, or the names in a folder, outlast a loss of power. Raises StorageError."""
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise StorageError(f"{path} cannot be written to disk: {error.strerror}") from None


def _unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise StorageError(f"{error.filename} cannot be listed: {error.strerror}")
