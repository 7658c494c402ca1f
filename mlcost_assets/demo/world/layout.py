"""Where things lie: buckets, prefixes, image repositories, by the conventions of the organisation and its teams."""

from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.world.world import World

CONTENTS = ("training-data", "features", "artifacts", "checkpoints", "inference-output", "logs")


def shared_bucket(world: World) -> str:
    """Name the bucket that several teams share."""
    chance = world.chance("shared bucket")
    name = f"{world.organisation.company}-{chance.one(('ml-data', 'ml-lake', 'data-science'))}"
    separate = any(account.role == "ml-prod" for account in world.organisation.accounts)
    return f"{name}-prod" if not separate and chance.maybe(0.5) else name


def team_bucket(world: World, team: Team) -> str:
    """Name the bucket of one team."""
    return f"{world.organisation.company}-{team.name}-{world.chance('team bucket').one(('ml', 'models', 'data'))}"


def production_bucket(world: World) -> str:
    """Name the bucket into which artifacts are copied for production."""
    word = world.chance("copies").one(("model-store", "prod-models", "release-artifacts"))
    return f"{world.organisation.company}-{word}"


def has_bucket(world: World, team: Team) -> bool:
    """Tell whether a team has a bucket of its own."""
    return world.chance("bucket", team.name).maybe(0.4)


def bucket_of(world: World, model: Model) -> str:
    """Name the bucket in which a model's data lies."""
    return team_bucket(world, model.team) if has_bucket(world, model.team) else shared_bucket(world)


def prefix_of(world: World, model: Model, content: str) -> str:
    """Name the prefix of one kind of a model's data."""
    name = model.team.habit.path(model.name)
    order = world.chance("prefixes").one(("content", "model", "team"))
    if order == "content":
        return f"{content}/{name}"
    return f"{name}/{content}" if order == "model" else f"{model.team.name}/{name}/{content}"


def data_uri(world: World, model: Model, content: str) -> str:
    """Write the S3 URI of one kind of a model's data."""
    return f"s3://{bucket_of(world, model)}/{prefix_of(world, model, content)}"


def storage_account(world: World) -> Account:
    """Find the account that holds buckets and images."""
    return world.organisation.ml_account("prod")


def mounted_by_jobs(world: World) -> tuple[Model, str]:
    """Choose the model whose pipeline mounts a file system, and name the file system."""
    chance = world.chance("mounted")
    model = chance.one([model for model in world.organisation.alive() if model.region == world.home])
    return model, f"fs-{chance.hex(17)}"


SHARED_REPOSITORIES = ("base/pytorch-inference", "base/sklearn")


def repository_of(world: World, model: Model) -> str:
    """Name the image repository from which a model runs: its own, or a shared base image."""
    chance = world.chance("repository", model.name)
    if chance.maybe(0.6):
        return f"{model.team.name}/{model.team.habit.path(model.name)}"
    return chance.one(SHARED_REPOSITORIES)


def image_of(world: World, model: Model) -> str:
    """Write the URI of a model's image."""
    return f"{storage_account(world).id}.dkr.ecr.{world.home}.amazonaws.com/{repository_of(world, model)}:latest"
