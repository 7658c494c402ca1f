"""Endpoints that change hands: given to another model in the middle of a month, or made again under the same name."""

from datetime import timedelta

from mlcost_assets.demo.clock import DAY
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.deployments import announce
from mlcost_assets.demo.serving.endpoints import ALL, Variant, behind
from mlcost_assets.demo.serving.hosting import carry_data, host
from mlcost_assets.demo.serving.lives import Life
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.versions import current, ml_instance, partner, served_at
from mlcost_assets.demo.truth.clues import Share, by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.world import World

_WORDS = ("scoring", "realtime-api", "predictor", "inference", "serving")


def _generic_name(world: World, model: Model, purpose: str) -> str:
    word = world.chance("generic", purpose, model.name).one(_WORDS)
    return f"{model.team.name}-{word}-{'prod' if model.team.habit.environment != 'none' else 'main'}"


def serve_until_moved(world: World, model: Model) -> None:
    """Serve one model until, in the middle of a month, the endpoint gets another."""
    account = world.organisation.account_of(model.team, "prod")
    other = partner(world, model, "moved")
    life = Life(world, _generic_name(world, model, "moved"), account, model, "prod")
    instance = ml_instance(model)
    moment = world.window.at(world.chance("moved", model.name).uniform(0.3, 0.7))
    first = serve(world, current(world, model), account, "prod")
    second = serve(world, current(world, other), account, "prod", model.region)
    begin = max(served_at(world, model), world.before(15))
    first_key = life.configure(begin, [Variant(ALL, first, instance, model.size)])
    second_key = life.configure(moment, [Variant(ALL, second, instance, model.size)])
    deployed = announce(world, other, account, "prod", moment, [life.arn])
    # Seldom does an endpoint for anything carry the name of the model it began with.
    resource = life.record(model, names_model=world.chance("stale tag", model.name).maybe(0.25))
    second_clues = behind("endpoint moved", life.key, second_key, second)
    if deployed:
        second_clues += (by_model(other, "deployment by CI", deployed),)
    # What is billed by the day belongs to the model that was there when the day began.
    midnight = moment.replace(hour=0) + DAY
    start, end = world.window.start, world.window.end
    before = [Share(of_model(model, "prod", "inference"), 1, behind("endpoint", life.key, first_key, first))]
    after = [Share(of_model(other, "prod", "inference"), 1, second_clues)]
    host(world, resource, instance, model.size, start, moment, shares=before)
    carry_data(world, resource, 8, start, midnight, shares=before)
    host(world, resource, instance, model.size, moment, end, shares=after)
    carry_data(world, resource, 8, midnight, end, shares=after)
    life.count_calls(2500, start, end)


def serve_under_used_name(world: World, model: Model) -> None:
    """Serve a model from an endpoint that is deleted and, days later, made again under its name for another model."""
    account = world.organisation.account_of(model.team, "prod")
    other = partner(world, model, "reused")
    name = _generic_name(world, model, "reused") + "-2"
    gone = world.window.at(0.4)
    again = gone + timedelta(days=3, hours=5)
    lives = (
        (model, max(served_at(world, model), world.before(15)), world.window.start, gone),
        (other, again, again, world.window.end),
    )
    for served_model, begin, start, end in lives:
        life = Life(world, name, account, model, "prod")
        served = serve(world, current(world, served_model), account, "prod", model.region)
        instance = ml_instance(served_model)
        key = life.configure(begin, [Variant(ALL, served, instance, served_model.size)])
        resource = life.record(served_model, gone=end if end < world.window.end else None)
        clues = behind("endpoint of that life", life.key, key, served)
        host(world, resource, instance, served_model.size, start, end, clues=clues)
        life.count_calls(1200, start, end)
