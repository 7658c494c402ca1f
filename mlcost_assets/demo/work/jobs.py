"""Jobs of SageMaker: one training, processing or transform job at a time, recorded and billed together."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso, seconds
from mlcost_assets.demo.money.meters import daily, ml_hours, stored
from mlcost_assets.demo.money.prices import SPOT_RATIO
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Clue, by_model
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.layout import data_uri, image_of
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

VOLUME = 100
ITSELF = ""

STORAGE = daily(
    SAGEMAKER_STORAGE, "Train:VolumeUsage.gp2", "CreateVolume-Gp2", "0.14", "GB-Mo", "$0.14 per GB-Mo of ML storage"
)

_USAGE = {"training": "Train", "processing": "Processing", "transform": "Tsform"}
_OPERATION = {
    "training": "DescribeTrainingJob",
    "processing": "DescribeProcessingJob",
    "transform": "DescribeTransformJob",
}

# What the API does not say before a job has ended.
_NOT_YET = {
    "ModelArtifacts",
    "TrainingEndTime",
    "ProcessingEndTime",
    "TransformEndTime",
    "HyperParameterTuningEndTime",
    "TrainingTimeInSeconds",
    "BillableTimeInSeconds",
}


@dataclass
class Job:
    """A job that is about to be recorded and billed; an empty need in its clues stands for its own record."""

    world: World
    chance: Chance
    model: Model
    account: Account
    owner: Owner
    name: str
    start: datetime
    minutes: int
    instance: str
    kind: str = "training"
    count: int = 1
    system: dict[str, str] = field(default_factory=dict)
    clues: list[Clue] = field(default_factory=list)
    spot: bool = False
    keep_alive: int = 0
    # A file system that a training job mounts.
    file_system: str = ""

    @property
    def end(self) -> datetime:
        """Jobs end when their minutes are over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def arn(self) -> str:
        """Name the job as the bill does."""
        return self.world.arn("sagemaker", self.account, self.model.region, f"{self.kind}-job/{self.name}")

    @property
    def role(self) -> str:
        """The role with which the job runs."""
        return self.world.role(self.model.team, self.account, self.owner.environment or "")

    def put(self, body: dict[str, Any]) -> str:
        """Record the job, bill it, and give the key of its record."""
        running = {
            name: "InProgress" if name.endswith("JobStatus") else value
            for name, value in body.items()
            if name not in _NOT_YET
        }
        resource = self.world.create(
            f"sagemaker:{_OPERATION[self.kind]}",
            self.arn,
            self.account,
            self.model.region,
            self.owner,
            [(self.start, running), (self.end, body)],
            gone=self.end,
            tags=self.world.tags(self.arn, self.owner, self.system),
            listed_for_ever=True,
        )
        clues = [replace(clue, needs=tuple(need or resource.key for need in clue.needs)) for clue in self.clues]
        clues += self.world.role_clues(self.model.team, self.owner.environment or "", resource.key)
        if self.model.team.named_roles:
            self.world.learn_team(self.model, resource.key)
        self._bill(resource, tuple(clues))
        return resource.key

    def _bill(self, resource: Resource, clues: tuple[Clue, ...]) -> None:
        usage = "TrSpt" if self.spot else _USAGE[self.kind]
        meter = ml_hours(f"{usage}:", self.instance, self.model.region, usage)
        if self.spot:
            rate = (meter.rate * SPOT_RATIO).quantize(Decimal("0.0001"))
            text = f"${rate} per {usage} {self.instance} hour"
            meter = replace(meter, rate=rate, public_rate=meter.rate, description=text)
        self.world.bill(resource, meter, self.count, self.start, self.end, clues=clues)
        if self.keep_alive:
            warm = ml_hours("TrainWarmPool:", self.instance, self.model.region, "TrainWarmPool")
            cold = self.end + timedelta(minutes=self.keep_alive)
            self.world.bill(resource, warm, self.count, self.end, cold, clues=clues)
        if self.kind == "training":
            self.world.bill(resource, STORAGE, stored(VOLUME * self.count), self.start, self.end, clues=clues)


def artifact_uri(job: Job) -> str:
    """Say where a training job leaves its model."""
    return f"{data_uri(job.world, job.model, 'artifacts')}/{job.name}/output/model.tar.gz"


def sdk_stamp(moment: datetime) -> str:
    """Write a moment as the SageMaker SDK appends it to the names of jobs."""
    return f"{moment:%Y-%m-%d-%H-%M-%S}-{seconds(moment) % 1000:03}"


def _s3(uri: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}


def _hyper_parameters(job: Job) -> dict[str, str]:
    chance = job.chance
    values = {"epochs": str(chance.randrange(3, 40)), "learning_rate": f"{chance.uniform(0.0001, 0.1):.5f}"}
    if chance.maybe(0.25):
        values["model_name"] = job.model.team.habit.path(job.model.name)
    return values


