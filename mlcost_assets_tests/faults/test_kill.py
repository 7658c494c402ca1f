"""Killed or interrupted at any moment: readers still have the last good version, and the next refresh completes."""

import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from mlcost_assets.automation.run import refresh_now
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

KILLS = 10


def started(world: World, *arguments: str) -> subprocess.Popen[str]:
    """`mlcost refresh` as a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "mlcost_assets", "refresh", *arguments],
        cwd=world.folder, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_control_c_is_no_failure_and_no_traceback(world: World) -> None:
    world.bill([charge(cost=1.0)])
    world.refresh()
    world.bill([charge(cost=2.0)], execution="another")
    process = started(world)
    assert process.stdout
    begun = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    said = begun + process.communicate()[0]
    assert process.returncode == 130
    assert said.endswith("mlcost: interrupted; the version published before stays.\n")
    assert "Traceback" not in said
    assert world.query("SELECT sum(billed_cost) FROM attributed_costs") == [(1,)]
    assert not refresh_now(world.config, [], everything=False, quiet=True).failures
    assert world.query("SELECT sum(billed_cost) FROM attributed_costs") == [(2,)]


@pytest.mark.slow
def test_killed_ten_times_at_random_moments(world: World) -> None:
    world.bill([charge(cost=1.0)] * 2000)
    world.refresh()
    chance = random.Random(20261123)
    longest, killed = 6.0, 0
    published = {Decimal(2000)}
    for attempt in range(KILLS):
        cost = float(attempt + 2)
        world.bill([charge(cost=cost)] * 2000, execution=f"execution-{attempt}")
        began = time.monotonic()
        process = started(world, "--quiet")
        try:
            process.communicate(timeout=chance.uniform(0.3, longest))
            longest = max(1.0, time.monotonic() - began)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            killed += 1
        published.add(Decimal(2000) * (attempt + 2))
        ((billed, attributed),) = world.query(
            "SELECT (SELECT sum(billed_cost) FROM line_items), (SELECT sum(billed_cost) FROM attributed_costs)"
        )
        assert billed == attributed
        assert billed in published  # some whole version, never a mixture
    assert killed >= KILLS // 2
    assert not refresh_now(world.config, [], everything=False, quiet=True).failures
    assert world.query("SELECT sum(billed_cost) FROM attributed_costs") == [(Decimal(2000) * (KILLS + 1),)]
