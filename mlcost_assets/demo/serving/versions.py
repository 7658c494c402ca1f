"""Which version of a model serves, and on what."""

from datetime import datetime

from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.world.resources import Version
from mlcost_assets.demo.world.world import World


def current(world: World, model: Model) -> Version:
    """Give the version that was ready when the window began."""
    return [version for version in world.versions[model.name] if version.ready < world.window.start][-1]


def served_at(world: World, model: Model) -> datetime:
    """Say when the current version of a model went into service."""
    return current(world, model).ready + HOUR


def rollout(world: World, model: Model) -> list[Version]:
    """List the versions that get deployed: what was ready before the window, then about one a week."""
    versions = world.versions[model.name]
    before = [version for version in versions if version.ready < world.window.start]
    chosen = before[-1:]
    if world.chance("stale", model.name).maybe(0.3):
        return chosen
    for version in versions[len(before) :]:
        if version.ready - chosen[-1].ready >= 6 * DAY and version.ready < world.window.end - DAY:
            chosen.append(version)
    return chosen


def partner(world: World, model: Model, purpose: str) -> Model:
    """Choose another model, of the same team where it has one."""
    others = [other for other in world.organisation.models if other != model and other.serving != "forgotten"]
    same_team = [other for other in others if other.team == model.team and other.region == model.region]
    fitting = same_team or [other for other in others if other.region == model.region] or others
    return world.chance("partner", purpose, model.name).one(fitting)


def ml_instance(model: Model, environment: str = "prod") -> str:
    """Choose the instance on which a model is hosted."""
    if environment == "prod":
        return f"ml.{model.instance}"
    return "ml.g4dn.xlarge" if SHAPES[model.instance].gpus else "ml.m5.large"
