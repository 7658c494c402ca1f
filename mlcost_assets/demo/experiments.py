"""Work by hand: experiments with trials, ad-hoc jobs from notebooks, hyperparameter tuning, tracked runs."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso, seconds
from mlcost_assets.demo.jobs import ITSELF, Job, by_model, run_processing, run_training
from mlcost_assets.demo.layout import data_uri, image_of
from mlcost_assets.demo.organisation import Account, Model
from mlcost_assets.demo.owners import ENVIRONMENT, TEAM, Clue, named, of_model, team_of
from mlcost_assets.demo.pipelines import training_instance
from mlcost_assets.demo.prices import SHAPES
from mlcost_assets.demo.studio import profile_arn
from mlcost_assets.demo.world import World, flat


def work_by_hand(world: World) -> None:
    """Let the teams experiment: every model that is alive gets some attention every month."""
    for model in world.organisation.models:
        if model.serving in ("legacy", "forgotten"):
            continue
        chance = world.chance("experiments", model.name)
        account = world.organisation.ml_account("dev")
        for month, (start, _) in enumerate(world.window.months()):
            if chance.maybe(0.8):
                _experiment(world, model, account, chance, start + timedelta(days=chance.randrange(1, 20)), month)
            if chance.maybe(0.5):
                _tuning(world, model, account, chance, start + timedelta(days=chance.randrange(2, 24), hours=9))
            for _ in range(chance.randrange(1, 7)):
                at = start + timedelta(
                    days=chance.randrange(1, 27), hours=chance.randrange(7, 19), minutes=chance.randrange(60)
                )
                _ad_hoc(world, model, playground(world, model), chance, at)


def playground(world: World, model: Model) -> Account:
    """Choose the account for work by hand: some teams have moved to the sandbox."""
    role = "sandbox" if world.chance("playground", model.team.name).maybe(0.4) else "ml-dev"
    return world.organisation.account(role)


def sdk_stamp(moment: datetime) -> str:
    """Write a moment as the SageMaker SDK appends it to names."""
    return f"{moment:%Y-%m-%d-%H-%M-%S}-{seconds(moment) % 1000:03}"


def _instance(model: Model, chance: Chance) -> str:
    if SHAPES[model.instance].gpus:
        return "ml." + chance.one(("g5.xlarge", "g5.2xlarge", "g4dn.12xlarge", "g5.12xlarge"))
    return "ml." + chance.one(("m5.4xlarge", "m5.xlarge", "c5.9xlarge"))


def _ad_hoc(world: World, model: Model, account: Account, chance: Chance, start: datetime) -> None:
    """Run one training job from a notebook; its name is what the framework makes of it, or the model's."""
    person = chance.one(model.team.members)
    framework = chance.one(("pytorch-training", "xgboost", "sagemaker-scikit-learn", "huggingface-pytorch-training"))
    named_job = chance.maybe(0.5)
    base = model.team.habit.resource(model.name, environment="dev") if named_job else framework
    from_studio = chance.maybe(0.6)
    profile = profile_arn(world, account, person)
    job = Job(
        world,
        chance,
        model,
        account,
        of_model(model, "dev", "training"),
        f"{base[:36]}-{sdk_stamp(start)}",
        start,
        chance.randrange(20, 400),
        _instance(model, chance),
        system={"sagemaker:user-profile-arn": profile} if from_studio else {},
    )
    if from_studio:
        billed = world.tagger.is_active("sagemaker:user-profile-arn", start)
        needs = ("",) if not billed else ()
        job.clues.append(
            Clue(
                "SageMaker's tag names the user",
                frozenset({TEAM}),
                (*needs, f"sagemaker:DescribeUserProfile {profile}"),
                (team_of(person),),
            )
        )
    run_training(job)
    if chance.maybe(0.4):
        prepare = Job(
            world,
            chance,
            model,
            account,
            of_model(model, "dev", "data_preparation"),
            f"{base[:30]}-prep-{sdk_stamp(start - timedelta(hours=2))}",
            start - timedelta(hours=2),
            chance.randrange(10, 90),
            "ml.m5.4xlarge",
        )
        run_processing(prepare)


