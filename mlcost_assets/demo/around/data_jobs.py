"""Jobs outside SageMaker: Glue jobs that prepare features, state machines that start pipelines, and EMR."""

import json
from datetime import timedelta
from decimal import Decimal

from mlcost_assets.demo.around.emr import build_datasets
from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.money.meters import Meter, daily
from mlcost_assets.demo.money.products import GLUE, STATES
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says_environment
from mlcost_assets.demo.truth.clues import by_environment, by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World

GLUE_HOURS = Meter(
    GLUE,
    "ETL-DPU-Hour",
    "Jobrun",
    Decimal("0.44"),
    "DPU-Hour",
    "$0.44 per Data Processing Unit-Hour for AWS Glue ETL job",
)
TRANSITIONS = daily(STATES, "StateTransition", "RunStateMachine", "0.000025", "StateTransitions")


def prepare_data(world: World) -> None:
    """Run the jobs around SageMaker for the models that are alive."""
    alive = world.organisation.alive()
    for number, model in enumerate(alive):
        if number == 0 or world.chance("glue", model.name).maybe(0.4):
            _run_glue(world, model)
        if number == 1 or world.chance("states", model.name).maybe(0.3):
            _run_state_machine(world, model)
    build_datasets(world, world.chance("emr").one(alive))


def _run_glue(world: World, model: Model) -> None:
    """Prepare a model's features every night."""
    account = world.organisation.account("data")
    chance = world.chance("glue", model.name)
    name = chance.one((f"{model.team.habit.path(model.name)}_features", f"etl_{chance.code(5)}"))
    arn = world.arn("glue", account, world.home, f"job/{name}")
    owner = of_model(model, "prod", "data_preparation")
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
    tags = world.tags(arn, owner)
    job = world.create("glue:GetJob", arn, account, world.home, owner, body, created=world.before(250), tags=tags)
    clues = world.job_clues(model, "lineage: writes the prefix that a training job reads", job.key)
    for day in world.window.days():
        start = day + HOUR
        end = start + timedelta(minutes=chance.randrange(30, 120))
        world.bill(job, GLUE_HOURS, chance.one((10, 20)), start, end, clues=clues)


def _run_state_machine(world: World, model: Model) -> None:
    """Start a model's pipeline from a state machine."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("state machine", model.name)
    name = chance.one((model.team.habit.resource(model.name, "orchestrator"), f"orchestrator-{chance.code(5)}"))
    arn = world.arn("states", account, world.home, f"stateMachine:{name}")
    owner = of_model(model, "prod", "platform")
    pipeline = world.pipelines[model.name]
    definition = {
        "StartAt": "Train",
        "States": {
            "Train": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sagemaker:startPipelineExecution",
                "Parameters": {"PipelineName": pipeline.rsplit("/", 1)[1]},
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
    tags = world.tags(arn, owner)
    kind = "stepfunctions:DescribeStateMachine"
    machine = world.create(kind, arn, account, world.home, owner, body, created=world.before(200), tags=tags)
    started = (machine.key, f"sagemaker:DescribePipeline {pipeline}")
    clues = [by_model(model, "lineage: starts a pipeline", *started)]
    if says_environment(pipeline, "prod"):
        clues.append(by_environment("lineage: starts a pipeline", *started))
    world.bill(machine, TRANSITIONS, chance.randrange(20_000, 200_000), clues=tuple(clues))
