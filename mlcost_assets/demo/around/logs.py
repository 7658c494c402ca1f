"""Log groups: an endpoint's own, and the one that all training jobs of an account share."""

from mlcost_assets.demo.clock import seconds
from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.meters import daily, stored
from mlcost_assets.demo.money.products import CLOUDWATCH
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.naming import says_environment
from mlcost_assets.demo.truth.clues import by_environment, through
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import HostedEndpoint, Resource
from mlcost_assets.demo.world.world import World

INGESTION = daily(
    CLOUDWATCH, "DataProcessing-Bytes", "PutLogEvents", "0.50", "GB", "$0.50 per GB custom log data ingested"
)

METRICS = daily(CLOUDWATCH, "CW:MetricMonitorUsage", "MetricStorage", "0.30", "Metrics", "$0.30 per metric-month")


def write_logs(world: World) -> None:
    """Write the logs of endpoints and of jobs."""
    for endpoint in world.endpoints:
        _log_endpoint(world, endpoint)
    account = world.organisation.ml_account("prod")
    jobs = log_group(world, account, world.home, "/aws/sagemaker/TrainingJobs", Owner(stage="monitoring"))
    region = Scope("region", f"{account.id}/{world.home}")
    world.pool(jobs, INGESTION, 6, scope=region, stage="monitoring")
    # AWS names no resource for metrics.
    nowhere = Resource("", account, world.home)
    world.pool(nowhere, METRICS, stored(world.chance("metrics").randrange(200, 2000)), scope=region, stage="monitoring")


def _log_endpoint(world: World, endpoint: HostedEndpoint) -> None:
    group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
    clues = through("log group of an endpoint: ", endpoint.clues)
    if says_environment(endpoint.name, endpoint.environment):
        clues += (by_environment("log group names an endpoint"),)
    hosted = endpoint.resource
    resource = log_group(world, hosted.account, hosted.region, group, hosted.owner.at("monitoring"))
    world.bill(resource, INGESTION, world.chance("logs", endpoint.name).randrange(1, 30), clues=clues)


def log_group(world: World, account: Account, region: str, group: str, owner: Owner) -> Resource:
    """Make a log group."""
    arn = world.arn("logs", account, region, f"log-group:{group}")
    body = {
        "logGroupName": group,
        "creationTime": seconds(world.before(200)) * 1000,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": world.chance("stored", group).randrange(10**8, 10**11),
    }
    return world.create("logs:DescribeLogGroups", arn, account, region, owner, body, created=world.before(200))