def _experiment(world: World, model: Model, account: Account, chance: Chance, start: datetime, month: int) -> None:
    """Run an experiment: some trials, each a training job with its trial component."""
    region = model.region
    name = model.team.habit.resource(
        model.name, chance.one(("ablation", "lr-sweep", "features", "backbone", "loss")), str(month + 1)
    )
    arn = world.arn("sagemaker", account, region, f"experiment/{name.lower()}")
    person = chance.one(model.team.members)
    creator = {"UserProfileName": person, "UserProfileArn": profile_arn(world, account, person)}
    owner = of_model(model, "dev", "experimentation", experiment=name)
    key = world.record(
        "sagemaker:DescribeExperiment",
        arn,
        account,
        region,
        {
            "ExperimentName": name,
            "ExperimentArn": arn,
            "CreationTime": iso(start),
            "CreatedBy": creator,
            "LastModifiedTime": iso(start),
        },
        created=start,
        tags=world.tags(arn, owner),
    )
    if flat(model.name) in flat(name):
        world.facts.add(named(model.name), (key,))
        world.facts.add(team_of(person), (key,), (team_of(model.name),))
    for trial in range(chance.randrange(2, 7)):
        begin = start + timedelta(hours=3 * trial + 9, minutes=chance.randrange(60))
        _trial(world, model, account, chance, begin, name, f"{name}-trial-{trial + 1}", key, creator)


def _trial(
    world: World,
    model: Model,
    account: Account,
    chance: Chance,
    start: datetime,
    experiment: str,
    trial: str,
    experiment_key: str,
    creator: dict[str, str],
) -> None:
    region = model.region
    arn = world.arn("sagemaker", account, region, f"experiment-trial/{trial.lower()}")
    job = Job(
        world,
        chance,
        model,
        account,
        of_model(model, "dev", "experimentation", experiment=experiment),
        f"{chance.one(('exp', 'trial', 'run'))}-{sdk_stamp(start)}-{chance.code(4)}",
        start,
        chance.randrange(60, 420),
        _instance(model, chance),
        clues=[
            by_model("lineage: trial of an experiment", ITSELF, experiment_key, model=model),
            Clue("experiment jobs are for development", frozenset({ENVIRONMENT}), (ITSELF,)),
        ],
        spot=chance.maybe(0.2),
    )
    run_training(job, ExperimentConfig={"ExperimentName": experiment, "TrialName": trial, "RunName": job.name})
    # Trial and component carry the creation time of the job and stay listed.
    listed: dict[str, Any] = {"created": start, "gone": job.end, "listed_for_ever": True}
    body = {
        "TrialName": trial,
        "TrialArn": arn,
        "ExperimentName": experiment,
        "CreationTime": iso(start),
        "CreatedBy": creator,
    }
    world.record("sagemaker:DescribeTrial", arn, account, region, body, **listed)
    component = f"{job.name}-aws-training-job"
    component_arn = world.arn("sagemaker", account, region, f"experiment-trial-component/{component}")
    world.record(
        "sagemaker:DescribeTrialComponent",
        component_arn,
        account,
        region,
        {
            "TrialComponentName": component,
            "TrialComponentArn": component_arn,
            "Source": {"SourceArn": job.arn, "SourceType": "SageMakerTrainingJob"},
            "StartTime": iso(start),
            "CreationTime": iso(start),
            "CreatedBy": creator,
        },
        **listed,
    )


