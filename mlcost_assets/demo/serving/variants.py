"""An A/B test: two variants that share the traffic, and a shadow variant on another instance type."""

from mlcost_assets.demo.clock import HOUR
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import Variant, behind
from mlcost_assets.demo.serving.hosting import carry_data, host
from mlcost_assets.demo.serving.lives import Life
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.versions import current, ml_instance, partner
from mlcost_assets.demo.truth.clues import Share
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.world import World

_CALLS = (("champion", 4000), ("challenger", 1000), ("shadow", 5000))


def serve_variants(world: World, model: Model) -> None:
    """Serve a model beside a challenger, which may be another model, and try a third one in the shadow."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("variants", model.name)
    life = Life(world, model.team.habit.resource(model.name, "ab", environment="prod"), account, model, "prod")
    challenger = partner(world, model, "challenger") if chance.maybe(0.5) else model
    shadow = partner(world, model, "shadow")
    instance = ml_instance(model)
    other = "ml.g5.xlarge" if instance != "ml.g5.xlarge" else "ml.g4dn.xlarge"
    tested = [current(world, served) for served in (model, challenger, shadow)]
    first, second, third = (serve(world, version, account, "prod", model.region) for version in tested)
    at = max(world.before(12), *(version.ready for version in tested)) + HOUR
    count = max(model.size, 2)
    key = life.configure(
        at,
        [
            Variant("champion", first, instance, count, 0.8),
            Variant("challenger", second, instance, 1, 0.2),
            Variant("shadow", third, other, 1, 1.0, shadow=True),
        ],
    )
    resource = life.record(model)
    start, end = world.window.start, world.window.end
    parts = [
        Share(of_model(served.model, "prod", "inference"), weight, behind("variant", life.key, key, served))
        for served, weight in ((first, count), (second, 1))
    ]
    if challenger == model:
        parts = [Share(parts[0].owner, 1, parts[0].clues)]
    shadowed = Share(of_model(shadow, "prod", "inference"), 1, behind("shadow variant", life.key, key, third))
    host(world, resource, instance, count + 1, start, end, shares=parts)
    host(world, resource, other, 1, start, end, shares=[shadowed])
    carry_data(world, resource, 20, start, end, shares=parts)
    for variant, level in _CALLS:
        life.count_calls(level, start, end, variant)
