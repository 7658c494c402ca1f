"""The published catalog: the one small file whose replacement makes a refresh visible."""

from pathlib import Path

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.errors import StorageError
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.mark import read_mark
from mlcost_assets.lake.objects import Store
from mlcost_assets.lake.stores import open_store

KEY = "catalog.ducklake"
# The version before the published one. Its data files stay as long as it is the spare (maintenance.py).
SPARE = "catalog.before.ducklake"
DATA = "data/"


class Catalog:
    """The published version of the lake at a local folder or S3 prefix."""

    def __init__(self, config: Config) -> None:
        self.store: Store = open_store(config.lake)
        self.data_path = self.store.uri(DATA).rstrip("/") + "/"

    def version(self) -> str:
        """What identifies the published catalog; '' before the first refresh."""
        published = self.store.stat(KEY)
        return published.etag if published else ""

    def fetch(self, target: Path) -> str:
        """Copies the published catalog to `target` and gives its version; '' when nothing was ever published.

        Reading tells the version before and after, so that the copy and its version belong together. Raises
        StorageError where a lake that was published has no catalog: to take it for a new one would give up its data.
        """
        while version := self.version():
            content = self.store.read(KEY)
            if self.version() == version:
                target.write_bytes(content)
                return version
        mark = read_mark(self.store)
        if mark and mark.published:
            raise StorageError(
                f"{self.store.uri(KEY)} is not there, but this lake was published before; nothing was touched. If its"
                " storage was out of reach for a moment, try again; else `mlcost doctor --repair` brings it back."
            )
        return ""

    def publish(self, working: Path, *, before: Path | None, replaces: str) -> None:
        """Puts the working copy in the place of version `replaces`, of which `before` is a copy, kept as the spare.

        Raises LakeConflictError.
        """
        if before:
            self.store.write(SPARE, before.read_bytes())
        self.store.write(KEY, working.read_bytes(), replaces=replaces)

    def attach(self, connection: duckdb.DuckDBPyConnection, copy: Path, *options: str) -> None:
        """Attaches the catalog in the file `copy` as `lake`. Raises StorageError when it is damaged."""
        given = ", ".join([f"DATA_PATH {quote(self.data_path)}", "OVERRIDE_DATA_PATH true", *options])
        try:
            connection.execute(f"ATTACH {quote(f'ducklake:{copy}')} AS lake ({given})")
        except duckdb.Error as error:
            said = str(error).strip().splitlines()[0][:200]
            raise StorageError(f"{self.store.uri(KEY)} is damaged ({said}). Mend: `mlcost doctor --repair`.") from None