def _tuning(world: World, model: Model, account: Account, chance: Chance, start: datetime) -> None:
    """Run a tuning job; what is billed are its training jobs, named after it."""
    habit = model.team.habit
    base = habit.resource(model.name)[:20].rstrip("-") if chance.maybe(0.5) else "hpo"
    name = f"{base}-{start:%y%m%d}-{chance.randrange(1000, 2000)}"[:32]
    arn = world.arn("sagemaker", account, model.region, f"hyper-parameter-tuning-job/{name}")
    owner = of_model(model, "dev", "tuning")
    children = chance.randrange(8, 26)
    instance = training_instance(model, world.chance("tuning instance", model.name))
    instance = "ml.g5.12xlarge" if "p4d" in instance else instance
    end = start + timedelta(minutes=125 * (children // 2 + 1))
    key = f"sagemaker:DescribeHyperParameterTuningJob {arn}"
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
            instance,
            clues=[by_model("lineage: child of a tuning job", ITSELF, key, model=model)],
            spot=chance.maybe(0.3),
        )
        run_training(job, TuningJobArn=arn)
    body = {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobArn": arn,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": children, "MaxParallelTrainingJobs": 2},
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": image_of(world, model), "TrainingInputMode": "File"},
            "RoleArn": world.role(model.team, account, "dev"),
            "OutputDataConfig": {"S3OutputPath": data_uri(world, model, "artifacts")},
        },
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": iso(start),
        "HyperParameterTuningEndTime": iso(end),
        "LastModifiedTime": iso(end),
        "TrainingJobStatusCounters": {"Completed": children},
    }
    world.record(
        "sagemaker:DescribeHyperParameterTuningJob",
        arn,
        account,
        model.region,
        body,
        created=end,
        gone=end,
        tags=world.tags(arn, owner),
        listed_for_ever=True,
    )


def track_runs(world: World) -> None:
    """Write the runs and registered models of those teams that use MLflow."""
    for model in world.organisation.models:
        if "mlflow" not in model.anchors and not model.team.uses_mlflow:
            continue
        chance = world.chance("mlflow", model.name)
        account = world.organisation.ml_account("dev")
        name = model.team.habit.path(model.name)
        anchored = "mlflow" in model.anchors
        tags = (
            [{"key": "team", "value": model.team.name}, {"key": "project", "value": model.project}] if anchored else []
        )
        body = {
            "name": name,
            "creation_timestamp": seconds(world.before(200)) * 1000,
            "last_updated_timestamp": seconds(world.window.start) * 1000,
            "tags": tags,
        }
        key = world.record(
            "mlflow:RegisteredModel",
            f"models:/{name}",
            account,
            "",
            body,
            created=world.before(200),
            collector="mlflow",
            tags=None,
        )
        world.facts.add(named(model.name), (key,))
        if anchored:
            world.facts.add(team_of(model.name), (key,))
        for number in range(3 * ((world.window.end - world.window.start) // (30 * DAY) or 1)):
            _run(world, model, account, chance, name, number)


def _run(world: World, model: Model, account: Account, chance: Chance, name: str, number: int) -> None:
    start = world.window.start + timedelta(days=9 * number + chance.randrange(8), hours=chance.randrange(8, 18))
    versions = [version for version in world.versions.get(model.name, []) if version.ready <= start]
    run_id = chance.hex(32)
    tags = {
        "mlflow.user": chance.one(model.team.members),
        "mlflow.runName": f"{name}-{number}",
        "mlflow.source.git.commit": chance.hex(40),
        "mlflow.source.git.repoURL": f"https://github.com/{world.organisation.company}/{model.team.name}-models",
        "sagemaker_job_arn": versions[-1].job_arn if versions else "",
    }
    body = {
        "info": {
            "run_id": run_id,
            "run_name": f"{name}-{number}",
            "experiment_id": str(abs(seconds(start)) % 1000),
            "status": "FINISHED",
            "start_time": seconds(start) * 1000,
            "end_time": seconds(start + timedelta(hours=1)) * 1000,
            "artifact_uri": f"{data_uri(world, model, 'artifacts')}/mlflow/{run_id}",
        },
        "data": {
            "tags": [{"key": tag, "value": value} for tag, value in tags.items()],
            "params": [{"key": "model", "value": name}],
            "metrics": [{"key": "auc", "value": round(chance.uniform(0.7, 0.99), 4)}],
        },
    }
    world.record("mlflow:Run", run_id, account, "", body, created=start, is_event=True, collector="mlflow", tags=None)
