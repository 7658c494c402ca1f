"""A small installation for tests: its exports, landing zone and rules, refreshed and queried as a user does."""

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from mlcost_assets.automation.instance import dagster_home
from mlcost_assets.automation.run import refresh_now
from mlcost_assets.automation.told import Refreshed
from mlcost_assets.config import Config, load_config
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.brief_log import brief_instance
from mlcost_assets_tests.exports import ACCOUNT, Row, write_export

Record = dict[str, Any]


def record(
    kind: str,
    id_: str,
    body: dict[str, Any],
    *,
    at: str = "2026-10-05T06:00:00Z",
    tags: dict[str, str] | None = None,
    account: str = ACCOUNT,
) -> Record:
    """A metadata record as it lands (docs/contract.md#metadata-records)."""
    return {
        "collected_at": at,
        "account_id": account,
        "region": "us-east-1",
        "kind": kind,
        "id": id_,
        "tags": tags if tags is not None else {},
        "body": body,
    }


def arn(resource: str, account: str = ACCOUNT) -> str:
    """The ARN of a SageMaker resource, `training-job/x`."""
    return f"arn:aws:sagemaker:us-east-1:{account}:{resource}"


@cache
def _begun() -> "World":
    """An installation whose lake has its tables and nothing in them, and whose Dagster has no runs; it lives as long as
    this process."""
    folder = tempfile.TemporaryDirectory(prefix="begun-")
    atexit.register(folder.cleanup)
    world = World(Path(folder.name))
    with LakeWriter(world.config) as lake:
        lake.publish()
    dagster_home(world.config)
    return world


# The reader of the installation that was asked last: opening a lake costs a tenth of a second of CPU, and a reader
# follows what is published. On S3 it is opened anew: tests change endpoint and credentials under it.
_reading: list[tuple[Config, LakeReader]] = []


def _reader(config: Config) -> LakeReader:
    if not _reading or _reading[0][0] != config or config.lake.startswith("s3://"):
        _stop_reading()
        _reading.append((config, LakeReader(config)))
    return _reading[0][1]


@atexit.register
def _stop_reading() -> None:
    while _reading:
        _reading.pop()[1].close()


class World:
    """An installation in a folder. `settings` are lines of mlcost.yaml beside the two locations."""

    def __init__(self, folder: Path, *, exports: tuple[str, ...] = ("payer",), settings: str = "") -> None:
        self.folder = folder
        self.metadata = folder / "metadata"
        self.metadata.mkdir(parents=True)
        for name in exports:
            (folder / "billing" / name).mkdir(parents=True)
        self._exports = exports
        self.configure(settings)

    def configure(self, settings: str = "", exports: tuple[str, ...] | None = None, *, lake: str = "") -> None:
        """Writes mlcost.yaml."""
        self._exports = exports or self._exports
        listed = "".join(f"    - {{name: {name}, uri: billing/{name}}}\n" for name in self._exports)
        where = f"lake: {lake}\n" if lake else ""
        (self.folder / "mlcost.yaml").write_text(
            f"{where}billing:\n  exports:\n{listed}metadata: {{uri: metadata}}\n{settings}"
        )

    def copy(self, folder: Path) -> "World":
        """The installation once more, in another folder, as it stands."""
        twin = World.__new__(World)
        twin.__dict__.update(self.__dict__)
        twin.folder = Path(shutil.copytree(self.folder, folder))
        twin.metadata = twin.folder / "metadata"
        return twin

    def begin(self) -> None:
        """Gives a new installation its lake and its Dagster, empty: making their tables takes two seconds of CPU,
        copying them none."""
        if not self.config.home.exists() and Path(self.config.lake).is_relative_to(self.config.home):
            shutil.copytree(_begun().config.home, self.config.home)

    @property
    def config(self) -> Config:
        return load_config(self.folder / "mlcost.yaml")

    def root(self, export: str = "payer") -> Path:
        return self.folder / "billing" / export

    def bill(self, rows: list[Row], *, export: str = "payer", **how: Any) -> Path:
        """Delivers `rows`; see write_export."""
        return write_export(self.root(export), rows, **how)

    def rules(self, text: str) -> None:
        """Writes rules.yaml and names it in mlcost.yaml."""
        (self.folder / "rules.yaml").write_text(text)
        self.configure("attribution: {rules: rules.yaml}\n")

    def land(self, *records: Record, file: str = "records.jsonl") -> None:
        """Lets `records` land in one file of the landing zone."""
        target = self.metadata / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(json.dumps(one) + "\n" for one in records))

    def refresh(self, *periods: str, everything: bool = False) -> Refreshed:
        """`mlcost refresh`, of its run only what is needed is kept; fails the test where a step fails."""
        self.begin()
        with brief_instance() as instance:
            done = refresh_now(self.config, list(periods), everything=everything, quiet=True, instance=instance)
        assert not done.failures, done.failures
        return done

    def query(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over the published tables."""
        return _reader(self.config).query(sql, given).fetchall()

    def dicts(self, sql: str, **given: Any) -> list[dict[str, Any]]:
        """The same by column name."""
        return as_dicts(_reader(self.config).query(sql, given))
