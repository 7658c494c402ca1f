"""Storage: buckets that models share by prefix, image repositories, file systems, log groups."""

from decimal import Decimal

from mlcost_assets.demo.buckets import GIGABYTE, PER_DAY, fill_buckets, job_keys
from mlcost_assets.demo.catalogue import CLOUDWATCH, ECR, EFS, FSX
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso, seconds
from mlcost_assets.demo.layout import (
    bucket_of,
    image_of,
    prefix_of,
    repository_of,
    storage_account,
)
from mlcost_assets.demo.ledger import Scope
from mlcost_assets.demo.organisation import US, Account, Model
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, Clue, Owner, Share, named, of_model, of_team
from mlcost_assets.demo.world import Resource, World, environment_in


def store(world: World) -> None:
    """Fill buckets, repositories, file systems and log groups."""
    fill_buckets(world)
    _repositories(world)
    _file_systems(world)
    _logs(world)


def _repositories(world: World) -> None:
    """Image repositories: one model's own, or a base image shared evenly by the models built on it."""
    account = storage_account(world)
    users: dict[str, list[Model]] = {}
    for model in world.organisation.models:
        users.setdefault(repository_of(world, model), []).append(model)
    for name, models in sorted(users.items()):
        chance = world.chance("images", name)
        arn = world.arn("ecr", account, US, f"repository/{name}")
        owner = of_model(models[0], None, "storage") if len(models) == 1 else Owner(stage="storage")
        tags = world.tags(arn, owner)
        body = {
            "repositoryArn": arn,
            "registryId": account.id,
            "repositoryName": name,
            "repositoryUri": image_of(world, models[0]).split(":")[0],
            "createdAt": iso(world.before(400)),
        }
        key = world.record("ecr:DescribeRepositories", arn, account, US, body, created=world.before(400), tags=tags)
        parts = [
            Share(
                of_model(model, None, "storage"),
                1,
                tuple(
                    Clue("lineage: image of a training job", frozenset({MODEL}), (job,), (named(model.name),))
                    for job in job_keys(world, model)
                ),
            )
            for model in models
        ]
        world.bill(
            world.resource(arn, account, US, owner, key=key, tags=tags),
            ECR,
            "TimedStorage-ByteHrs",
            "",
            world.window.start,
            world.window.end,
            quantity=(Decimal(chance.randrange(40, 900)) * PER_DAY).quantize(Decimal("0.00000001")),
            rate=Decimal("0.10"),
            unit="GB-Mo",
            step="day",
            shares=parts,
            description="$0.10 per GB-month of data storage",
        )


def _file_systems(world: World) -> None:
    """The home directories of Studio, and a Lustre file system for one model's training data."""
    account = world.organisation.ml_account("dev")
    home_id = f"fs-{world.chance('domain efs').hex(17)}"
    arn = world.arn("elasticfilesystem", account, US, f"file-system/{home_id}")
    domain_id = f"d-{world.chance('domain', account.id).code(12)}"
    domain_arn = world.arn("sagemaker", account, US, f"domain/{domain_id}")
    owner = of_team(world.organisation.platform, "dev", "storage")
    tags = world.tags(arn, owner, {"ManagedByAmazonSageMakerResource": domain_arn})
    body = {
        "OwnerId": account.id,
        "CreationToken": domain_id,
        "FileSystemId": home_id,
        "FileSystemArn": arn,
        "CreationTime": iso(world.before(500)),
        "LifeCycleState": "available",
        "SizeInBytes": {"Value": 900 * GIGABYTE},
        "Tags": [],
    }
    key = world.record("efs:DescribeFileSystems", arn, account, US, body, created=world.before(500), tags=tags)
    world.pool(
        world.resource(arn, account, US, owner, key=key, tags=tags),
        EFS,
        "TimedStorage-ByteHrs",
        "",
        scope=Scope("studio", account.id),
        stage="storage",
        quantity=(900 * PER_DAY).quantize(Decimal("0.00000001")),
        rate=Decimal("0.30"),
        unit="GB-Mo",
        step="day",
        description="$0.30 per GB-Mo for Standard storage",
    )
    chance = world.chance("lustre")
    models = [
        model
        for model in world.organisation.models
        if model.region == US and model.serving not in ("legacy", "forgotten")
    ]
    _lustre(world, chance.one(models), chance)


