"""Whatever of a run is killed, and when: the next delivery loads without a click, and nothing stands as started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import dagster as dg
import pytest

from mlcost_assets.automation.instance import open_instance
from mlcost_assets.errors import MlcostError
from mlcost_assets.runtime.process import PROCESS_TAG
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

Found = TypeVar("Found")
PATIENCE = 240
ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "ignore"}


def eventually(look: Callable[[], Found], process: subprocess.Popen[bytes]) -> Found:
    """What `look` finds at last, while `process` runs."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)
    return found


def start(world: World, *command: str) -> subprocess.Popen[bytes]:
    """A process group of its own."""
    named = {"MLCOST_CONFIG": str(world.config.path), "DAGSTER_HOME": str(world.config.home / "dagster")}
    with (world.folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=world.folder, env=os.environ | ENVIRONMENT | named, start_new_session=True, stdout=said, stderr=said,
        )  # fmt: skip


@contextmanager
def daemon(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon with its code server and run workers; all are killed at the end."""
    process = start(world, "dagster._daemon", "run", "-m", "mlcost_assets_tests.faults.quick_sensors")
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def running(world: World) -> dict[str, int]:
    """The ids of runs that are under way and their processes, as they tell them."""
    runs = open_instance(world.config).get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    return {run.run_id: int(run.tags[PROCESS_TAG].split("-")[-2]) for run in runs if PROCESS_TAG in run.tags}


def loaded(world: World, cost: int) -> bool:
    try:
        return world.query("SELECT sum(billed_cost) FROM attributed_costs") == [(cost,)]
    except MlcostError:  # nothing is published yet
        return False


@pytest.mark.slow
def test_a_killed_command_line_worker_or_daemon_keeps_no_delivery_from_loading(world: World) -> None:
    instance = open_instance(world.config)
    killed: set[str] = set()

    def begun(process: subprocess.Popen[bytes]) -> int:
        """The process of the next run that begins, which is about to be killed."""
        found = eventually(lambda: {run: pid for run, pid in running(world).items() if run not in killed}, process)
        killed.update(found)
        return next(iter(found.values()))

    world.bill([charge(cost=1.0)], execution="1")
    command_line = start(world, "mlcost_assets", "refresh", "--quiet")
    assert begun(command_line) == command_line.pid
    command_line.kill()
    command_line.wait()

    world.bill([charge(cost=2.0)], execution="2")
    with daemon(world) as process:  # it has one place for a run, which the killed one does not hold
        os.kill(begun(process), signal.SIGKILL)
        world.bill([charge(cost=3.0)], execution="3")
        begun(process)
    assert len(killed) == 3  # daemon, code server and worker went together

    world.bill([charge(cost=4.0)], execution="4")
    with daemon(world) as process:
        eventually(lambda: loaded(world, 4), process)
        eventually(lambda: not running(world), process)
    ended = instance.get_runs(filters=dg.RunsFilter(run_ids=list(killed)))
    assert {run.status for run in ended} == {dg.DagsterRunStatus.FAILURE}
