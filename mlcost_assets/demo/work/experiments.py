"""Experiments: their trials, each a training job with its trial component."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import by_environment, by_model, named, team_of
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.instances import modest_instance
from mlcost_assets.demo.work.jobs import ITSELF, Job, run_training, sdk_stamp
from mlcost_assets.demo.work.studio import profile_arn
from mlcost_assets.demo.world.world import World

_FAILS = 0.12
_IS_STOPPED = 0.08


def run_experiment(world: World, model: Model, chance: Chance, start: datetime, month: int) -> None:
    """Run an experiment of some trials."""
    account = world.organisation.ml_account("dev")
    subject = chance.one(("ablation", "lr-sweep", "features", "backbone", "loss"))
    name = model.team.habit.resource(model.name, subject, str(month + 1))
    arn = world.arn("sagemaker", account, model.region, f"experiment/{name.lower()}")
    person = chance.one(model.team.members)
    creator = {"UserProfileName": person, "UserProfileArn": profile_arn(world, account, person)}
    key = world.record(
        "sagemaker:DescribeExperiment",
        arn,
        account,
        model.region,
        {
            "ExperimentName": name,
            "ExperimentArn": arn,
            "CreationTime": iso(start),
            "CreatedBy": creator,
            "LastModifiedTime": iso(start),
        },
        created=start,
        tags=world.tags(arn, of_model(model, "dev", "experimentation", experiment=name)),
    )
    if says(name, model.name):
        world.facts.add(named(model.name), (key,))
        world.facts.add(team_of(person), (key,), (team_of(model.name),))
    for trial in range(chance.randrange(2, 7)):
        job = _trial_job(
            world, model, chance, start + timedelta(hours=3 * trial + 9, minutes=chance.randrange(60)), name, key
        )
        _run_trial(job, name, f"{name}-trial-{trial + 1}", creator)


def _trial_job(
    world: World, model: Model, chance: Chance, start: datetime, experiment: str, experiment_key: str
) -> Job:
    return Job(
        world,
        chance,
        model,
        world.organisation.ml_account("dev"),
        of_model(model, "dev", "experimentation", experiment=experiment),
        f"{chance.one(('exp', 'trial', 'run'))}-{sdk_stamp(start)}-{chance.code(4)}",
        start,
        chance.randrange(60, 420),
        modest_instance(model, chance),
        clues=[
            by_model(model, "lineage: trial of an experiment", ITSELF, experiment_key),
            by_environment("experiment jobs are for development", ITSELF),
        ],
        spot=chance.maybe(0.2),
    )


def _outcome(chance: Chance) -> dict[str, str]:
    """How a trial ends, where it does not complete; what it cost until then is billed."""
    luck = chance.random()
    if luck < _FAILS:
        reason = chance.one(
            ("AlgorithmError: loss is NaN", "AlgorithmError: CUDA out of memory", "InternalServerError")
        )
        return {"TrainingJobStatus": "Failed", "SecondaryStatus": "Failed", "FailureReason": reason}
    if luck < _FAILS + _IS_STOPPED:
        return {"TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}
    return {}


def _run_trial(job: Job, experiment: str, trial: str, creator: dict[str, str]) -> None:
    """Run the job of a trial; trial and component carry the creation time of the job and stay listed."""
    world, account, region = job.world, job.account, job.model.region
    config = {"ExperimentName": experiment, "TrialName": trial, "RunName": job.name}
    run_training(job, ExperimentConfig=config, **_outcome(world.chance("outcome of a trial", job.name)))
    listed: dict[str, Any] = {"created": job.start, "gone": job.end, "listed_for_ever": True}
    arn = world.arn("sagemaker", account, region, f"experiment-trial/{trial.lower()}")
    body = {
        "TrialName": trial,
        "TrialArn": arn,
        "ExperimentName": experiment,
        "CreationTime": iso(job.start),
        "CreatedBy": creator,
    }
    world.record("sagemaker:DescribeTrial", arn, account, region, body, **listed)
    component = f"{job.name}-aws-training-job"
    component_arn = world.arn("sagemaker", account, region, f"experiment-trial-component/{component}")
    component_body = {
        "TrialComponentName": component,
        "TrialComponentArn": component_arn,
        "Source": {"SourceArn": job.arn, "SourceType": "SageMakerTrainingJob"},
        "StartTime": iso(job.start),
        "CreationTime": iso(job.start),
        "CreatedBy": creator,
    }
    world.record("sagemaker:DescribeTrialComponent", component_arn, account, region, component_body, **listed)
