"""Nightly EMR clusters that build a model's training data: EMR's fee and its instances."""

from datetime import datetime, timedelta
from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.money.meters import Meter, instance_hours
from mlcost_assets.demo.money.products import EMR
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

INSTANCE = "m5.xlarge"
FLOW = "aws:elasticmapreduce:job-flow-id"
FEE = Meter(
    EMR,
    f"BoxUsage:{INSTANCE}",
    "RunInstances",
    Decimal("0.048"),
    description=f"$0.048 per EMR {INSTANCE} hour",
    instance_type=INSTANCE,
)


def build_datasets(world: World, model: Model) -> None:
    """Build the training data of a model every one to three nights, each time on a new cluster."""
    chance = world.chance("emr", model.name)
    day = world.window.start + timedelta(days=chance.randrange(3))
    while day < world.window.end - DAY:
        _build(world, model, chance, day)
        day += timedelta(days=chance.one((1, 2, 3)))


def _build(world: World, model: Model, chance: Chance, day: datetime) -> None:
    account = world.organisation.account("data")
    cluster_id = f"j-{chance.code(13).upper()}"
    arn = world.arn("elasticmapreduce", account, world.home, f"cluster/{cluster_id}")
    start = day + timedelta(hours=2, minutes=chance.randrange(60))
    end = start + timedelta(hours=chance.randrange(4, 8), minutes=chance.randrange(60))
    owner = of_model(model, "prod", "data_preparation")
    name = chance.one((model.team.habit.resource(model.name, "dataset"), "nightly-dataset", "spark-job"))
    body = {
        "Cluster": {
            "Id": cluster_id,
            "Name": name,
            "ClusterArn": arn,
            "Status": {
                "State": "TERMINATED",
                "Timeline": {"CreationDateTime": iso(start), "EndDateTime": iso(end)},
            },
            "LogUri": f"{data_uri(world, model, 'logs')}/emr/",
            "ReleaseLabel": "emr-7.5.0",
        }
    }
    cluster = world.create(
        "emr:DescribeCluster",
        arn,
        account,
        world.home,
        owner,
        body,
        created=end,
        gone=end,
        listed_for_ever=True,
        tags=world.tags(arn, owner),
    )
    clues = [by_model(model, "name of the EMR cluster", cluster.key)] if says(name, model.name) else []
    clues.append(by_model(model, "log location of the EMR cluster", cluster.key, world.versions[model.name][0].job_key))
    _run_instances(world, cluster, start, end, tuple(clues))


def _run_instances(world: World, cluster: Resource, start: datetime, end: datetime, clues: tuple[Clue, ...]) -> None:
    cluster_id = cluster.id.rsplit("/", 1)[1]
    chance = world.chance("emr instances", cluster_id)
    count = chance.randrange(2, 5)
    world.bill(cluster, FEE, count, start, end, clues=clues)
    hours = instance_hours(INSTANCE, world.home)
    billed = world.tagger.is_active(FLOW, start)
    for _ in range(count):
        instance_id = f"i-{chance.hex(17)}"
        body = {
            "InstanceId": instance_id,
            "InstanceType": INSTANCE,
            "State": {"Code": 16, "Name": "running"},
            "LaunchTime": iso(start),
        }
        instance = world.create(
            "ec2:DescribeInstances",
            instance_id,
            cluster.account,
            world.home,
            cluster.owner,
            body,
            created=start,
            gone=end,
            tags=Tags(system={FLOW: cluster_id}),
        )
        needs = () if billed else (instance.key,)
        world.bill(instance, hours, 1, start, end, clues=through("instance of an EMR cluster, ", clues, *needs))
