"""Mapping exports without Dagster: rows in, line_items out."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlcost_assets.billing.load import load_drop
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.billing.replace import Outcome
from mlcost_assets.lake.sql import as_dicts, run
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.world import World


class Ingested:
    """A working copy of the lake into which a world's drops are loaded."""

    def __init__(self, world: World, lake: LakeWriter) -> None:
        self.world = world
        self.lake = lake

    def load(self) -> list[Outcome]:
        """Loads what is new, as the billing assets do."""
        plan = make_plan(self.world.config, self.lake.connection)
        names = [export.name for export in self.world.config.billing.exports]
        return [load_drop(self.lake, manifest, names) for manifest in plan.pending]

    def rows(self, sql: str = "FROM line_items", **given: Any) -> list[dict[str, Any]]:
        return as_dicts(run(self.lake.connection, sql, given))


@pytest.fixture
def ingested(world: World) -> Iterator[Ingested]:
    world.begin()
    with LakeWriter(world.config) as lake:
        yield Ingested(world, lake)
