"""A refresh with nothing to do: as a refresh tells it, and without Dagster."""

import subprocess
import sys

from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.automation.told import Refreshed, nothing_new
from mlcost_assets_tests.cli.program import environment, mlcost
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

ASKS = """
import sys
from mlcost_assets.cli.main import cli
cli(["refresh", "--config", sys.argv[1]], standalone_mode=False)
assert "dagster" not in sys.modules, "imported"
"""


def test_what_stands_is_told_without_dagster(world: World) -> None:
    world.bill([charge(cost=5.0)])
    made = mlcost("refresh", cwd=world.folder)
    stands = nothing_new(world.config, plan_refresh(world.config, look_at_files=True))
    assert stands == Refreshed(headline="Nothing changed since the last refresh.")
    ran = [sys.executable, "-c", ASKS, str(world.config.path)]
    done = subprocess.run(ran, capture_output=True, text=True, env=environment(), check=False)
    assert done.stderr == ""
    # All but what was made stands as it was told then.
    assert done.stdout.splitlines()[1:] == [line for line in made.stdout.splitlines()[1:] if not line.startswith("  ")]


def test_something_to_do_is_left_to_a_refresh(world: World) -> None:
    assert nothing_new(world.config, plan_refresh(world.config)) is None
    world.bill([charge(cost=5.0)])
    assert mlcost("refresh", cwd=world.folder).returncode == 0
    alive = world.config.home / "alive"
    alive.mkdir(exist_ok=True)
    (alive / "host-1-2.lock").touch()  # of a process that was killed: its run is to be ended
    assert nothing_new(world.config, plan_refresh(world.config)) is None
    (alive / "host-1-2.lock").unlink()
    world.bill([charge(cost=6.0)], execution="another")
    assert nothing_new(world.config, plan_refresh(world.config)) is None
