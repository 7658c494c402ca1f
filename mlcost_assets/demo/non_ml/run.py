"""How much of everything else there is: so much that it is about a third of the bill."""

from collections.abc import Callable

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.non_ml.fleets import run_fleet, run_reserved_fleet
from mlcost_assets.demo.non_ml.services import deliver_content, keep_table, run_cache, run_database, run_warehouse
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.world.world import World

_KINDS: tuple[Callable[[World, Account, Chance, int], None], ...] = (
    run_fleet,
    run_database,
    run_warehouse,
    run_cache,
    deliver_content,
    keep_table,
)
# Rows are dear, warehouses are not: a larger bill gets larger things, not more of them.
_LARGE = (run_warehouse, run_database, deliver_content)
_MOST = 40


def run_everything_else(world: World) -> None:
    """Spend on everything else until its part of the bill is reached."""
    chance = world.chance("non-ml")
    share = chance.uniform(0.25, 0.38)
    months = len(list(world.window.months()))
    budget = _spent(world) / months * share / (1 - share)
    account = world.organisation.account("web")
    run_reserved_fleet(world, account, chance)
    before = _spent(world)
    number = 0
    while (_spent(world) - before) / months < budget * 0.9 and number < _MOST:
        kind = _KINDS[number] if number < len(_KINDS) else chance.one(_LARGE)
        kind(world, account, chance, number)
        number += 1


def _spent(world: World) -> float:
    return sum(line.estimate() for line in world.ledger.lines)
