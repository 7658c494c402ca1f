"""Killed while Dagster's databases are made, at any statement: the next command finds or makes whole ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.migration import ASSET_DATA_MIGRATIONS
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from sqlalchemy import Engine, event

from mlcost_assets.automation.instance import dagster_home, open_instance
from mlcost_assets_tests.world import World


class Killed(BaseException):
    """As a kill, for the files: nothing that was not committed is."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The process ends when it gets to the statement of this number."""
    numbers = count(1)

    def end(*_: object) -> None:
        if next(numbers) == statement:
            raise Killed

    event.listen(Engine, "before_cursor_execute", end)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", end)


def works(world: World) -> None:
    with open_instance(world.config) as instance:
        assert isinstance(instance.event_log_storage, SqliteEventLogStorage)
        instance.add_dynamic_partitions("bills", ["2026-10"])
        assert "2026-10" in instance.get_dynamic_partitions("bills")
        assert instance.get_run_records() == []
        assert instance.all_instigator_state() == []
        migrated = [name for name in ASSET_DATA_MIGRATIONS if instance.event_log_storage.has_secondary_index(name)]
        assert migrated == list(ASSET_DATA_MIGRATIONS)


def test_a_killed_first_command_leaves_nothing_half_made(world: World) -> None:
    home = world.config.home / "dagster"
    made = 0
    for statement in range(1, 2000, 17):
        try:
            with killed_at(statement):
                dagster_home(world.config)
            break
        except Killed:
            made += 1
            assert not list(home.glob("begun-*"))
    assert made > 3
    works(world)


@pytest.mark.parametrize("statement", [1, 5, 9, 20, 40, 60, 80])
@pytest.mark.parametrize(
    ("folder", "make"),
    [
        ("history/runs", SqliteEventLogStorage),
        ("history", SqliteRunStorage.from_local),
        ("schedules", SqliteScheduleStorage.from_local),
    ],
)
def test_one_that_another_version_left_half_made_is_made_anew(
    world: World, folder: str, make: type, statement: int
) -> None:
    home = world.config.home / "dagster"
    (home / folder).mkdir(parents=True)
    try:
        with killed_at(statement):
            make(str(home / folder))
    except Killed:
        pass
    works(world)


def test_a_whole_one_stays(world: World) -> None:
    works(world)
    with open_instance(world.config) as instance:
        instance.add_dynamic_partitions("bills", ["2026-11"])
    dagster_home(world.config)
    with open_instance(world.config) as instance:
        assert instance.get_dynamic_partitions("bills") == ["2026-10", "2026-11"]


def test_who_set_another_storage_gets_no_databases_of_ours(world: World) -> None:
    home = world.config.home / "dagster"
    home.mkdir(parents=True)
    Path(home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    dagster_home(world.config)
    assert sorted(entry.name for entry in home.iterdir()) == ["dagster.yaml"]
