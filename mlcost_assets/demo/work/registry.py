"""The model registry: package groups, and the versions that pipelines register in them."""

from dataclasses import dataclass, replace

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import named, team_of
from mlcost_assets.demo.world.layout import image_of
from mlcost_assets.demo.world.resources import Version
from mlcost_assets.demo.world.world import World


@dataclass(frozen=True)
class Group:
    """A model package group."""

    account: Account
    name: str
    arn: str
    key: str


def open_group(world: World, model: Model, account: Account) -> Group:
    """Open the group in which the versions of a model are registered."""
    name = model.team.habit.resource(model.name)
    arn = world.arn("sagemaker", account, model.region, f"model-package-group/{name}")
    body = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": arn,
        "ModelPackageGroupDescription": f"Versions of {model.name}",
        "CreationTime": iso(world.before(400)),
        "ModelPackageGroupStatus": "Completed",
    }
    key = world.record(
        "sagemaker:DescribeModelPackageGroup", arn, account, model.region, body, created=world.before(400)
    )
    if says(name, model.name):
        world.facts.add(named(model.name), (key,))
    return Group(account, name, arn, key)


def package_arn(world: World, group: Group, model: Model, number: int) -> str:
    """Name the package of a version."""
    return world.arn("sagemaker", group.account, model.region, f"model-package/{group.name}/{number}")


def register(world: World, group: Group, version: Version, commit: str, made_by: str) -> Version:
    """Register a version; some packages say in their metadata whose the model is."""
    model = version.model
    arn = package_arn(world, group, model, version.number)
    anchored = "package" in model.anchors
    body = {
        "ModelPackageGroupName": group.name,
        "ModelPackageVersion": version.number,
        "ModelPackageArn": arn,
        "CreationTime": iso(version.ready),
        "InferenceSpecification": {
            "Containers": [{"Image": image_of(world, model), "ModelDataUrl": version.artifact}],
            "SupportedContentTypes": ["application/json"],
        },
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "Approved",
        "MetadataProperties": {
            "CommitId": commit,
            "Repository": f"https://github.com/{world.organisation.company}/{model.team.name}-models",
            "GeneratedBy": made_by,
        },
        "CustomerMetadataProperties": {"team": model.team.name, "project": model.project}
        if anchored
        else {"framework": "pytorch"},
    }
    key = world.record(
        "sagemaker:DescribeModelPackage",
        arn,
        group.account,
        model.region,
        body,
        created=version.ready,
        listed_for_ever=True,
    )
    if anchored:
        world.facts.add(team_of(model.name), (key, group.key))
    world.learn_team(model, key, group.key)
    return replace(version, package_arn=arn, package_key=key, group_key=group.key)
