"""Reading the landing zone without Dagster: records in, history out."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.engine import connect, identifier
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import as_dicts, read_sql, run
from mlcost_assets.lake.stores import open_store
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata import records
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import Read, read_files, rebuild_history, see
from mlcost_assets_tests.world import World

TABLES = (
    "metadata_files", "metadata_records", "quarantined_records", "metadata_looks", "sightings", "resource_history",
)  # fmt: skip


class MemoryLake(LakeWriter):
    """Tables in memory: a writer without files and versions, which its tests are not about."""

    def __init__(self, names: Sequence[str] = TABLES, folder: Path | None = None) -> None:
        self._names = names
        self._threads = 0
        self._folder = folder or Path(tempfile.gettempdir())
        self.connection = connect()
        self.connection.execute("ATTACH ':memory:' AS lake; CREATE SCHEMA lake.internal")
        for table in (tables()[name] for name in names):
            columns = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
            self.connection.execute(f"CREATE TABLE {table.qualified} ({columns})")
        self.connection.execute("SET search_path = 'lake.main,lake.internal'")

    def clear(self) -> None:
        """Forgets all that was read."""
        for name in self._names:
            self.connection.execute(f"DELETE FROM {tables()[name].qualified}")


class Landing:
    """A lake into which a world's metadata is read."""

    def __init__(self, world: World, lake: LakeWriter) -> None:
        self.world = world
        self._lake = lake

    def read(self) -> Read:
        """Reads what is new, as the metadata assets do."""
        store = open_store(str(self.world.metadata))
        done = read_files(self._lake, store, new_files(store, self._lake.connection, Contents(self.world.config.home)))
        see(self._lake)
        self._lake.replace("metadata_looks", read_sql(records.__file__, "metadata_looks"))
        rebuild_history(self._lake)
        return done

    def rows(self, sql: str, **given: Any) -> list[dict[str, Any]]:
        return as_dicts(run(self._lake.connection, sql, given))

    def tuples(self, sql: str) -> list[tuple[Any, ...]]:
        return self._lake.connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def memory() -> Iterator[MemoryLake]:
    lake = MemoryLake()
    yield lake
    lake.connection.close()


@pytest.fixture
def landing(world: World, memory: MemoryLake) -> Landing:
    memory.clear()
    return Landing(world, memory)