def _lustre(world: World, model: Model, chance: Chance) -> None:
    account = world.organisation.ml_account("prod")
    file_system = f"fs-{chance.hex(17)}"
    arn = world.arn("fsx", account, US, f"file-system/{file_system}")
    owner = of_model(model, "prod", "storage")
    tags = world.tags(arn, owner)
    body = {
        "OwnerId": account.id,
        "CreationTime": iso(world.before(90)),
        "FileSystemId": file_system,
        "FileSystemType": "LUSTRE",
        "Lifecycle": "AVAILABLE",
        "StorageCapacity": 2400,
        "StorageType": "SSD",
        "ResourceARN": arn,
        "LustreConfiguration": {
            "DataRepositoryConfiguration": {
                "ImportPath": f"s3://{bucket_of(world, model)}/{prefix_of(world, model, 'training-data')}"
            }
        },
    }
    key = world.record("fsx:DescribeFileSystems", arn, account, US, body, created=world.before(90), tags=tags)
    clues = tuple(
        Clue(
            "lineage: linked to the prefix a training job reads",
            frozenset({MODEL}),
            (key, job),
            (named(model.name),),
        )
        for job in job_keys(world, model)
    )
    world.bill(
        world.resource(arn, account, US, owner, key=key, tags=tags),
        FSX,
        "Lustre:SSD-Storage-125",
        "CreateFileSystem:Lustre",
        world.window.start,
        world.window.end,
        quantity=(2400 * PER_DAY).quantize(Decimal("0.00000001")),
        rate=Decimal("0.145"),
        unit="GB-Mo",
        step="day",
        clues=clues,
        description="$0.145 per GB-month of Lustre SSD storage",
    )


def _logs(world: World) -> None:
    """Log groups: an endpoint's own, and the one that all training jobs of an account share."""
    for endpoint in world.endpoints:
        group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
        owner = endpoint.resource.owner.at("monitoring")
        clues = tuple(
            Clue(f"log group of an endpoint: {clue.text}", clue.tells, clue.needs, clue.also) for clue in endpoint.clues
        )
        if environment_in(endpoint.name, endpoint.environment):
            clues += (Clue("log group names an endpoint", frozenset({ENVIRONMENT})),)
        amount = Decimal(world.chance("logs", endpoint.name).randrange(1, 30))
        resource, _ = _log_group(world, endpoint.resource.account, endpoint.resource.region, group, owner)
        world.bill(
            resource,
            CLOUDWATCH,
            "DataProcessing-Bytes",
            "PutLogEvents",
            world.window.start,
            world.window.end,
            quantity=amount,
            rate=Decimal("0.50"),
            unit="GB",
            step="day",
            clues=clues,
            description="$0.50 per GB custom log data ingested",
        )
    account = world.organisation.ml_account("prod")
    resource, _ = _log_group(world, account, US, "/aws/sagemaker/TrainingJobs", Owner(stage="monitoring"))
    world.pool(
        resource,
        CLOUDWATCH,
        "DataProcessing-Bytes",
        "PutLogEvents",
        scope=Scope("region", f"{account.id}/{US}"),
        stage="monitoring",
        quantity=6,
        rate=Decimal("0.50"),
        unit="GB",
        step="day",
        description="$0.50 per GB custom log data ingested",
    )


def _log_group(world: World, account: Account, region: str, group: str, owner: Owner) -> tuple[Resource, str]:
    arn = world.arn("logs", account, region, f"log-group:{group}")
    body = {
        "logGroupName": group,
        "creationTime": seconds(world.before(200)) * 1000,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": world.chance("stored", group).randrange(10**8, 10**11),
    }
    key = world.record("logs:DescribeLogGroups", arn, account, region, body, created=world.before(200))
    return world.resource(arn, account, region, owner, key=key), key
