"""File systems: the home directories of Studio, and Lustre for models' training data."""

from typing import Any

from mlcost_assets.demo.around.buckets import GIGABYTE
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.meters import daily, stored
from mlcost_assets.demo.money.products import EFS, FSX
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.owners import of_model, of_team
from mlcost_assets.demo.work.studio import domain_id
from mlcost_assets.demo.world.layout import bucket_of, mounted_by_jobs, prefix_of
from mlcost_assets.demo.world.world import World

HOMES = 900
LUSTRE = 2400
HOME_STORAGE = daily(EFS, "TimedStorage-ByteHrs", "", "0.30", "GB-Mo", "$0.30 per GB-Mo for Standard storage")
LUSTRE_STORAGE = daily(
    FSX,
    "Lustre:SSD-Storage-125",
    "CreateFileSystem:Lustre",
    "0.145",
    "GB-Mo",
    "$0.145 per GB-month of Lustre SSD storage",
)


def keep_homes(world: World) -> None:
    """Keep the home directories of a Studio domain; whoever works in Studio shares them."""
    account = world.organisation.ml_account("dev")
    file_system = f"fs-{world.chance('domain efs').hex(17)}"
    arn = world.arn("elasticfilesystem", account, world.home, f"file-system/{file_system}")
    domain = domain_id(world, account)
    owner = of_team(world.organisation.platform, "dev", "storage")
    body = {
        "OwnerId": account.id,
        "CreationToken": domain,
        "FileSystemId": file_system,
        "FileSystemArn": arn,
        "CreationTime": iso(world.before(500)),
        "LifeCycleState": "available",
        "SizeInBytes": {"Value": HOMES * GIGABYTE},
        "Tags": [],
    }
    domain_arn = world.arn("sagemaker", account, world.home, f"domain/{domain}")
    tags = world.tags(arn, owner, {"ManagedByAmazonSageMakerResource": domain_arn})
    kind = "efs:DescribeFileSystems"
    homes = world.create(kind, arn, account, world.home, owner, body, created=world.before(500), tags=tags)
    world.pool(homes, HOME_STORAGE, stored(HOMES), scope=Scope("studio", account.id), stage="storage")


def mount_lustre(world: World) -> None:
    """Put Lustre before the training data of one model, and keep another that a pipeline's jobs mount."""
    chance = world.chance("lustre")
    model = chance.one([model for model in world.organisation.alive() if model.region == world.home])
    linked = f"s3://{bucket_of(world, model)}/{prefix_of(world, model, 'training-data')}"
    repository = {"DataRepositoryConfiguration": {"ImportPath": linked}}
    text = "lineage: linked to the prefix a training job reads"
    _keep_lustre(world, model, f"fs-{chance.hex(17)}", repository, text)
    mounting, file_system = mounted_by_jobs(world)
    text = "lineage: mounted by a training job"
    _keep_lustre(world, mounting, file_system, {"DeploymentType": "PERSISTENT_2"}, text)


def _keep_lustre(world: World, model: Model, file_system: str, configuration: dict[str, Any], text: str) -> None:
    """Keep a Lustre file system; the model's training jobs show what it is for."""
    account = world.organisation.account_of(model.team, "prod")
    arn = world.arn("fsx", account, world.home, f"file-system/{file_system}")
    owner = of_model(model, "prod", "storage")
    body = {
        "OwnerId": account.id,
        "CreationTime": iso(world.before(90)),
        "FileSystemId": file_system,
        "FileSystemType": "LUSTRE",
        "Lifecycle": "AVAILABLE",
        "StorageCapacity": LUSTRE,
        "StorageType": "SSD",
        "ResourceARN": arn,
        "LustreConfiguration": configuration,
    }
    tags = world.tags(arn, owner)
    kind = "fsx:DescribeFileSystems"
    lustre = world.create(kind, arn, account, world.home, owner, body, created=world.before(90), tags=tags)
    world.bill(lustre, LUSTRE_STORAGE, stored(LUSTRE), clues=world.job_clues(model, text, lustre.key))
