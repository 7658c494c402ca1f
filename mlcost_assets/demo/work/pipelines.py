"""Pipelines: one for each model, and what its name and its creator teach."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.truth.clues import named, team_of
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.registry import Group, open_group
from mlcost_assets.demo.world.world import World


@dataclass(frozen=True)
class Pipeline:
    """A pipeline of one model; some register their versions in a model package group."""

    world: World
    model: Model
    account: Account
    name: str
    arn: str
    key: str
    group: Group | None

    @property
    def says_model(self) -> bool:
        """Tell whether the pipeline's name says its model."""
        return says(self.name, self.model.name)

    @property
    def says_environment(self) -> bool:
        """Tell whether the pipeline's name says that it is for production."""
        return says_environment(self.name, "prod")


def set_up(world: World, model: Model, chance: Chance) -> Pipeline:
    """Set up the pipeline of a model."""
    account = world.organisation.account_of(model.team, "prod")
    name = model.team.habit.resource(model.name, chance.one(("training", "pipeline", "retrain")), environment="prod")
    arn = world.arn("sagemaker", account, model.region, f"pipeline/{name}")
    creator = chance.one(model.team.members)
    key = world.record(
        "sagemaker:DescribePipeline",
        arn,
        account,
        model.region,
        {
            "PipelineArn": arn,
            "PipelineName": name,
            "PipelineDisplayName": name,
            "RoleArn": world.role(model.team, account, "prod"),
            "PipelineStatus": "Active",
            "CreationTime": iso(world.before(400)),
            "LastModifiedTime": iso(world.before(30)),
            "CreatedBy": {"UserProfileName": creator},
        },
        created=world.before(400),
        tags=world.tags(arn, of_model(model, "prod", "training", pipeline=name)),
    )
    world.pipelines[model.name] = arn
    if says(name, model.name):
        world.facts.add(named(model.name), (key,))
        world.facts.add(team_of(creator), (key,), (team_of(model.name),))
    registers = "package" in model.anchors or chance.maybe(0.5)
    return Pipeline(world, model, account, name, arn, key, open_group(world, model, account) if registers else None)
