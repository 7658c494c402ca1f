"""The published catalog: the one small file whose replacement makes a refresh visible."""

from pathlib import Path

from mlcost_assets.config import Config
from mlcost_assets.lake.objects import LocalStore, Store
from mlcost_assets.lake.stores import open_store

KEY = "catalog.ducklake"
DATA = "data/"


class Catalog:
    """The published version of the lake at a local folder or S3 prefix."""

    def __init__(self, config: Config) -> None:
        self._store: Store = open_store(config.lake)
        self.data_path = self._store.uri(DATA).rstrip("/") + "/"

    def version(self) -> str:
        """What identifies the published catalog; '' before the first refresh."""
        published = self._store.stat(KEY)
        return published.etag if published else ""

    def fetch(self, target: Path) -> str:
        """Copies the published catalog to `target` and gives its version; '' when there is none.

        Reading tells the version before and after, so that the copy and its version belong together.
        """
        while version := self.version():
            content = self._store.read(KEY)
            if self.version() == version:
                target.write_bytes(content)
                return version
        return ""

    def publish(self, working: Path, replaces: str) -> None:
        """Puts the working copy in the place of version `replaces`. Raises LakeConflictError."""
        self._store.write(KEY, working.read_bytes(), replaces=replaces)

    @property
    def bucket(self) -> str | None:
        """The bucket when the lake is on S3."""
        return None if isinstance(self._store, LocalStore) else self._store.location.split("/")[2]
