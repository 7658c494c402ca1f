"""Interactive work: notebook instances, Studio domains with users, spaces and apps."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import SAGEMAKER, SAGEMAKER_STORAGE
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.ledger import Scope
from mlcost_assets.demo.organisation import US, Account, Model, Team
from mlcost_assets.demo.owners import ENVIRONMENT, TEAM, Clue, of_model, of_team, team_of
from mlcost_assets.demo.prices import sagemaker
from mlcost_assets.demo.world import World

NOTEBOOKS = ("ml.t3.medium", "ml.m5.xlarge", "ml.g4dn.xlarge", "ml.t3.large")
LABS = ("ml.t3.medium", "ml.m5.xlarge", "ml.m5.4xlarge", "ml.g5.xlarge")
INTERACTIVE = Clue("interactive work is for development", frozenset({ENVIRONMENT}))
SPACE_RATE = Decimal("0.112")
NOTEBOOK_RATE = Decimal("0.14")


def _domain_id(world: World, account: Account) -> str:
    return f"d-{world.chance('domain', account.id).code(12)}"


def profile_arn(world: World, account: Account, person: str) -> str:
    """Name a person's user profile."""
    return world.arn("sagemaker", account, US, f"user-profile/{_domain_id(world, account)}/{person}")


def work_interactively(world: World) -> None:
    """Give every team notebooks and Studio in the development account."""
    account = world.organisation.ml_account("dev")
    domain = _domain(world, account)
    for team in world.organisation.teams:
        chance = world.chance("studio", team.name)
        for person in team.members:
            _profile(world, account, team, person, domain)
            if chance.maybe(0.75):
                _lab(world, account, team, person, domain, chance)
        for _ in range(chance.randrange(0, 3)):
            _notebook(world, account, team, chance)


def _domain(world: World, account: Account) -> str:
    domain = _domain_id(world, account)
    arn = world.arn("sagemaker", account, US, f"domain/{domain}")
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
    world.record("sagemaker:DescribeDomain", arn, account, US, body, created=world.before(500))
    return domain


def _profile(world: World, account: Account, team: Team, person: str, domain: str) -> None:
    arn = profile_arn(world, account, person)
    tags = world.tags(arn, of_team(team, "dev", "experimentation"))
    body = {
        "DomainId": domain,
        "UserProfileArn": arn,
        "UserProfileName": person,
        "Status": "InService",
        "CreationTime": iso(world.before(200)),
        "UserSettings": {"ExecutionRole": world.role(team, account)},
    }
    key = world.record("sagemaker:DescribeUserProfile", arn, account, US, body, created=world.before(200), tags=tags)
    if team.named_roles:
        world.facts.add(team_of(person), (key,))
    written = tags.user.get(TEAM)
    if written and written.resolvable:
        world.facts.add(team_of(person), (key,))


def _space_name(team: Team, person: str, model: Model | None, chance: Chance) -> str:
    if model:
        return model.team.habit.resource(model.name, "lab")
    return chance.one((f"{person}-lab", f"{person}-default", f"{team.name}-{person.split('-')[0]}"))


def _lab(world: World, account: Account, team: Team, person: str, domain: str, chance: Chance) -> None:
    """Open a JupyterLab space; some are devoted to one model and named after it."""
    models = [model for model in world.organisation.models if model.team == team]
    model = chance.one(models) if models and chance.maybe(0.3) else None
    space = f"{_space_name(team, person, model, chance)}-{chance.code(3)}"
    profile = profile_arn(world, account, person)
    space_arn = world.arn("sagemaker", account, US, f"space/{domain}/{space}")
    owner = of_model(model, "dev", "experimentation") if model else of_team(team, "dev", "experimentation")
    system = {
        "sagemaker:domain-arn": world.arn("sagemaker", account, US, f"domain/{domain}"),
        "sagemaker:user-profile-arn": profile,
        "sagemaker:space-arn": space_arn,
    }
    space_tags = world.tags(space_arn, owner, system)
    created = world.before(40)
    space_body = {
        "DomainId": domain,
        "SpaceArn": space_arn,
        "SpaceName": space,
        "Status": "InService",
        "CreationTime": iso(created),
        "OwnershipSettings": {"OwnerUserProfileName": person},
        "SpaceSettings": {"AppType": "JupyterLab"},
    }
    space_key = world.record(
        "sagemaker:DescribeSpace", space_arn, account, US, space_body, created=created, tags=space_tags
    )
    profile_key = f"sagemaker:DescribeUserProfile {profile}"
    knows_person = (team_of(person),)
    clues = [
        INTERACTIVE,
        Clue("space belongs to a user of the team", frozenset({TEAM}), (space_key, profile_key), knows_person),
    ]
    if world.tagger.is_active("sagemaker:user-profile-arn", world.window.start):
        clues.append(
            Clue("SageMaker's tag in the bill names the user", frozenset({TEAM}), (profile_key,), knows_person)
        )
    if "-" in person and person in space:
        clues.append(Clue("user in the name of the space", frozenset({TEAM}), (profile_key,), knows_person))
    disk = world.resource(space_arn, account, US, owner, key=space_key, tags=space_tags)
    world.bill(
        disk,
        SAGEMAKER_STORAGE,
        "Studio:VolumeUsage.gp3",
        "CreateVolume-Gp3",
        world.window.start,
        world.window.end,
        quantity=(Decimal(chance.one((20, 50, 100))) / Decimal("30.4")).quantize(Decimal("0.00000001")),
        rate=SPACE_RATE,
        unit="GB-Mo",
        step="day",
        clues=tuple(clues),
        description=f"${SPACE_RATE} per GB-Mo of Studio storage",
        scopes=(Scope("studio", account.id),),
    )
    _app(world, account, domain, space, owner, system, chance, tuple(clues))


