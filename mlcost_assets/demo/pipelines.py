"""Pipelines that train on a cadence: their executions, steps, cached steps, and the versions they register."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.jobs import ITSELF, Job, artifact_uri, by_model, run_processing, run_training
from mlcost_assets.demo.layout import image_of
from mlcost_assets.demo.organisation import Account, Model
from mlcost_assets.demo.owners import ENVIRONMENT, Clue, named, of_model, team_of
from mlcost_assets.demo.prices import SHAPES
from mlcost_assets.demo.world import Version, World, environment_in, flat

_MINUTES = {"daily": (40, 150), "twice a week": (120, 420), "weekly": (300, 1100)}
_EVERY = {"daily": 1, "twice a week": 3, "weekly": 7}


@dataclass
class Pipeline:
    """A pipeline of one model."""

    world: World
    model: Model
    account: Account
    name: str
    arn: str
    key: str
    group_name: str
    group_arn: str
    group_key: str
    readable: bool
    says_environment: bool

    @property
    def registers(self) -> bool:
        """Tell whether versions go through the model registry."""
        return bool(self.group_arn)


def training_instance(model: Model, chance: Chance) -> str:
    """Choose the instance on which a model is trained."""
    if SHAPES[model.instance].gpus:
        return (
            "ml."
            + ("g5.2xlarge", chance.one(("g5.12xlarge", "g4dn.12xlarge")), "g5.48xlarge", "p4d.24xlarge")[
                model.size - 1
            ]
        )
    return "ml." + chance.one(("m5.4xlarge", "c5.9xlarge", "r5.4xlarge", "g5.2xlarge"))


def run_pipelines(world: World) -> None:
    """Run the pipelines of all models; the legacy and the forgotten model were trained long ago."""
    for model in world.organisation.models:
        chance = world.chance("pipeline", model.name)
        pipeline = _pipeline(world, model, chance)
        first = world.before(chance.randrange(20, 60)).replace(hour=chance.randrange(24))
        old = model.serving in ("legacy", "forgotten")
        _execute(pipeline, chance, first - 300 * DAY if old else first, number=3)
        if old:
            continue
        step = _EVERY[model.cadence]
        start = world.window.start + timedelta(days=chance.randrange(step), hours=chance.randrange(1, 20))
        number = 4
        while start < world.window.end - DAY:
            _execute(pipeline, chance, start + timedelta(minutes=chance.randrange(50)), number)
            number += 1
            start += step * DAY


def _pipeline(world: World, model: Model, chance: Chance) -> Pipeline:
    habit = model.team.habit
    account = world.organisation.ml_account("prod")
    name = habit.resource(model.name, chance.one(("training", "pipeline", "retrain")), environment="prod")
    arn = world.arn("sagemaker", account, model.region, f"pipeline/{name}")
    owner = of_model(model, "prod", "training", pipeline=name)
    body: dict[str, Any] = {
        "PipelineArn": arn,
        "PipelineName": name,
        "PipelineDisplayName": name,
        "RoleArn": world.role(model.team, account, "prod"),
        "PipelineStatus": "Active",
        "CreationTime": iso(world.before(400)),
        "LastModifiedTime": iso(world.before(30)),
        "CreatedBy": {"UserProfileName": chance.one(model.team.members)},
    }
    key = world.record(
        "sagemaker:DescribePipeline",
        arn,
        account,
        model.region,
        body,
        created=world.before(400),
        tags=world.tags(arn, owner),
    )
    world.pipelines[model.name] = arn
    readable = flat(model.name) in flat(name)
    if readable:
        world.facts.add(named(model.name), (key,))
        world.facts.add(team_of(body["CreatedBy"]["UserProfileName"]), (key,), (team_of(model.name),))
    registers = "package" in model.anchors or chance.maybe(0.5)
    group_name = habit.resource(model.name) if registers else ""
    group_arn, group_key = _group(world, model, account, group_name) if registers else ("", "")
    return Pipeline(
        world,
        model,
        account,
        name,
        arn,
        key,
        group_name,
        group_arn,
        group_key,
        readable,
        environment_in(name, "prod"),
    )


def _group(world: World, model: Model, account: Account, name: str) -> tuple[str, str]:
    arn = world.arn("sagemaker", account, model.region, f"model-package-group/{name}")
    body = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": arn,
        "ModelPackageGroupDescription": f"Versions of {model.name}",
        "CreationTime": iso(world.before(400)),
        "ModelPackageGroupStatus": "Completed",
    }
    key = world.record(
        "sagemaker:DescribeModelPackageGroup", arn, account, model.region, body, created=world.before(400)
    )
    if flat(model.name) in flat(name):
        world.facts.add(named(model.name), (key,))
    return arn, key


def _execute(pipeline: Pipeline, chance: Chance, start: datetime, number: int) -> None:
    """Run the pipeline once: prepare data (or take it from the cache), train, evaluate, register."""
    world = pipeline.world
    execution = f"{pipeline.arn}/execution/{chance.code(12)}"
    cached = number > 4 and number % 6 == 5
    at = start
    steps: list[dict[str, Any]] = []
    prepared = chance.randrange(15, 70)
    if cached:
        steps.append(
            {
                "StepName": "PrepareData",
                "StepStatus": "Succeeded",
                "StartTime": iso(at),
                "EndTime": iso(at),
                "CacheHitResult": {"SourcePipelineExecutionArn": f"{pipeline.arn}/execution/{chance.code(12)}"},
                "Metadata": {},
            }
        )
    else:
        job = _step_job(pipeline, chance, execution, "PrepareData", at, prepared, "ml.m5.4xlarge", "data_preparation")
        run_processing(job)
        steps.append(_step("PrepareData", job, "ProcessingJob"))
        at = job.end + timedelta(minutes=2)
    minutes = chance.randrange(*_MINUTES[pipeline.model.cadence])
    instance = training_instance(pipeline.model, world.chance("training instance", pipeline.model.name))
    job = _step_job(pipeline, chance, execution, "TrainModel", at, minutes, instance, "training")
    job.spot = world.chance("spot", pipeline.model.name).maybe(0.3)
    job.keep_alive = 20 if world.chance("warm pool", pipeline.model.name).maybe(0.25) else 0
    # Who trains once a week on the biggest machines takes two of them.
    job.count = 2 if instance == "ml.p4d.24xlarge" and pipeline.model.cadence == "weekly" else 1
    if pipeline.registers:
        package = f"sagemaker:DescribeModelPackage {_package_arn(pipeline, number)}"
        job.clues.append(
            by_model(
                "lineage: the artifact became a model package",
                ITSELF,
                package,
                pipeline.group_key,
                model=job.model,
            )
        )
    training_key = run_training(job)
    steps.append(_step("TrainModel", job, "TrainingJob"))
    review = _step_job(
        pipeline,
        chance,
        execution,
        "EvaluateModel",
        job.end + timedelta(minutes=2),
        25,
        "ml.m5.xlarge",
        "evaluation",
    )
    run_processing(review, source=artifact_uri(job), target=f"{artifact_uri(job).rsplit('/', 1)[0]}/evaluation/")
    steps.append(_step("EvaluateModel", review, "ProcessingJob"))
    version = _version(pipeline, chance, job, training_key, number, review.end)
    if version.package_arn:
        steps.append(
            {
                "StepName": "RegisterModel",
                "StepStatus": "Succeeded",
                "StartTime": iso(review.end),
                "EndTime": iso(review.end),
                "Metadata": {"RegisterModel": {"Arn": version.package_arn}},
            }
        )
    world.versions.setdefault(pipeline.model.name, []).append(version)
    _record_execution(pipeline, execution, start, review.end, steps)


def _step_job(
    pipeline: Pipeline,
    chance: Chance,
    execution: str,
    step: str,
    start: datetime,
    minutes: int,
    instance: str,
    stage: str,
) -> Job:
    """Make the job of a step, named as SageMaker names it: after the execution, not after the model."""
    model = pipeline.model
    tells_environment = frozenset({ENVIRONMENT})
    clues = [
        by_model(
            "lineage: step of a pipeline",
            f"sagemaker:ListPipelineExecutionSteps {execution}",
            pipeline.key,
            model=model,
        )
    ]
    tag_is_billed = pipeline.world.tagger.is_active("sagemaker:pipeline-execution-arn", start)
    if pipeline.readable:
        needs = () if tag_is_billed else (ITSELF,)
        clues.append(by_model("SageMaker's tag names the pipeline", *needs, model=model))
        if pipeline.says_environment:
            clues.append(Clue("SageMaker's tag names the pipeline", tells_environment, needs))
    if pipeline.says_environment:
        steps = f"sagemaker:ListPipelineExecutionSteps {execution}"
        clues.append(Clue("name of the pipeline", tells_environment, (steps,)))
    return Job(
        pipeline.world,
        chance,
        model,
        pipeline.account,
        of_model(model, "prod", stage, pipeline=pipeline.name),
        f"pipelines-{execution.rsplit('/', 1)[1]}-{step}-{chance.code(10)}",
        start,
        minutes,
        instance,
        system={
            "sagemaker:pipeline-execution-arn": execution,
            "sagemaker:pipeline-step-name": step,
        },
        clues=clues,
    )


def _step(name: str, job: Job, metadata: str) -> dict[str, Any]:
    return {
        "StepName": name,
        "StepStatus": "Succeeded",
        "StartTime": iso(job.start),
        "EndTime": iso(job.end),
        "Metadata": {metadata: {"Arn": job.arn}},
    }


def _package_arn(pipeline: Pipeline, number: int) -> str:
    rest = f"model-package/{pipeline.group_name}/{number}"
    return pipeline.world.arn("sagemaker", pipeline.account, pipeline.model.region, rest)


def _version(pipeline: Pipeline, chance: Chance, job: Job, training_key: str, number: int, at: datetime) -> Version:
    """Register what was trained, or leave it as an artifact."""
    world, model = pipeline.world, pipeline.model
    trained = Version(model, number, at, artifact_uri(job), training_key, job.arn)
    if not pipeline.registers:
        return trained
    arn = _package_arn(pipeline, number)
    anchored = "package" in model.anchors
    metadata = {"team": model.team.name, "project": model.project} if anchored else {"framework": "pytorch"}
    body = {
        "ModelPackageGroupName": pipeline.group_name,
        "ModelPackageVersion": number,
        "ModelPackageArn": arn,
        "CreationTime": iso(at),
        "InferenceSpecification": {
            "Containers": [{"Image": image_of(world, model), "ModelDataUrl": artifact_uri(job)}],
            "SupportedContentTypes": ["application/json"],
        },
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "Approved",
        "MetadataProperties": {
            "CommitId": chance.hex(40),
            "Repository": f"https://github.com/{world.organisation.company}/{model.team.name}-models",
            "GeneratedBy": pipeline.arn,
        },
        "CustomerMetadataProperties": metadata,
    }
    key = world.record(
        "sagemaker:DescribeModelPackage",
        arn,
        pipeline.account,
        model.region,
        body,
        created=at,
        listed_for_ever=True,
    )
    if anchored:
        world.facts.add(team_of(model.name), (key, pipeline.group_key))
    return replace(trained, package_arn=arn, package_key=key, group_key=pipeline.group_key)


def _record_execution(
    pipeline: Pipeline, execution: str, start: datetime, end: datetime, steps: list[dict[str, Any]]
) -> None:
    world, region = pipeline.world, pipeline.model.region
    listed: dict[str, Any] = {"created": end, "gone": end, "listed_for_ever": True}
    body = {
        "PipelineArn": pipeline.arn,
        "PipelineExecutionArn": execution,
        "PipelineExecutionStatus": "Succeeded",
        "CreationTime": iso(start),
        "LastModifiedTime": iso(end),
    }
    world.record("sagemaker:DescribePipelineExecution", execution, pipeline.account, region, body, **listed)
    world.record(
        "sagemaker:ListPipelineExecutionSteps",
        execution,
        pipeline.account,
        region,
        {"PipelineExecutionArn": execution, "PipelineExecutionSteps": steps},
        **listed,
    )
