"""kill -9 at any moment: readers still have the last good version, and the next refresh completes."""

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


@pytest.mark.slow
def test_killed_ten_times_at_random_moments(world: World) -> None:
    world.bill([charge(cost=1.0)] * 2000)
    world.refresh()
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    chance = random.Random(20261123)
    longest, killed = 6.0, 0
    published = {Decimal(2000)}
    for attempt in range(KILLS):
        cost = float(attempt + 2)
        world.bill([charge(cost=cost)] * 2000, execution=f"execution-{attempt}")
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "mlcost_assets", "refresh", "--quiet"],
            cwd=world.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(timeout=chance.uniform(0.3, longest))
            longest = max(1.0, time.monotonic() - started)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
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
