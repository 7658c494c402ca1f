"""Hyperparameter tuning: what is billed are a tuning job's training jobs, named after it."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.instances import BIGGEST, training_instance
from mlcost_assets.demo.work.jobs import ITSELF, Job, run_training
from mlcost_assets.demo.world.layout import data_uri, image_of
from mlcost_assets.demo.world.world import World


def run_tuning(world: World, model: Model, chance: Chance, start: datetime) -> None:
    """Run a tuning job: two training jobs at a time."""
    account = world.organisation.ml_account("dev")
    base = model.team.habit.resource(model.name)[:20].rstrip("-") if chance.maybe(0.5) else "hpo"
    name = f"{base}-{start:%y%m%d}-{chance.randrange(1000, 2000)}"[:32]
    arn = world.arn("sagemaker", account, model.region, f"hyper-parameter-tuning-job/{name}")
    owner = of_model(model, "dev", "tuning")
    children = chance.randrange(8, 26)
    instance = training_instance(model, world.chance("tuning instance", model.name))
    for child in range(children):
        job = Job(
            world,
            chance,
            model,
            account,
            owner,
            f"{name}-{child + 1:03}-{chance.hex(8)}",
            start + timedelta(minutes=125 * (child // 2) + chance.randrange(5)),
            chance.randrange(40, 120),
            "ml.g5.12xlarge" if instance.removeprefix("ml.") in BIGGEST else instance,
            clues=[
                by_model(
                    model, "lineage: child of a tuning job", ITSELF, f"sagemaker:DescribeHyperParameterTuningJob {arn}"
                )
            ],
            spot=chance.maybe(0.3),
        )
        run_training(job, TuningJobArn=arn)
    end = start + timedelta(minutes=125 * (children // 2 + 1))
    world.record(
        "sagemaker:DescribeHyperParameterTuningJob",
        arn,
        account,
        model.region,
        _body(world, model, name, arn, children, start, end),
        created=end,
        gone=end,
        tags=world.tags(arn, owner),
        listed_for_ever=True,
    )


def _body(
    world: World, model: Model, name: str, arn: str, children: int, start: datetime, end: datetime
) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobArn": arn,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": children, "MaxParallelTrainingJobs": 2},
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": image_of(world, model), "TrainingInputMode": "File"},
            "RoleArn": world.role(model.team, world.organisation.ml_account("dev"), "dev"),
            "OutputDataConfig": {"S3OutputPath": data_uri(world, model, "artifacts")},
        },
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": iso(start),
        "HyperParameterTuningEndTime": iso(end),
        "LastModifiedTime": iso(end),
        "TrainingJobStatusCounters": {"Completed": children},
    }
