"""What files hold, remembered: each content is looked into once, however often it is asked for.

A time says little of a local file: a copy and a restored backup have other times and the same content. So content is
told by a digest, and a file is read for it only where its size or its time is not what it was.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from mlcost_assets.lake.home import make_private
from mlcost_assets.lake.objects import LocalStore, Object, Store

_TABLE = "CREATE TABLE IF NOT EXISTS findings (what TEXT, place TEXT, etag TEXT, value TEXT, PRIMARY KEY (what, place))"


class Contents:
    """Findings about files, kept in `home`; lost or damaged ones are made anew."""

    def __init__(self, home: Path) -> None:
        self._file = home / "contents.sqlite"

    def digest(self, store: Store, entry: Object) -> str:
        """`digest_of` an entry, remembered. Raises StorageError."""
        if not isinstance(store, LocalStore):
            return digest_of(store, entry)
        return str(self.finding("digest", store, entry, lambda: digest_of(store, entry)))

    def finding(self, what: str, store: Store, entry: Object, find: Callable[[], Any]) -> Any:
        """What `find` gave when `entry` was asked for `what` with the content that it has now, as JSON keeps it.

        A file that changed while `find` looked into it is looked into again the next time.
        """
        key = what, store.uri(entry.key), f"{entry.size} {entry.etag}"
        if (known := self._known(*key)) is not None:
            return json.loads(known)
        found = find()
        now = store.stat(entry.key)
        if now and (now.size, now.etag) == (entry.size, entry.etag):
            self._keep(*key, json.dumps(found))
        return found

    def _known(self, what: str, place: str, etag: str) -> str | None:
        asked = "SELECT value FROM findings WHERE what = ? AND place = ? AND etag = ?"
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._file)) as notes:
            row = notes.execute(asked, (what, place, etag)).fetchone()
            return str(row[0]) if row else None
        return None

    def _keep(self, *finding: str) -> None:
        make_private(self._file.parent)
        try:
            with closing(sqlite3.connect(self._file)) as notes, notes:
                notes.execute("PRAGMA synchronous = OFF")  # what a loss of power takes is found again
                notes.execute(_TABLE)
                notes.execute("INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?)", finding)
        except sqlite3.OperationalError:
            pass  # a full disk, or another process that writes: it is found again
        except sqlite3.DatabaseError:
            self._file.unlink(missing_ok=True)


def digest_of(store: Store, entry: Object) -> str:
    """What tells the content of `entry` from every other: the ETag in S3, else a SHA-256. Raises StorageError."""
    if not isinstance(store, LocalStore):
        return entry.etag
    with store.open(entry.key) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
