"""Jobs outside SageMaker that prepare a model's data or start its training: Glue, EMR, Step Functions."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import (
    EC2,
    EMR,
    GLUE,
    STATES,
)
from mlcost_assets.demo.charges import bill_daily
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.layout import data_uri
from mlcost_assets.demo.organisation import US, Account, Model
from mlcost_assets.demo.owners import MODEL, Clue, Owner, named, of_model
from mlcost_assets.demo.prices import ec2
from mlcost_assets.demo.tagging import Tags
from mlcost_assets.demo.world import World, flat

EMR_FEE = Decimal("0.048")


def prepare_data(world: World) -> None:
    """Run the jobs around SageMaker for the models that are alive."""
    models = [model for model in world.organisation.models if model.serving not in ("legacy", "forgotten")]
    for number, model in enumerate(models):
        if number == 0 or world.chance("glue", model.name).maybe(0.4):
            _glue(world, model)
        if number == 1 or world.chance("states", model.name).maybe(0.3):
            _state_machine(world, model)
    _emr(world, world.chance("emr").one(models))


def _glue(world: World, model: Model) -> None:
    """A Glue job that prepares a model's features every night."""
    account = world.organisation.account("data")
    chance = world.chance("glue", model.name)
    name = chance.one((f"{model.team.habit.path(model.name)}_features", f"etl_{chance.code(5)}"))
    arn = world.arn("glue", account, US, f"job/{name}")
    owner = of_model(model, "prod", "data_preparation")
    tags = world.tags(arn, owner)
    target = f"{data_uri(world, model, 'features')}/raw/"
    body = {
        "Job": {
            "Name": name,
            "Role": f"arn:aws:iam::{account.id}:role/glue-etl",
            "CreatedOn": iso(world.before(250)),
            "LastModifiedOn": iso(world.before(40)),
            "Command": {
                "Name": "glueetl",
                "ScriptLocation": f"s3://{world.organisation.company}-glue/{name}.py",
            },
            "DefaultArguments": {"--output_path": target, "--job-language": "python"},
            "MaxCapacity": 20.0,
            "WorkerType": "G.1X",
        }
    }
    key = world.record("glue:GetJob", arn, account, US, body, created=world.before(250), tags=tags)
    jobs = [version.job_key for version in world.versions[model.name][:2]]
    clues = tuple(
        Clue(
            "lineage: writes the prefix that a training job reads",
            frozenset({MODEL}),
            (key, job),
            (named(model.name),),
        )
        for job in jobs
    )
    resource = world.resource(arn, account, US, owner, key=key, tags=tags)
    for day in world.window.days():
        start = day + HOUR
        world.bill(
            resource,
            GLUE,
            "ETL-DPU-Hour",
            "Jobrun",
            start,
            start + timedelta(minutes=chance.randrange(30, 120)),
            quantity=chance.one((10, 20)),
            rate=Decimal("0.44"),
            unit="DPU-Hour",
            clues=clues,
            description="$0.44 per Data Processing Unit-Hour for AWS Glue ETL job",
        )


