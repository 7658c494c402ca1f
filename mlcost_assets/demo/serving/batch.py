"""Models that serve at night: a batch transform job every day."""

from datetime import timedelta

from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.versions import rollout
from mlcost_assets.demo.truth.clues import through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.jobs import ITSELF, Job, run_transform
from mlcost_assets.demo.world.world import World


def serve_batch(world: World, model: Model) -> None:
    """Run the nightly jobs with whatever version is the newest."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("batch", model.name)
    generic = chance.maybe(0.5)
    versions = rollout(world, model)
    instance = "ml.g4dn.xlarge" if SHAPES[model.instance].gpus else "ml.c5.9xlarge"
    by_version = {version.number: serve(world, version, account, "prod") for version in versions}
    base = "batch-transform" if generic else model.team.habit.resource(model.name, "batch", environment="prod")
    for day in world.window.days():
        newest = [version for version in versions if version.ready < day][-1]
        served = by_version[newest.number]
        job = Job(
            world,
            chance,
            model,
            account,
            of_model(model, "prod", "inference"),
            f"{base[:38]}-{day:%Y-%m-%d}-{chance.code(5)}",
            day + timedelta(hours=2, minutes=chance.randrange(60)),
            chance.randrange(60, 200) * model.size,
            instance,
            count=model.size,
            clues=list(through("transform job: ", served.clues, ITSELF)),
        )
        run_transform(job, served.name)
