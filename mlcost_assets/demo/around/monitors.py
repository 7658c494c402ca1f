"""Monitors of endpoints: one processing job a day, named by SageMaker after the time."""

from datetime import timedelta

from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.truth.clues import by_name, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.jobs import ITSELF, Job, run_processing
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.resources import HostedEndpoint
from mlcost_assets.demo.world.world import World


def watch_endpoints(world: World) -> None:
    """Monitor most of the production endpoints."""
    production = [endpoint for endpoint in world.endpoints if endpoint.environment == "prod"]
    for number, endpoint in enumerate(production):
        if number == 0 or world.chance("monitored", endpoint.name).maybe(0.6):
            _watch(world, endpoint)


def _watch(world: World, endpoint: HostedEndpoint) -> None:
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
    tags = world.tags(arn, owner)
    kind = "sagemaker:DescribeMonitoringSchedule"
    key = world.record(kind, arn, account, region, body, created=world.before(20), tags=tags)
    clues = through("monitor of an endpoint: ", endpoint.clues, ITSELF, key)
    clues += by_name(endpoint.name, model, endpoint.environment, "monitor names an endpoint", ITSELF, key)
    for day in world.window.days():
        run_processing(
            Job(
                world,
                chance,
                model,
                account,
                owner,
                f"model-monitoring-{day:%Y%m%d}0300-{chance.hex(24)}",
                day + 3 * HOUR + timedelta(minutes=chance.randrange(15)),
                chance.randrange(12, 40),
                "ml.m5.xlarge",
                clues=list(clues),
            ),
            MonitoringScheduleArn=arn,
            source=f"{data_uri(world, model, 'inference-output')}/{endpoint.name}/",
            target=f"{data_uri(world, model, 'logs')}/monitoring/",
        )