def _app(
    world: World,
    account: Account,
    domain: str,
    space: str,
    owner: Any,
    system: dict[str, str],
    chance: Chance,
    clues: tuple[Clue, ...],
) -> None:
    """Run the space's app on working days; each start is a new app in the API, under the same ARN."""
    instance = chance.one(LABS)
    arn = world.arn("sagemaker", account, US, f"app/{domain}/{space}/JupyterLab/default")
    tags = world.tags(arn, owner, system)
    first = world.window.start + timedelta(days=chance.randrange(3))
    body = {
        "AppArn": arn,
        "AppType": "JupyterLab",
        "AppName": "default",
        "DomainId": domain,
        "SpaceName": space,
        "Status": "InService",
        "CreationTime": iso(first),
        "ResourceSpec": {"InstanceType": instance},
    }
    # An app that is stopped every evening is seldom alive when the collectors look.
    forgotten = chance.maybe(0.4)
    gone = None if forgotten else first + timedelta(hours=1)
    key = world.record("sagemaker:DescribeApp", arn, account, US, body, created=first, gone=gone, tags=tags)
    resource = world.resource(arn, account, US, owner, key=key, tags=tags)
    rate = sagemaker(instance)
    sessions = [(first, world.window.end)] if forgotten else list(_working_days(world, first, chance))
    for start, end in sessions:
        world.bill(
            resource,
            SAGEMAKER,
            f"Studio:JupyterLab-{instance}",
            "RunInstance",
            start,
            end,
            quantity=1,
            rate=rate,
            unit="Hrs",
            clues=clues,
            instance_type=instance,
            description=f"${rate} per Studio JupyterLab {instance} hour",
            scopes=(Scope("studio", account.id),),
        )


def _working_days(world: World, first: datetime, chance: Chance) -> list[tuple[datetime, datetime]]:
    days = []
    day = first
    while day < world.window.end:
        if day.weekday() < 5 and chance.maybe(0.7):
            start = day.replace(hour=chance.randrange(7, 11))
            days.append((start, start + timedelta(hours=chance.randrange(3, 10), minutes=chance.randrange(60))))
        day += DAY
    return days


def _notebook(world: World, account: Account, team: Team, chance: Chance) -> None:
    """Keep a notebook instance that nobody stops at night."""
    person = chance.one(team.members)
    name = chance.one(
        (f"{person}-nb", f"{team.name}-notebook", f"nb-{chance.code(5)}", f"{person.split('-')[0]}-gpu-box")
    )
    name = f"{name}-{chance.code(3)}"
    instance = chance.one(NOTEBOOKS)
    arn = world.arn("sagemaker", account, US, f"notebook-instance/{name}")
    owner = of_team(team, "dev", "experimentation")
    tags = world.tags(arn, owner)
    start = world.window.at(chance.uniform(0, 0.4)) if chance.maybe(0.4) else world.window.start
    body = {
        "NotebookInstanceArn": arn,
        "NotebookInstanceName": name,
        "NotebookInstanceStatus": "InService",
        "InstanceType": instance,
        "RoleArn": world.role(team, account),
        "CreationTime": iso(start),
        "LastModifiedTime": iso(start),
        "VolumeSizeInGB": 50,
        "DefaultCodeRepository": f"https://github.com/{world.organisation.company}/{team.name}-models",
    }
    key = world.record("sagemaker:DescribeNotebookInstance", arn, account, US, body, created=start, tags=tags)
    resource = world.resource(arn, account, US, owner, key=key, tags=tags)
    clues = (
        INTERACTIVE,
        *world.role_clues(team, "", key),
        Clue("code repository of the notebook", frozenset({TEAM}), (key,)),
    )
    if person in name:
        clues += (Clue("user in the name of the notebook", frozenset({TEAM}), (), (team_of(person),)),)
    rate = sagemaker(instance)
    common: dict[str, Any] = {"clues": clues}
    world.bill(
        resource,
        SAGEMAKER,
        f"Notebk:{instance}",
        "RunInstance",
        start,
        world.window.end,
        quantity=1,
        rate=rate,
        unit="Hrs",
        instance_type=instance,
        description=f"${rate} per Notebook {instance} hour",
        **common,
    )
    world.bill(
        resource,
        SAGEMAKER_STORAGE,
        "Notebk:VolumeUsage.gp2",
        "CreateVolume-Gp2",
        start,
        world.window.end,
        quantity=(Decimal(50) / Decimal("30.4")).quantize(Decimal("0.00000001")),
        rate=NOTEBOOK_RATE,
        unit="GB-Mo",
        step="day",
        description=f"${NOTEBOOK_RATE} per GB-Mo of notebook storage",
        **common,
    )
