"""AWS Batch: containers that make a model's features, on instances that AWS starts for a queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.money.ledger import ECS_TASK, Placement
from mlcost_assets.demo.money.meters import instance_hours
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says_environment
from mlcost_assets.demo.truth.clues import Clue, Share, by_environment, by_name
from mlcost_assets.demo.truth.owners import Owner, of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

INSTANCE = "m5.4xlarge"
# What a task asks for: a quarter of the instance, so that no resource is asked for more than another.
_VCPU, _MEMORY = Decimal("3.6"), Decimal("14.4")


@dataclass(frozen=True)
class _Queue:
    """A job queue with its compute environment."""

    name: str
    compute_environment: str


@dataclass(frozen=True)
class _Task:
    """A job's container."""

    model: Model
    definition: str
    start: datetime
    end: datetime

    @property
    def owner(self) -> Owner:
        """The model whose features it makes."""
        return of_model(self.model, "prod", "data_preparation")


def run_batch(world: World) -> None:
    """Run jobs of some models every second or third night; each night's instances are new ones."""
    if not world.has("batch", 0.5):
        return
    chance = world.chance("batch queue")
    word = chance.one(("ml-batch-prod", "features-prd", "preprocessing"))
    queue = _Queue(word, f"{word}-ce")
    models = chance.some(world.organisation.alive(), 3)
    day = world.window.start
    while day < world.window.end - DAY:
        for _ in range(chance.randrange(1, 3)):
            _run_instance(world, queue, models, day + chance.randrange(1, 4) * HOUR, chance)
        day += chance.randrange(2, 4) * DAY


def _run_instance(world: World, queue: _Queue, models: list[Model], start: datetime, chance: Chance) -> None:
    account = world.organisation.ml_account("prod")
    end = start + timedelta(hours=chance.randrange(3, 8), minutes=chance.randrange(60))
    instance_id = f"i-{chance.hex(17)}"
    body = {
        "InstanceId": instance_id,
        "InstanceType": INSTANCE,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(start),
    }
    group = f"{queue.compute_environment}-asg-{chance.uuid()}"
    tags = Tags(system={"AWSBatchServiceTag": "batch", "aws:autoscaling:groupName": group})
    kind = "ec2:DescribeInstances"
    instance = world.create(kind, instance_id, account, world.home, Owner(), body, created=start, gone=end, tags=tags)
    tasks = [_task(world, chance.one(models), start, end, chance) for _ in range(chance.randrange(2, 5))]
    parts: dict[tuple[Owner, tuple[Clue, ...]], int] = {}
    for task in tasks:
        held = int((task.end - task.start).total_seconds())
        part = (task.owner, _clues(queue, task))
        parts[part] = parts.get(part, 0) + held
        _place(world, queue, instance, task, chance)
    world.bill(
        instance,
        instance_hours(INSTANCE, world.home),
        1,
        start,
        end,
        shares=[Share(owner, held, clues) for (owner, clues), held in parts.items()],
        split_cluster=queue.compute_environment,
    )


def _task(world: World, model: Model, start: datetime, end: datetime, chance: Chance) -> _Task:
    generic = world.chance("batch definition", model.name).maybe(0.3)
    name = f"prepare-{world.chance('definition', model.name).code(6)}" if generic else f"{model.name}-features"
    finish = start + timedelta(minutes=chance.randrange(60, max(61, int((end - start) / timedelta(minutes=1)))))
    return _Task(model, f"{name}:{chance.randrange(1, 9)}", start, min(finish, end))


def _clues(queue: _Queue, task: _Task) -> tuple[Clue, ...]:
    """Say what the split-cost row of a task tells: its job definition, its queue."""
    text = "split-cost row of the Batch job"
    clues = by_name(task.definition, task.model, "prod", text)
    return (*clues, by_environment(text)) if says_environment(queue.name, "prod") else clues


def _place(world: World, queue: _Queue, instance: Resource, task: _Task, chance: Chance) -> None:
    tags = {
        "aws_batch_compute_environment": queue.compute_environment,
        "aws_batch_job_definition": task.definition,
        "aws_batch_job_queue": queue.name,
    }
    name = f"task/AWSBatch-{queue.compute_environment}/{chance.hex(32)}"
    world.ledger.placements.append(
        Placement(
            instance.id,
            world.arn("ecs", instance.account, world.home, name),
            task.start,
            task.end,
            _VCPU,
            _MEMORY,
            0,
            tuple(tags.items()),
            ECS_TASK,
        )
    )
