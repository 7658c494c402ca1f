"""Dagster's history is bounded: old runs leave it whole, and never one that is under way or the newest good one."""

import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from mlcost_assets.automation import history
from mlcost_assets.automation.history import forget_old_runs
from mlcost_assets.automation.instance import open_instance
from mlcost_assets.automation.sensors import old_runs
from mlcost_assets_tests.world import World

Status = dg.DagsterRunStatus


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="thing")])
def thing() -> dg.MaterializeResult:
    """Stands for our 54 assets."""
    return dg.MaterializeResult(metadata={"said": "x" * 20_000}, check_results=[dg.AssetCheckResult(passed=True)])


SMALL = dg.Definitions(assets=[thing], jobs=[dg.define_asset_job("refresh", executor_def=dg.in_process_executor)])


def keep(world: World, runs: int, days: int = 90) -> None:
    world.configure(f"retention: {{runs: {runs}, runs_days: {days}}}\n")


def run(world: World) -> str:
    """A run that succeeds, as `mlcost refresh` makes one; old ones are forgotten after it."""
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with open_instance(world.config) as instance:
        result = SMALL.resolve_job_def("refresh").execute_in_process(instance=instance, run_config=quiet)
        forget_old_runs(world.config, instance)
    return result.run_id


def size(world: World) -> int:
    return sum(file.stat().st_size for file in (world.config.home / "dagster").rglob("*") if file.is_file())


def standing(world: World) -> list[str]:
    return [one.run_id for one in open_instance(world.config).get_runs()]


def test_the_newest_runs_stay_and_the_others_leave_nothing_behind(world: World) -> None:
    keep(world, 5)
    made = [run(world) for _ in range(6)]
    after_six, sizes = size(world), []
    for _ in range(10):
        made.append(run(world))
        sizes.append(size(world))
    assert standing(world) == made[:-6:-1]
    assert max(sizes) <= after_six * 1.25
    folder = world.config.home / "dagster" / "history"
    shards = {file.name.split(".")[0] for file in (folder / "runs").iterdir()}
    assert shards == {"index", *made[-5:]}
    index = sqlite3.connect(folder / "runs" / "index.db")
    for table in ("event_logs", "asset_check_executions"):
        assert {run_id for (run_id,) in index.execute(f"SELECT run_id FROM {table}")} <= set(made[-5:]), table
    tags = sqlite3.connect(folder / "runs.db").execute("SELECT run_id FROM run_tags")
    assert {run_id for (run_id,) in tags} <= set(made[-5:])
    latest = open_instance(world.config).get_latest_materialization_event(dg.AssetKey("thing"))
    assert latest is not None
    assert latest.run_id == made[-1]


def test_runs_under_way_and_the_newest_success_stay_however_old_and_many(world: World) -> None:
    keep(world, 500)
    good = run(world)
    instance = open_instance(world.config)
    job = SMALL.resolve_job_def("refresh")
    failed = [instance.create_run_for_job(job, status=Status.FAILURE).run_id for _ in range(4)]
    under_way = [instance.create_run_for_job(job, status=status).run_id for status in (Status.STARTING, Status.STARTED)]
    keep(world, 1)
    assert forget_old_runs(world.config, instance) == 3
    assert set(standing(world)) == {good, failed[-1], *under_way}


def test_runs_that_are_too_old_leave_some_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = open_instance(world.config)
    monkeypatch.setattr(history, "_AT_ONCE", 3)
    job = SMALL.resolve_job_def("refresh")
    for _ in range(4):
        instance.create_run_for_job(job, status=Status.FAILURE)
    keep(world, 500, days=1)
    assert forget_old_runs(world.config, instance) == 0
    database = world.config.home / "dagster" / "history" / "runs.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE runs SET create_timestamp = datetime('now', '-2 days')")
    monkeypatch.setenv("MLCOST_CONFIG", str(world.config.path))
    said = old_runs(dg.build_sensor_context(instance=instance))
    assert isinstance(said, dg.SkipReason)
    assert said.skip_message == "3 old runs deleted"
    assert forget_old_runs(world.config, instance) == 1


def test_a_history_that_somebody_else_writes_is_left_for_the_next_time(world: World) -> None:
    keep(world, 1)
    run(world)
    file: Path = world.config.home / "dagster" / "history" / "runs" / "index.db"
    with sqlite3.connect(file) as other:
        other.execute(
            "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i, hex(randomblob(200)) FROM n"
        )
        other.execute("DROP TABLE filler")
    big = file.stat().st_size
    with sqlite3.connect(file) as other:
        other.execute("BEGIN IMMEDIATE")
        forget_old_runs(world.config, open_instance(world.config))
        assert file.stat().st_size == big
    forget_old_runs(world.config, open_instance(world.config))
    assert file.stat().st_size < big / 2