def _state_machine(world: World, model: Model) -> None:
    """A state machine that starts a model's pipeline."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("state machine", model.name)
    name = chance.one((model.team.habit.resource(model.name, "orchestrator"), f"orchestrator-{chance.code(5)}"))
    arn = world.arn("states", account, US, f"stateMachine:{name}")
    owner = of_model(model, "prod", "platform")
    tags = world.tags(arn, owner)
    pipeline = f"sagemaker:DescribePipeline {world.pipelines[model.name]}"
    definition = {
        "StartAt": "Train",
        "States": {
            "Train": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sagemaker:startPipelineExecution",
                "Parameters": {"PipelineName": world.pipelines[model.name].rsplit("/", 1)[1]},
                "End": True,
            }
        },
    }
    body = {
        "stateMachineArn": arn,
        "name": name,
        "status": "ACTIVE",
        "definition": json.dumps(definition),
        "roleArn": f"arn:aws:iam::{account.id}:role/states-{name}"[:120],
        "type": "STANDARD",
        "creationDate": iso(world.before(200)),
    }
    key = world.record(
        "stepfunctions:DescribeStateMachine", arn, account, US, body, created=world.before(200), tags=tags
    )
    clues = (Clue("lineage: starts a pipeline", frozenset({MODEL}), (key, pipeline), (named(model.name),)),)
    resource = world.resource(arn, account, US, owner, key=key, tags=tags)
    bill_daily(
        world,
        resource,
        STATES,
        "StateTransition",
        "RunStateMachine",
        chance.randrange(20_000, 200_000),
        "0.000025",
        "StateTransitions",
        clues,
    )


def _emr(world: World, model: Model) -> None:
    """Nightly EMR clusters that build a model's training data: EMR's fee and its instances."""
    account = world.organisation.account("data")
    chance = world.chance("emr", model.name)
    day = world.window.start + timedelta(days=chance.randrange(3))
    while day < world.window.end - DAY:
        cluster_id = f"j-{chance.code(13).upper()}"
        arn = world.arn("elasticmapreduce", account, US, f"cluster/{cluster_id}")
        start = day + timedelta(hours=2, minutes=chance.randrange(60))
        end = start + timedelta(hours=chance.randrange(4, 8), minutes=chance.randrange(60))
        owner = of_model(model, "prod", "data_preparation")
        name = chance.one((model.team.habit.resource(model.name, "dataset"), "nightly-dataset", "spark-job"))
        tags = world.tags(arn, owner)
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
        key = world.record(
            "emr:DescribeCluster",
            arn,
            account,
            US,
            body,
            created=end,
            gone=end,
            listed_for_ever=True,
            tags=tags,
        )
        clues: list[Clue] = []
        if flat(model.name) in flat(name):
            clues.append(Clue("name of the EMR cluster", frozenset({MODEL}), (key,), (named(model.name),)))
        clues.append(
            Clue(
                "log location of the EMR cluster",
                frozenset({MODEL}),
                (key, world.versions[model.name][0].job_key),
                (named(model.name),),
            )
        )
        _emr_instances(world, account, arn, cluster_id, owner, (start, end), tuple(clues))
        day += timedelta(days=chance.one((1, 2, 3)))


def _emr_instances(
    world: World,
    account: Account,
    arn: str,
    cluster_id: str,
    owner: Owner,
    life: tuple[Any, Any],
    clues: tuple[Clue, ...],
) -> None:
    start, end = life
    chance = world.chance("emr instances", cluster_id)
    cluster = world.resource(arn, account, US, owner)
    count = chance.randrange(2, 5)
    common: dict[str, Any] = {"unit": "Hrs", "instance_type": "m5.xlarge"}
    world.bill(
        cluster,
        EMR,
        "BoxUsage:m5.xlarge",
        "RunInstances",
        start,
        end,
        quantity=count,
        rate=EMR_FEE,
        clues=clues,
        **common,
    )
    billed = world.tagger.is_active("aws:elasticmapreduce:job-flow-id", start)
    for _ in range(count):
        instance_id = f"i-{chance.hex(17)}"
        tags = Tags(system={"aws:elasticmapreduce:job-flow-id": cluster_id})
        body = {
            "InstanceId": instance_id,
            "InstanceType": "m5.xlarge",
            "State": {"Code": 16, "Name": "running"},
            "LaunchTime": iso(start),
        }
        key = world.record("ec2:DescribeInstances", instance_id, account, US, body, created=start, gone=end, tags=tags)
        needs = () if billed else (key,)
        on = tuple(Clue(f"instance of an EMR cluster, {c.text}", c.tells, (*needs, *c.needs), c.also) for c in clues)
        resource = world.resource(instance_id, account, US, owner, key=key, tags=tags)
        world.bill(
            resource,
            EC2,
            "BoxUsage:m5.xlarge",
            "RunInstances",
            start,
            end,
            quantity=1,
            rate=ec2("m5.xlarge"),
            clues=on,
            **common,
        )
