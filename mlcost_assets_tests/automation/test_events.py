"""The event log keeps its databases open, and is Dagster's own in everything else."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from mlcost_assets.automation.events import OpenEventLog
from mlcost_assets.automation.instance import open_instance
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.faults.test_stuck import start
from mlcost_assets_tests.world import World


@dg.asset
def thing() -> None:
    """Stands for our 54 assets."""


SMALL = dg.Definitions(assets=[thing], jobs=[dg.define_asset_job("small", executor_def=dg.in_process_executor)])


@pytest.fixture
def instance(world: World) -> Iterator[dg.DagsterInstance]:
    with open_instance(world.config) as opened:
        yield opened


def run(instance: dg.DagsterInstance) -> str:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return SMALL.resolve_job_def("small").execute_in_process(instance=instance, run_config=quiet).run_id


def test_a_run_opens_its_two_databases_hardly_more_than_once(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(instance)
    opened: list[str] = []
    genuine = sqlite3.dbapi2.connect

    def noted(file: str, **how: object) -> sqlite3.Connection:
        opened.append(file)
        return genuine(file, **how)  # type: ignore[no-any-return,call-overload]

    monkeypatch.setattr(sqlite3.dbapi2, "connect", noted)
    run(instance)
    assert isinstance(instance.event_log_storage, OpenEventLog)
    assert len([file for file in opened if "/history/runs/" in file]) <= 4  # Dagster's own: some ninety times


def test_dagsters_own_reads_what_it_wrote_while_it_is_open(instance: dg.DagsterInstance) -> None:
    shard = run(instance)
    folder = instance.event_log_storage._base_dir  # type: ignore[attr-defined]
    own = SqliteEventLogStorage(folder)
    kinds = {one.dagster_event_type for one in own.get_logs_for_run(shard)}
    assert {dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.RUN_SUCCESS} <= kinds


def test_what_is_written_shows_at_the_file_that_the_ui_watches_and_what_is_read_does_not(
    instance: dg.DagsterInstance,
) -> None:
    shard = run(instance)
    log = instance.event_log_storage
    assert isinstance(log, OpenEventLog)
    file = Path(log.path_for_shard(shard))
    os.utime(file, (0, 0))
    assert log.get_logs_for_run(shard)
    assert file.stat().st_mtime == 0
    found = instance.get_run_by_id(shard)
    assert found
    instance.report_engine_event("said", found)
    assert file.stat().st_mtime > 0
    file.unlink()  # as another process deletes old runs
    assert log.get_logs_for_run(shard)


def test_a_process_that_ends_leaves_no_log_of_a_database(world: World) -> None:
    world.bill([charge()])
    ended = start(world, "mlcost_assets", "refresh", "--quiet").wait(timeout=300)
    assert ended in (0, 3)
    assert not list((world.config.home / "dagster").rglob("*-wal"))


def test_many_runs_leave_few_databases_open_and_none_at_the_end(world: World) -> None:
    with open_instance(world.config) as instance:
        for _ in range(6):
            run(instance)
        folder = world.config.home / "dagster" / "history" / "runs"
        assert len(list(folder.glob("*-wal"))) <= 4
    assert not list(folder.glob("*-wal"))
