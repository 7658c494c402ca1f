"""Reading the landing zone without Dagster: records in, history out."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlcost_assets.lake.objects import open_store
from mlcost_assets.lake.sql import as_dicts, read_sql, run
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata import records
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import Read, read_files, rebuild_history, see
from mlcost_assets_tests.world import World


class Landing:
    """A working copy of the lake into which a world's metadata is read."""

    def __init__(self, world: World, lake: LakeWriter) -> None:
        self.world = world
        self._lake = lake

    def read(self) -> Read:
        """Reads what is new, as the metadata assets do."""
        store = open_store(str(self.world.metadata))
        done = read_files(self._lake, store, new_files(store, self._lake.connection))
        see(self._lake)
        self._lake.replace("metadata_looks", read_sql(records.__file__, "metadata_looks"))
        rebuild_history(self._lake)
        return done

    def rows(self, sql: str, **given: Any) -> list[dict[str, Any]]:
        return as_dicts(run(self._lake.connection, sql, given))

    def tuples(self, sql: str) -> list[tuple[Any, ...]]:
        return self._lake.connection.execute(sql).fetchall()


@pytest.fixture
def landing(world: World) -> Iterator[Landing]:
    with LakeWriter(world.config) as lake:
        yield Landing(world, lake)