def _channels(job: Job) -> list[dict[str, Any]]:
    channels = [
        {"ChannelName": name, "DataSource": _s3(f"{data_uri(job.world, job.model, content)}/")}
        for name, content in (("train", "training-data"), ("features", "features"))
    ]
    if job.file_system:
        mounted = {
            "FileSystemId": job.file_system,
            "FileSystemAccessMode": "ro",
            "FileSystemType": "FSxLustre",
            "DirectoryPath": "/fsx/datasets",
        }
        channels.append({"ChannelName": "mounted", "DataSource": {"FileSystemDataSource": mounted}})
    return channels


def run_training(job: Job, **more: Any) -> str:
    """Run a training job and give its record's key."""
    world, model = job.world, job.model
    hyper_parameters = _hyper_parameters(job)
    body: dict[str, Any] = {
        "TrainingJobName": job.name,
        "TrainingJobArn": job.arn,
        "ModelArtifacts": {"S3ModelArtifacts": artifact_uri(job)},
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "HyperParameters": hyper_parameters,
        "AlgorithmSpecification": {"TrainingImage": image_of(world, model), "TrainingInputMode": "File"},
        "RoleArn": job.role,
        "InputDataConfig": _channels(job),
        "OutputDataConfig": {"S3OutputPath": data_uri(world, model, "artifacts")},
        "CheckpointConfig": {"S3Uri": f"{data_uri(world, model, 'checkpoints')}/{job.name}"},
        "ResourceConfig": {
            "InstanceType": job.instance,
            "InstanceCount": job.count,
            "VolumeSizeInGB": VOLUME,
            "KeepAlivePeriodInSeconds": job.keep_alive * 60,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 432000},
        "CreationTime": iso(job.start - timedelta(minutes=4)),
        "TrainingStartTime": iso(job.start),
        "TrainingEndTime": iso(job.end),
        "LastModifiedTime": iso(job.end),
        "TrainingTimeInSeconds": job.minutes * 60,
        "BillableTimeInSeconds": job.minutes * 60,
        "EnableManagedSpotTraining": job.spot,
        **more,
    }
    job.clues.append(by_model(model, "lineage: data and artifact lie under the model's prefix", ITSELF))
    if "model_name" in hyper_parameters:
        job.clues.append(by_model(model, "hyperparameter model_name", ITSELF))
    return job.put(body)


def run_processing(job: Job, source: str = "", target: str = "", **more: Any) -> str:
    """Run a processing job and give its record's key."""
    job.kind = "processing"
    world, model = job.world, job.model
    source = source or f"{data_uri(world, model, 'features')}/raw/"
    target = target or f"{data_uri(world, model, 'training-data')}/"
    body: dict[str, Any] = {
        "ProcessingInputs": [
            {"InputName": "input-1", "S3Input": {"S3Uri": source, "LocalPath": "/opt/ml/processing/input"}}
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "output-1",
                    "S3Output": {"S3Uri": target, "LocalPath": "/opt/ml/processing/output"},
                }
            ]
        },
        "ProcessingJobName": job.name,
        "ProcessingJobArn": job.arn,
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": job.count, "InstanceType": job.instance, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": image_of(world, model)},
        "RoleArn": job.role,
        "ProcessingJobStatus": "Completed",
        "CreationTime": iso(job.start - timedelta(minutes=3)),
        "ProcessingStartTime": iso(job.start),
        "ProcessingEndTime": iso(job.end),
        "LastModifiedTime": iso(job.end),
        **more,
    }
    job.clues.append(by_model(model, "lineage: reads and writes under the model's prefix", ITSELF))
    return job.put(body)


def run_transform(job: Job, model_name: str) -> str:
    """Run a batch transform job and give its record's key."""
    job.kind = "transform"
    world, model = job.world, job.model
    return job.put(
        {
            "TransformJobName": job.name,
            "TransformJobArn": job.arn,
            "TransformJobStatus": "Completed",
            "ModelName": model_name,
            "BatchStrategy": "MultiRecord",
            "TransformInput": {
                "DataSource": _s3(f"{data_uri(world, model, 'features')}/batch/"),
                "SplitType": "Line",
            },
            "TransformOutput": {"S3OutputPath": f"{data_uri(world, model, 'inference-output')}/{job.start:%Y-%m-%d}"},
            "TransformResources": {"InstanceType": job.instance, "InstanceCount": job.count},
            "CreationTime": iso(job.start - timedelta(minutes=5)),
            "TransformStartTime": iso(job.start),
            "TransformEndTime": iso(job.end),
        }
    )
