"""SageMaker Studio: a domain with its users, and the spaces and apps in which they work."""

from datetime import datetime, timedelta

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.meters import daily, ml_hours, stored
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import TEAM, Clue, by_environment, by_person, team_of
from mlcost_assets.demo.truth.owners import of_model, of_team
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

LABS = ("ml.t3.medium", "ml.m5.xlarge", "ml.m5.4xlarge", "ml.g5.xlarge")
INTERACTIVE = by_environment("interactive work is for development")
SPACE = daily(
    SAGEMAKER_STORAGE,
    "Studio:VolumeUsage.gp3",
    "CreateVolume-Gp3",
    "0.112",
    "GB-Mo",
    "$0.112 per GB-Mo of Studio storage",
)


def domain_id(world: World, account: Account) -> str:
    """Give the id of an account's Studio domain."""
    return f"d-{world.chance('domain', account.id).code(12)}"


def profile_arn(world: World, account: Account, person: str) -> str:
    """Name a person's user profile."""
    return world.arn("sagemaker", account, world.home, f"user-profile/{domain_id(world, account)}/{person}")


def open_domain(world: World, account: Account) -> None:
    """Open the Studio domain of an account."""
    domain = domain_id(world, account)
    arn = world.arn("sagemaker", account, world.home, f"domain/{domain}")
    body = {
        "DomainArn": arn,
        "DomainId": domain,
        "DomainName": f"{world.organisation.company}-studio",
        "Status": "InService",
        "AuthMode": "IAM",
        "HomeEfsFileSystemId": f"fs-{world.chance('domain efs').hex(17)}",
        "CreationTime": iso(world.before(500)),
        "VpcId": f"vpc-{world.chance('domain vpc').hex(17)}",
        "TagPropagation": "ENABLED",
    }
    world.record("sagemaker:DescribeDomain", arn, account, world.home, body, created=world.before(500))


def add_user(world: World, account: Account, team: Team, person: str) -> None:
    """Give a person a user profile; its role or its tags may tell the person's team."""
    arn = profile_arn(world, account, person)
    tags = world.tags(arn, of_team(team, "dev", "experimentation"))
    body = {
        "DomainId": domain_id(world, account),
        "UserProfileArn": arn,
        "UserProfileName": person,
        "Status": "InService",
        "CreationTime": iso(world.before(200)),
        "UserSettings": {"ExecutionRole": world.role(team, account)},
    }
    key = world.record(
        "sagemaker:DescribeUserProfile", arn, account, world.home, body, created=world.before(200), tags=tags
    )
    written = tags.user.get(TEAM)
    if team.named_roles or (written and written.resolvable):
        world.facts.add(team_of(person), (key,))


def open_lab(world: World, account: Account, team: Team, person: str, chance: Chance) -> None:
    """Open a space; some are devoted to one model and named after it."""
    models = [model for model in world.organisation.models if model.team == team]
    model = chance.one(models) if models and chance.maybe(0.3) else None
    name = f"{_space_name(team, person, model, chance)}-{chance.code(3)}"
    domain = domain_id(world, account)
    arn = world.arn("sagemaker", account, world.home, f"space/{domain}/{name}")
    owner = of_model(model, "dev", "experimentation") if model else of_team(team, "dev", "experimentation")
    system = {
        "sagemaker:domain-arn": world.arn("sagemaker", account, world.home, f"domain/{domain}"),
        "sagemaker:user-profile-arn": profile_arn(world, account, person),
        "sagemaker:space-arn": arn,
    }
    created = world.before(40)
    body = {
        "DomainId": domain,
        "SpaceArn": arn,
        "SpaceName": name,
        "Status": "InService",
        "CreationTime": iso(created),
        "OwnershipSettings": {"OwnerUserProfileName": person},
        "SpaceSettings": {"AppType": _editor(world, name)},
    }
    tags = world.tags(arn, owner, system)
    space = world.create("sagemaker:DescribeSpace", arn, account, world.home, owner, body, created=created, tags=tags)
    clues = _space_clues(world, space, name, person)
    size = stored(chance.one((20, 50, 100)))
    world.bill(space, SPACE, size, clues=clues, scopes=(Scope("studio", account.id),))
    _run_app(world, space, name, chance, clues)


def _editor(world: World, space: str) -> str:
    return "CodeEditor" if world.chance("editor", space).maybe(0.3) else "JupyterLab"


def _space_name(team: Team, person: str, model: Model | None, chance: Chance) -> str:
    if model:
        return model.team.habit.resource(model.name, "lab")
    return chance.one((f"{person}-lab", f"{person}-default", f"{team.name}-{person.split('-')[0]}"))


def _space_clues(world: World, space: Resource, name: str, person: str) -> tuple[Clue, ...]:
    profile = f"sagemaker:DescribeUserProfile {profile_arn(world, space.account, person)}"
    clues = [INTERACTIVE, by_person(person, "space belongs to a user of the team", space.key, profile)]
    if world.tagger.is_active("sagemaker:user-profile-arn", world.window.start):
        clues.append(by_person(person, "SageMaker's tag in the bill names the user", profile))
    if person in name:
        clues.append(by_person(person, "user in the name of the space", profile))
    return tuple(clues)


def _run_app(world: World, space: Resource, name: str, chance: Chance, clues: tuple[Clue, ...]) -> None:
    """Run the space's app on working days; each start is a new app in the API, under the same ARN."""
    account, domain = space.account, domain_id(world, space.account)
    instance, editor = chance.one(LABS), _editor(world, name)
    arn = world.arn("sagemaker", account, world.home, f"app/{domain}/{name}/{editor}/default")
    first = world.window.start + timedelta(days=chance.randrange(3))
    body = {
        "AppArn": arn,
        "AppType": editor,
        "AppName": "default",
        "DomainId": domain,
        "SpaceName": name,
        "Status": "InService",
        "CreationTime": iso(first),
        "ResourceSpec": {"InstanceType": instance},
    }
    # An app that is stopped every evening is seldom alive when the collectors look.
    forgotten = chance.maybe(0.4)
    gone = None if forgotten else first + timedelta(hours=1)
    tags = world.tags(arn, space.owner, space.tags.system)
    app = world.create(
        "sagemaker:DescribeApp", arn, account, world.home, space.owner, body, created=first, gone=gone, tags=tags
    )
    meter = ml_hours(f"Studio:{editor}-", instance, world.home, f"Studio {editor}")
    sessions = [(first, world.window.end)] if forgotten else working_days(world, first, chance)
    for start, end in sessions:
        world.bill(app, meter, 1, start, end, clues=clues, scopes=(Scope("studio", account.id),))


def working_days(world: World, first: datetime, chance: Chance) -> list[tuple[datetime, datetime]]:
    """Choose the hours of most working days."""
    days = []
    day = first
    while day < world.window.end:
        if day.weekday() < 5 and chance.maybe(0.7):
            start = day.replace(hour=chance.randrange(7, 11))
            days.append((start, start + timedelta(hours=chance.randrange(3, 10), minutes=chance.randrange(60))))
        day += DAY
    return days
