"""Image repositories: one model's own, or a base image shared evenly by the models built on it."""

from decimal import Decimal

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import daily, stored
from mlcost_assets.demo.money.products import ECR
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Share
from mlcost_assets.demo.truth.owners import Owner, of_model
from mlcost_assets.demo.world.layout import image_of, repository_of, storage_account
from mlcost_assets.demo.world.world import World

STORAGE = daily(ECR, "TimedStorage-ByteHrs", "", "0.10", "GB-Mo", "$0.10 per GB-month of data storage")


def keep_images(world: World) -> None:
    """Keep the images of all models."""
    users: dict[str, list[Model]] = {}
    for model in world.organisation.models:
        users.setdefault(repository_of(world, model), []).append(model)
    for name, models in sorted(users.items()):
        _keep(world, name, models)


def _keep(world: World, name: str, models: list[Model]) -> None:
    account = storage_account(world)
    arn = world.arn("ecr", account, world.home, f"repository/{name}")
    owner = of_model(models[0], None, "storage") if len(models) == 1 else Owner(stage="storage")
    body = {
        "repositoryArn": arn,
        "registryId": account.id,
        "repositoryName": name,
        "repositoryUri": image_of(world, models[0]).split(":")[0],
        "createdAt": iso(world.before(400)),
    }
    tags = world.tags(arn, owner)
    kind = "ecr:DescribeRepositories"
    repository = world.create(kind, arn, account, world.home, owner, body, created=world.before(400), tags=tags)
    parts = [
        Share(of_model(model, None, "storage"), 1, world.job_clues(model, "lineage: image of a training job"))
        for model in models
    ]
    gigabytes = Decimal(world.chance("images", name).randrange(40, 900))
    world.bill(repository, STORAGE, stored(gigabytes), shares=parts)
