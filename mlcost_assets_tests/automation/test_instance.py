"""Runs of processes that are gone are ended, others never; the instance's settings are ours or the user's."""

import os
from time import time

import dagster as dg
import pytest
from filelock import FileLock

from mlcost_assets.automation import instance
from mlcost_assets.automation.instance import dagster_home, fail_abandoned_runs, open_instance
from mlcost_assets.automation.run import refresh_now
from mlcost_assets.automation.sensors import abandoned_runs
from mlcost_assets.definitions import defs
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime.process import PROCESS_TAG, process_tag
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

Status = dg.DagsterRunStatus


def begun(world: World, status: Status = Status.STARTED, **how: object) -> dg.DagsterRun:
    """A run under way, of `process`."""
    tags = {PROCESS_TAG: str(how.pop("process"))} if "process" in how else {}
    job = defs.resolve_job_def("refresh")
    return open_instance(world.config).create_run_for_job(job, tags=tags, status=status, **how)  # type: ignore[arg-type]


def status_of(world: World, run: dg.DagsterRun) -> Status:
    found = open_instance(world.config).get_run_by_id(run.run_id)
    assert found
    return found.status


def reap(world: World) -> list[str]:
    return fail_abandoned_runs(world.config, open_instance(world.config))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes on."""
    monkeypatch.setattr(instance, "time", lambda: time() + 600)


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        (Status.NOT_STARTED, Status.FAILURE),
        (Status.STARTING, Status.FAILURE),
        (Status.STARTED, Status.FAILURE),
        (Status.CANCELING, Status.CANCELED),
    ],
)
def test_a_run_whose_process_is_gone_is_ended_whatever_it_was_at(world: World, status: Status, ended: Status) -> None:
    run = begun(world, status, process="elsewhere-1-2")
    assert reap(world) == [run.run_id]
    assert status_of(world, run) == ended


def test_a_process_that_got_the_id_of_a_dead_one_is_not_alive(world: World) -> None:
    host, _, _ = process_tag(world.config.home)[PROCESS_TAG].split("-")
    run = begun(world, process=f"{host}-{os.getpid()}-1")  # this process's id, of another start
    left = world.config.home / "alive" / f"{host}-{os.getpid()}-1.lock"
    left.touch()
    assert reap(world) == [run.run_id]
    assert not left.exists()


def test_a_process_that_holds_its_lock_is_alive_whatever_its_host_is_called(world: World) -> None:
    own = begun(world, process=process_tag(world.config.home)[PROCESS_TAG])
    other = FileLock(world.config.home / "alive" / "other_container-1-2.lock")
    with other:
        another = begun(world, process="other_container-1-2")
        assert reap(world) == []
    assert reap(world) == [another.run_id]
    assert status_of(world, own) == Status.STARTED


def test_a_run_that_never_told_its_process_is_ended_after_some_minutes_while_nobody_writes(
    world: World, later: None
) -> None:
    run = begun(world)
    older = begun(world, process="host:4711")  # as versions before tagged theirs
    with LakeWriter(world.config):
        assert reap(world) == []
    assert set(reap(world)) == {run.run_id, older.run_id}


def test_a_run_that_has_just_begun_is_left_alone(world: World) -> None:
    begun(world)
    assert reap(world) == []


def test_a_run_that_is_run_again_is_not_taken_for_dead_by_the_tag_that_it_inherits(world: World) -> None:
    killed = begun(world, process="elsewhere-1-2")
    assert reap(world) == [killed.run_id]
    again = begun(world, process="elsewhere-1-2", parent_run_id=killed.run_id, root_run_id=killed.run_id)
    assert reap(world) == []
    assert status_of(world, again) == Status.STARTED


def test_the_daemon_ends_abandoned_runs_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLCOST_CONFIG", str(world.config.path))
    run = begun(world, process="elsewhere-1-2")
    said = abandoned_runs(dg.build_sensor_context(instance=open_instance(world.config)))
    assert isinstance(said, dg.SkipReason)
    assert run.run_id in str(said.skip_message)
    assert status_of(world, run) == Status.FAILURE


def test_settings_that_mlcost_wrote_are_brought_up_to_date_and_those_of_a_user_left_alone(world: World) -> None:
    settings = dagster_home(world.config) / "dagster.yaml"
    current = settings.read_text()
    assert "run_monitoring" in current
    settings.write_text("# Written by mlcost. In-process runs beside the daemon's.\ntelemetry: {enabled: false}\n")
    dagster_home(world.config)
    assert settings.read_text() == current
    own = "telemetry: {enabled: false}\nrun_queue: {max_concurrent_runs: 3}\n"
    settings.write_text(own)
    open_instance(world.config)
    assert settings.read_text() == own


def test_a_refresh_tags_its_run_with_its_process_and_leaves_no_file_of_a_dead_one(world: World) -> None:
    (world.config.home / "alive").mkdir(parents=True)
    (world.config.home / "alive" / "killed-1-2.lock").touch()
    world.bill([charge()])
    assert not refresh_now(world.config, [], everything=False, quiet=True).failures
    (run,) = open_instance(world.config).get_runs()
    assert run.tags[PROCESS_TAG] == process_tag(world.config.home)[PROCESS_TAG]
    assert [file.stem for file in (world.config.home / "alive").iterdir()] == [run.tags[PROCESS_TAG]]
