"""Labelling jobs: people label what a model learns from."""

from datetime import timedelta
from decimal import Decimal

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import by_name
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World

OBJECTS = Meter(
    SAGEMAKER_STORAGE,
    "LabeledObject",
    "LabelingJob",
    Decimal("0.08"),
    "Objects",
    "$0.08 per object labelled",
)


def label_data(world: World) -> None:
    """Have data labelled for some of the models."""
    for model in world.organisation.alive():
        if world.chance("labelling", model.name).maybe(0.25):
            _label(world, model)


def _label(world: World, model: Model) -> None:
    account = world.organisation.ml_account("dev")
    chance = world.chance("labelling job", model.name)
    start = world.window.at(chance.uniform(0.05, 0.6)).replace(hour=9)
    end = start + chance.randrange(2, 9) * DAY
    name = chance.one((model.team.habit.resource(model.name, "labels"), f"labels-{chance.code(6)}"))
    arn = world.arn("sagemaker", account, model.region, f"labeling-job/{name.lower()}")
    data = data_uri(world, model, "training-data")
    body = {
        "LabelingJobStatus": "Completed",
        "LabelCounters": {"TotalLabeled": chance.randrange(2_000, 20_000), "Unlabeled": 0},
        "CreationTime": iso(start),
        "LastModifiedTime": iso(end),
        "LabelingJobName": name,
        "LabelingJobArn": arn,
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": f"{data}/unlabelled.manifest"}}},
        "OutputConfig": {"S3OutputPath": f"{data}/labels/"},
        "RoleArn": world.role(model.team, account, "dev"),
        "LabelingJobOutput": {"OutputDatasetS3Uri": f"{data}/labels/{name}/manifests/output/output.manifest"},
    }
    owner = of_model(model, "dev", "data_preparation")
    job = world.create(
        "sagemaker:DescribeLabelingJob",
        arn,
        account,
        model.region,
        owner,
        body,
        created=end,
        gone=end,
        listed_for_ever=True,
        tags=world.tags(arn, owner),
    )
    clues = world.job_clues(model, "lineage: labels what a training job reads", job.key)
    clues += by_name(name, model, "dev", "name of the labelling job", job.key)
    clues += world.role_clues(model.team, "dev", job.key)
    day = start
    while day < end:
        world.bill(job, OBJECTS, chance.randrange(100, 900), day, day + timedelta(hours=1), clues=clues)
        day += DAY
