"""Executions of pipelines: their steps, cached steps, and the versions of models that come out of them."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import by_environment, by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.ci import ci_clues, ci_variables
from mlcost_assets.demo.work.instances import BIGGEST, training_instance
from mlcost_assets.demo.work.jobs import ITSELF, Job, artifact_uri, run_processing, run_training
from mlcost_assets.demo.work.pipelines import Pipeline, set_up
from mlcost_assets.demo.work.registry import package_arn, register
from mlcost_assets.demo.world.layout import mounted_by_jobs
from mlcost_assets.demo.world.resources import Version
from mlcost_assets.demo.world.world import World

_MINUTES = {"daily": (40, 150), "twice a week": (120, 420), "weekly": (300, 1100)}
_EVERY = {"daily": 1, "twice a week": 3, "weekly": 7}


def run_pipelines(world: World) -> None:
    """Run the pipelines of all models; the legacy and the forgotten model were trained long ago."""
    for model in world.organisation.models:
        chance = world.chance("pipeline", model.name)
        pipeline = set_up(world, model, chance)
        first = world.before(chance.randrange(20, 60)).replace(hour=chance.randrange(24))
        _Execution(pipeline, chance, first if model.is_alive else first - 300 * DAY, number=3).run()
        if not model.is_alive:
            continue
        step = _EVERY[model.cadence]
        start = world.window.start + timedelta(days=chance.randrange(step), hours=chance.randrange(1, 20))
        number = 4
        while start < world.window.end - DAY:
            _Execution(pipeline, chance, start + timedelta(minutes=chance.randrange(50)), number).run()
            number += 1
            start += step * DAY


PROJECT = "sagemaker:project-name"


def _project(world: World, model: Model) -> dict[str, str]:
    """Give the tag of the SageMaker project from whose template a team made its pipelines."""
    if not world.chance("projects", model.team.name).maybe(0.3):
        return {}
    return {PROJECT: model.team.habit.resource(model.name, "project")}


class _Execution:
    """One run of a pipeline: prepare data (or take it from the cache), train, evaluate, register."""

    def __init__(self, pipeline: Pipeline, chance: Chance, start: datetime, number: int):
        self.pipeline = pipeline
        self.world = pipeline.world
        self.model = pipeline.model
        self.chance = chance
        self.start = start
        self.number = number
        self.arn = f"{pipeline.arn}/execution/{chance.code(12)}"
        self.steps: list[dict[str, Any]] = []

    def run(self) -> None:
        """Run all steps and record the execution."""
        trained, training_key = self._train(self._prepare())
        reviewed = self._evaluate(trained)
        self._release(trained, training_key, reviewed)
        self._record(reviewed)

    def _prepare(self) -> datetime:
        """Prepare the data and say when they were ready."""
        minutes = self.chance.randrange(15, 70)
        if self.number > 4 and self.number % 6 == 5:
            earlier = f"{self.pipeline.arn}/execution/{self.chance.code(12)}"
            cached = {"CacheHitResult": {"SourcePipelineExecutionArn": earlier}, "Metadata": {}}
            self._step("PrepareData", self.start, self.start, **cached)
            return self.start
        job = self._job("PrepareData", self.start, minutes, "ml.m5.4xlarge", "data_preparation")
        run_processing(job, **self._environment(job))
        self._job_step("PrepareData", job, "ProcessingJob")
        return job.end + timedelta(minutes=2)

    def _train(self, at: datetime) -> tuple[Job, str]:
        """Train the model and give the job with its record's key."""
        world, model = self.world, self.model
        minutes = self.chance.randrange(*_MINUTES[model.cadence])
        instance = training_instance(model, world.chance("training instance", model.name))
        job = self._job("TrainModel", at, minutes, instance, "training")
        job.spot = world.chance("spot", model.name).maybe(0.3)
        job.keep_alive = 20 if world.chance("warm pool", model.name).maybe(0.25) else 0
        # Who trains once a week on the biggest machines takes two of them.
        job.file_system = self._file_system()
        job.count = 2 if instance.removeprefix("ml.") in BIGGEST and model.cadence == "weekly" else 1
        group = self.pipeline.group
        if group:
            package = f"sagemaker:DescribeModelPackage {package_arn(world, group, model, self.number)}"
            text = "lineage: the artifact became a model package"
            job.clues.append(by_model(model, text, ITSELF, package, group.key))
        key = run_training(job, **self._environment(job))
        self._job_step("TrainModel", job, "TrainingJob")
        return job, key

    def _evaluate(self, trained: Job) -> datetime:
        """Evaluate what was trained and say when that was done."""
        job = self._job("EvaluateModel", trained.end + timedelta(minutes=2), 25, "ml.m5.xlarge", "evaluation")
        artifact = artifact_uri(trained)
        run_processing(job, source=artifact, target=f"{artifact.rsplit('/', 1)[0]}/evaluation/")
        self._job_step("EvaluateModel", job, "ProcessingJob")
        return job.end

    def _release(self, trained: Job, training_key: str, at: datetime) -> None:
        """Register what was trained, or leave it as an artifact."""
        version = Version(self.model, self.number, at, artifact_uri(trained), training_key, trained.arn)
        if self.pipeline.group:
            version = register(self.world, self.pipeline.group, version, self.chance.hex(40), self.pipeline.arn)
            self._step("RegisterModel", at, at, Metadata={"RegisterModel": {"Arn": version.package_arn}})
        self.world.versions.setdefault(self.model.name, []).append(version)

    def _record(self, end: datetime) -> None:
        pipeline, region = self.pipeline, self.model.region
        listed: dict[str, Any] = {"created": end, "gone": end, "listed_for_ever": True}
        body = {
            "PipelineArn": pipeline.arn,
            "PipelineExecutionArn": self.arn,
            "PipelineExecutionStatus": "Succeeded",
            "CreationTime": iso(self.start),
            "LastModifiedTime": iso(end),
        }
        self.world.record("sagemaker:DescribePipelineExecution", self.arn, pipeline.account, region, body, **listed)
        steps = {"PipelineExecutionArn": self.arn, "PipelineExecutionSteps": self.steps}
        self.world.record("sagemaker:ListPipelineExecutionSteps", self.arn, pipeline.account, region, steps, **listed)

    def _step(self, name: str, start: datetime, end: datetime, **more: Any) -> None:
        times = {"StartTime": iso(start), "EndTime": iso(end)}
        self.steps.append({"StepName": name, "StepStatus": "Succeeded", **times, **more})

    def _job_step(self, name: str, job: Job, metadata: str) -> None:
        self._step(name, job.start, job.end, Metadata={metadata: {"Arn": job.arn}})

    def _file_system(self) -> str:
        """Name the file system that the training step mounts, if it does."""
        model, file_system = mounted_by_jobs(self.world)
        return file_system if model == self.model else ""

    def _environment(self, job: Job) -> dict[str, Any]:
        """Give what CI left in the environment of a job, and note what it tells."""
        variables = ci_variables(self.world, self.model, job.name)
        job.clues += ci_clues(variables, self.model, ITSELF)
        return {"Environment": variables} if variables else {}

    def _job(self, step: str, start: datetime, minutes: int, instance: str, stage: str) -> Job:
        """Make the job of a step, named as SageMaker names it: after the execution, not after the model."""
        pipeline, model = self.pipeline, self.model
        steps = f"sagemaker:ListPipelineExecutionSteps {self.arn}"
        clues = [by_model(model, "lineage: step of a pipeline", steps, pipeline.key)]
        tag = "SageMaker's tag names the pipeline"
        if pipeline.says_model:
            billed = self.world.tagger.is_active("sagemaker:pipeline-execution-arn", start)
            needs = () if billed else (ITSELF,)
            clues.append(by_model(model, tag, *needs))
            if pipeline.says_environment:
                clues.append(by_environment(tag, *needs))
        if pipeline.says_environment:
            clues.append(by_environment("name of the pipeline", steps))
        project = _project(self.world, model)
        for name in project.values():
            if says(name, model.name):
                billed = self.world.tagger.is_active(PROJECT, start)
                clues.append(by_model(model, "SageMaker's tag names the project", *(() if billed else (ITSELF,))))
        return Job(
            self.world,
            self.chance,
            model,
            pipeline.account,
            of_model(model, "prod", stage, pipeline=pipeline.name),
            f"pipelines-{self.arn.rsplit('/', 1)[1]}-{step}-{self.chance.code(10)}",
            start,
            minutes,
            instance,
            system={"sagemaker:pipeline-execution-arn": self.arn, "sagemaker:pipeline-step-name": step} | project,
            clues=clues,
        )
