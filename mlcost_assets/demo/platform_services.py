"""What surrounds models on SageMaker: monitors, feature groups, a HyperPod cluster."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import SAGEMAKER, SAGEMAKER_STORAGE
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.jobs import ITSELF, Job, by_model, run_processing
from mlcost_assets.demo.layout import data_uri
from mlcost_assets.demo.organisation import US, Model
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, Clue, named, of_model
from mlcost_assets.demo.prices import SHAPES, sagemaker
from mlcost_assets.demo.world import HostedEndpoint, World, environment_in, flat


def watch_and_feed(world: World) -> None:
    """Monitor endpoints, keep feature groups, run HyperPod."""
    production = [endpoint for endpoint in world.endpoints if endpoint.environment == "prod"]
    for number, endpoint in enumerate(production):
        if number == 0 or world.chance("monitored", endpoint.name).maybe(0.6):
            _monitor(world, endpoint)
    for model in world.organisation.models:
        if world.chance("feature group", model.name).maybe(0.4):
            _feature_group(world, model)
    _hyperpod(world)


def _monitor(world: World, endpoint: HostedEndpoint) -> None:
    """Watch an endpoint: one processing job a day, named by SageMaker after the time."""
    model, account, region = endpoint.model, endpoint.resource.account, endpoint.resource.region
    chance = world.chance("monitor", endpoint.name)
    name = chance.one((f"{endpoint.name}-dq", f"monitor-{chance.code(6)}", f"data-quality-{chance.code(4)}"))
    arn = world.arn("sagemaker", account, region, f"monitoring-schedule/{name.lower()}")
    owner = of_model(model, endpoint.environment, "monitoring")
    body = {
        "MonitoringScheduleArn": arn,
        "MonitoringScheduleName": name,
        "MonitoringScheduleStatus": "Scheduled",
        "MonitoringType": "DataQuality",
        "CreationTime": iso(world.before(20)),
        "LastModifiedTime": iso(world.before(20)),
        "EndpointName": endpoint.name,
        "MonitoringScheduleConfig": {
            "ScheduleConfig": {"ScheduleExpression": "cron(0 3 ? * * *)"},
            "MonitoringType": "DataQuality",
        },
    }
    key = world.record(
        "sagemaker:DescribeMonitoringSchedule",
        arn,
        account,
        region,
        body,
        created=world.before(20),
        tags=world.tags(arn, owner),
    )
    for day in world.window.days():
        job = Job(
            world,
            chance,
            model,
            account,
            owner,
            f"model-monitoring-{day:%Y%m%d}0300-{chance.hex(24)}",
            day + 3 * HOUR + timedelta(minutes=chance.randrange(15)),
            chance.randrange(12, 40),
            "ml.m5.xlarge",
            clues=[
                Clue(f"monitor of an endpoint: {clue.text}", clue.tells, (ITSELF, key, *clue.needs), clue.also)
                for clue in endpoint.clues
            ]
            + _by_endpoint_name(endpoint, key),
        )
        run_processing(
            job,
            MonitoringScheduleArn=arn,
            source=f"{data_uri(world, model, 'inference-output')}/{endpoint.name}/",
            target=f"{data_uri(world, model, 'logs')}/monitoring/",
        )


def _by_endpoint_name(endpoint: HostedEndpoint, key: str) -> list[Clue]:
    clues = []
    if flat(endpoint.model.name) in flat(endpoint.name):
        clues.append(by_model("monitor names an endpoint", ITSELF, key, model=endpoint.model))
    if environment_in(endpoint.name, endpoint.environment):
        clues.append(Clue("monitor names an endpoint", frozenset({ENVIRONMENT}), (ITSELF, key)))
    return clues


_FEATURE_USAGE = (
    ("FeatureStore:WriteRequestUnits", "PutRecord", 4_000_000, "0.00000125", "Units"),
    ("FeatureStore:ReadRequestUnits", "GetRecord", 9_000_000, "0.00000025", "Units"),
    ("FeatureStore:TimedOnlineStorage", "OnlineStorage", 3, "0.45", "GB-Mo"),
)


def _feature_group(world: World, model: Model) -> None:
    account = world.organisation.ml_account("prod")
    chance = world.chance("features", model.name)
    entity = chance.one(("customer", "session", "item", "device", "order"))
    name = chance.one((model.team.habit.resource(model.name, "features"), f"{entity}-{chance.code(4)}-fg"))
    arn = world.arn("sagemaker", account, model.region, f"feature-group/{name.lower()}")
    owner = of_model(model, "prod", "data_preparation")
    tags = world.tags(arn, owner)
    body: dict[str, Any] = {
        "FeatureGroupArn": arn,
        "FeatureGroupName": name,
        "RecordIdentifierFeatureName": f"{entity}_id",
        "EventTimeFeatureName": "event_time",
        "FeatureDefinitions": [{"FeatureName": f"{entity}_id", "FeatureType": "String"}],
        "CreationTime": iso(world.before(300)),
        "FeatureGroupStatus": "Created",
        "RoleArn": world.role(model.team, account, "prod"),
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"{data_uri(world, model, 'features')}/store"}},
    }
    key = world.record(
        "sagemaker:DescribeFeatureGroup",
        arn,
        account,
        model.region,
        body,
        created=world.before(300),
        tags=tags,
    )
    jobs = [version.job_key for version in world.versions[model.name][:2]]
    clues = tuple(
        Clue(
            "lineage: offline store under a prefix that a training job reads",
            frozenset({MODEL}),
            (key, job),
            (named(model.name),),
        )
        for job in jobs
    ) + world.role_clues(model.team, "prod", key)
    resource = world.resource(arn, account, model.region, owner, key=key, tags=tags)
    for usage, operation, quantity, rate, unit in _FEATURE_USAGE:
        world.bill(
            resource,
            SAGEMAKER_STORAGE,
            usage,
            operation,
            world.window.start,
            world.window.end,
            quantity=quantity * model.size,
            rate=Decimal(rate),
            unit=unit,
            step="day",
            clues=clues,
            description=f"${rate} per {unit} {usage}",
        )


def _hyperpod(world: World) -> None:
    """A HyperPod cluster on which one model is trained for a part of the time."""
    models = [
        model for model in world.organisation.models if SHAPES[model.instance].gpus and model.serving != "forgotten"
    ]
    chance = world.chance("hyperpod")
    model = chance.one(models or list(world.organisation.models))
    account = world.organisation.ml_account("prod")
    name = chance.one((model.team.habit.resource(model.name, "hp", environment="prod"), f"{model.team.name}-hyperpod"))
    cluster_id = chance.code(12)
    arn = world.arn("sagemaker", account, US, f"cluster/{cluster_id}")
    owner = of_model(model, "prod", "training")
    tags = world.tags(arn, owner)
    start = world.window.at(chance.uniform(0, 0.5))
    end = min(start + timedelta(days=chance.randrange(12, 45)), world.window.end - DAY)
    count = chance.randrange(2, 5)
    instance = chance.one(("ml.g5.8xlarge", "ml.g5.12xlarge", "ml.g5.48xlarge"))
    body = {
        "ClusterArn": arn,
        "ClusterName": name,
        "ClusterStatus": "InService",
        "CreationTime": iso(start),
        "InstanceGroups": [
            {
                "InstanceGroupName": "workers",
                "InstanceType": instance,
                "CurrentCount": count,
                "TargetCount": count,
                "ExecutionRole": world.role(model.team, account, "prod"),
                "LifeCycleConfig": {
                    "SourceS3Uri": f"{data_uri(world, model, 'checkpoints')}/lifecycle",
                    "OnCreate": "on_create.sh",
                },
            }
        ],
        "NodeRecovery": "Automatic",
    }
    key = world.record("sagemaker:DescribeCluster", arn, account, US, body, created=start, gone=end, tags=tags)
    jobs = [version.job_key for version in world.versions[model.name][:2]]
    clues = [
        Clue(
            "lineage: scripts under the model's checkpoints",
            frozenset({MODEL}),
            (key, job),
            (named(model.name),),
        )
        for job in jobs
    ]
    if flat(model.name) in flat(name):
        clues.append(Clue("name of the cluster", frozenset({MODEL}), (key,), (named(model.name),)))
    clues += world.role_clues(model.team, "prod", key)
    rate = sagemaker(instance)
    world.bill(
        world.resource(arn, account, US, owner, key=key, tags=tags),
        SAGEMAKER,
        f"Cluster:{instance}",
        "RunInstance",
        start,
        end,
        quantity=count,
        rate=rate,
        unit="Hrs",
        clues=tuple(clues),
        instance_type=instance,
        description=f"${rate} per HyperPod {instance} hour",
    )
