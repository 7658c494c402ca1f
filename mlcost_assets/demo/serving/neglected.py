"""Endpoints that nobody looks after: one that eats accelerators for little traffic, one that nobody calls."""

from mlcost_assets.demo.money.commitments import savings_plan_arn
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import ALL, Variant, behind
from mlcost_assets.demo.serving.hosting import carry_data, host
from mlcost_assets.demo.serving.lives import Life
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.versions import current, served_at
from mlcost_assets.demo.world.world import World


def serve_legacy(world: World, model: Model) -> None:
    """Serve a model that eats GPU for little traffic."""
    account = world.organisation.account_of(model.team, "prod")
    life = Life(world, model.team.habit.resource(model.name, "v1", environment="prod"), account, model, "prod")
    served = serve(world, current(world, model), account, "prod")
    instance = world.chance("legacy", model.name).one(("ml.p3.2xlarge", "ml.g4dn.12xlarge"))
    key = life.configure(served_at(world, model), [Variant(ALL, served, instance, 2)])
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    start, end = world.window.start, world.window.end
    # It has run for so long that it was put under the savings plan.
    host(world, resource, instance, 2, start, end, covered_by=savings_plan_arn(world, "sagemaker"), clues=clues)
    carry_data(world, resource, 0.05, start, end, clues=clues)
    life.count_calls(3, start, end)
    life.measure_gpu(1.5)


def forget(world: World, model: Model) -> None:
    """Leave an endpoint running that nobody has called for months."""
    account = world.organisation.ml_account("dev" if world.chance("forgotten", model.name).maybe(0.5) else "prod")
    environment = "dev" if account == world.organisation.ml_account("dev") else "prod"
    name = model.team.habit.resource(model.name, "pilot", environment=environment)
    life = Life(world, name, account, model, environment)
    served = serve(world, current(world, model), account, environment)
    key = life.configure(served_at(world, model), [Variant(ALL, served, "ml.g5.xlarge", 1)])
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    host(world, resource, "ml.g5.xlarge", 1, world.window.start, world.window.end, clues=clues)
    life.count_calls(0, world.window.start, world.window.end)
    world.uncalled.append(resource.id)
