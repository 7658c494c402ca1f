"""Jobs of SageMaker: one training, processing or transform job at a time, recorded and billed together."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import SAGEMAKER, SAGEMAKER_STORAGE
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.layout import data_uri, image_of
from mlcost_assets.demo.organisation import Account, Model
from mlcost_assets.demo.owners import MODEL, Clue, Owner, named
from mlcost_assets.demo.prices import sagemaker
from mlcost_assets.demo.world import Resource, World

STORAGE_RATE = Decimal("0.14")
DAYS_OF_MONTH = Decimal("30.4")
SPOT_RATIO = Decimal("0.42")
VOLUME = 100
ITSELF = ""

_USAGE = {"training": "Train", "processing": "Processing", "transform": "Tsform"}
_OPERATION = {
    "training": "DescribeTrainingJob",
    "processing": "DescribeProcessingJob",
    "transform": "DescribeTransformJob",
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

    @property
    def end(self) -> datetime:
        """Jobs end when their minutes are over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def arn(self) -> str:
        """Name the job as the bill does."""
        return self.world.arn("sagemaker", self.account, self.model.region, f"{self.kind}-job/{self.name}")

    def role(self) -> str:
        """Give the role the job runs with."""
        return self.world.role(self.model.team, self.account, self.owner.environment or "")

    def put(self, body: dict[str, Any]) -> str:
        """Record the job, bill it, and give the key of its record."""
        world = self.world
        tags = world.tags(self.arn, self.owner, self.system)
        key = world.record(
            f"sagemaker:{_OPERATION[self.kind]}",
            self.arn,
            self.account,
            self.model.region,
            [(self.start, _while_running(body)), (self.end, body)],
            gone=self.end,
            tags=tags,
            listed_for_ever=True,
        )
        resource = world.resource(self.arn, self.account, self.model.region, self.owner, key=key, tags=tags)
        clues = tuple(
            Clue(clue.text, clue.tells, tuple(need or key for need in clue.needs), clue.also) for clue in self.clues
        ) + world.role_clues(self.model.team, self.owner.environment or "", key)
        self._bill(resource, clues)
        return key

    def _bill(self, resource: Resource, clues: tuple[Clue, ...]) -> None:
        price = sagemaker(self.instance, self.model.region)
        usage, rate = _USAGE[self.kind], price
        if self.spot:
            usage, rate = "TrSpt", (price * SPOT_RATIO).quantize(Decimal("0.0001"))
        common: dict[str, Any] = {
            "quantity": self.count,
            "unit": "Hrs",
            "clues": clues,
            "instance_type": self.instance,
        }
        self.world.bill(
            resource,
            SAGEMAKER,
            f"{usage}:{self.instance}",
            "RunInstance",
            self.start,
            self.end,
            rate=rate,
            public_rate=price,
            description=f"${rate} per {usage} {self.instance} hour",
            **common,
        )
        if self.keep_alive:
            self.world.bill(
                resource,
                SAGEMAKER,
                f"TrainWarmPool:{self.instance}",
                "RunInstance",
                self.end,
                self.end + timedelta(minutes=self.keep_alive),
                rate=price,
                description=f"${price} per TrainWarmPool {self.instance} hour",
                **common,
            )
        if self.kind == "training":
            self.world.bill(
                resource,
                SAGEMAKER_STORAGE,
                "Train:VolumeUsage.gp2",
                "CreateVolume-Gp2",
                self.start,
                self.end,
                quantity=(VOLUME * self.count / DAYS_OF_MONTH).quantize(Decimal("0.00000001")),
                rate=STORAGE_RATE,
                unit="GB-Mo",
                clues=clues,
                step="day",
                description=f"${STORAGE_RATE} per GB-Mo of ML storage",
            )


_NOT_YET = {
    "ModelArtifacts",
    "TrainingEndTime",
    "ProcessingEndTime",
    "TransformEndTime",
    "HyperParameterTuningEndTime",
    "TrainingTimeInSeconds",
    "BillableTimeInSeconds",
}


def _while_running(body: dict[str, Any]) -> dict[str, Any]:
    """Give what the API says of a job before it has ended."""
    return {
        name: "InProgress" if name.endswith("JobStatus") else value
        for name, value in body.items()
        if name not in _NOT_YET
    }


def by_model(text: str, *needs: str, model: Model) -> Clue:
    """Make a clue that tells the model once the model's name is known."""
    return Clue(text, frozenset({MODEL}), needs, (named(model.name),))


def _hyper_parameters(job: Job) -> dict[str, str]:
    chance = job.chance
    values = {"epochs": str(chance.randrange(3, 40)), "learning_rate": f"{chance.uniform(0.0001, 0.1):.5f}"}
    if chance.maybe(0.25):
        values["model_name"] = job.model.team.habit.path(job.model.name)
    return values


def artifact_uri(job: Job) -> str:
    """Say where a training job leaves its model."""
    return f"{data_uri(job.world, job.model, 'artifacts')}/{job.name}/output/model.tar.gz"


def _s3(uri: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}


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
        "RoleArn": job.role(),
        "InputDataConfig": [
            {"ChannelName": "train", "DataSource": _s3(f"{data_uri(world, model, 'training-data')}/")},
            {"ChannelName": "features", "DataSource": _s3(f"{data_uri(world, model, 'features')}/")},
        ],
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
    job.clues.append(by_model("lineage: data and artifact lie under the model's prefix", ITSELF, model=model))
    if "model_name" in hyper_parameters:
        job.clues.append(by_model("hyperparameter model_name", ITSELF, model=model))
    return job.put(body)


def run_processing(job: Job, **more: Any) -> str:
    """Run a processing job and give its record's key."""
    job.kind = "processing"
    world, model = job.world, job.model
    source = more.pop("source", f"{data_uri(world, model, 'features')}/raw/")
    target = more.pop("target", f"{data_uri(world, model, 'training-data')}/")
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
        "RoleArn": job.role(),
        "ProcessingJobStatus": "Completed",
        "CreationTime": iso(job.start - timedelta(minutes=3)),
        "ProcessingStartTime": iso(job.start),
        "ProcessingEndTime": iso(job.end),
        "LastModifiedTime": iso(job.end),
        **more,
    }
    job.clues.append(by_model("lineage: reads and writes under the model's prefix", ITSELF, model=model))
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
