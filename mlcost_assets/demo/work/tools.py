"""Tools with a price of their own in Studio: Canvas by the session hour, MLflow tracking servers."""

from decimal import Decimal

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import SAGEMAKER
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import by_person
from mlcost_assets.demo.truth.owners import of_team
from mlcost_assets.demo.work.studio import INTERACTIVE, domain_id, profile_arn, working_days
from mlcost_assets.demo.world.layout import has_bucket, shared_bucket, team_bucket
from mlcost_assets.demo.world.world import World

SESSION = Meter(
    SAGEMAKER, "Canvas:Session-Hrs", "CreateApp", Decimal("1.9"), description="$1.9 per Canvas session hour"
)
SERVER = Meter(
    SAGEMAKER, "MLflow:Small", "RunInstance", Decimal("0.642"), description="$0.642 per MLflow tracking server hour"
)


def use_studio_tools(world: World) -> None:
    """Let one person of some teams work in Canvas, and keep a tracking server for a team that uses MLflow."""
    account = world.organisation.ml_account("dev")
    for team in world.organisation.teams:
        if world.chance("canvas", team.name).maybe(0.3):
            _work_in_canvas(world, account, team)
    trackers = [team for team in world.organisation.teams if team.uses_mlflow]
    if trackers and world.has("tracking server", 0.4):
        _track(world, account, world.chance("tracking server").one(trackers))


def _work_in_canvas(world: World, account: Account, team: Team) -> None:
    chance = world.chance("canvas of", team.name)
    person, domain = chance.one(team.members), domain_id(world, account)
    arn = world.arn("sagemaker", account, world.home, f"app/{domain}/{person}/Canvas/default")
    owner = of_team(team, "dev", "experimentation")
    profile = profile_arn(world, account, person)
    system = {
        "sagemaker:domain-arn": world.arn("sagemaker", account, world.home, f"domain/{domain}"),
        "sagemaker:user-profile-arn": profile,
    }
    body = {
        "AppArn": arn,
        "AppType": "Canvas",
        "AppName": "default",
        "DomainId": domain,
        "UserProfileName": person,
        "Status": "InService",
        "CreationTime": iso(world.before(20)),
    }
    tags = world.tags(arn, owner, system)
    kind = "sagemaker:DescribeApp"
    app = world.create(kind, arn, account, world.home, owner, body, created=world.before(20), tags=tags)
    profile_key = f"sagemaker:DescribeUserProfile {profile}"
    # The bill names the user: app/<domain>/<user>/Canvas/default.
    clues = (INTERACTIVE, by_person(person, "user in the name of the app", profile_key))
    for start, end in working_days(world, world.window.start, chance):
        world.bill(app, SESSION, 1, start, end, clues=clues)


def _track(world: World, account: Account, team: Team) -> None:
    chance = world.chance("tracking server of", team.name)
    person = chance.one(team.members)
    name = chance.one((f"{team.name}-mlflow", "mlflow", f"tracking-{chance.code(4)}"))
    arn = world.arn("sagemaker", account, world.home, f"mlflow-tracking-server/{name}")
    owner = of_team(team, "dev", "experimentation")
    bucket = team_bucket(world, team) if has_bucket(world, team) else shared_bucket(world)
    body = {
        "TrackingServerArn": arn,
        "TrackingServerName": name,
        "ArtifactStoreUri": f"s3://{bucket}/mlflow",
        "TrackingServerSize": "Small",
        "MlflowVersion": "2.16.2",
        "RoleArn": world.role(team, account),
        "TrackingServerStatus": "Created",
        "IsActive": "Active",
        "CreationTime": iso(world.before(120)),
        "CreatedBy": {"UserProfileName": person, "UserProfileArn": profile_arn(world, account, person)},
    }
    tags = world.tags(arn, owner)
    kind = "sagemaker:DescribeMlflowTrackingServer"
    server = world.create(kind, arn, account, world.home, owner, body, created=world.before(120), tags=tags)
    profile_key = f"sagemaker:DescribeUserProfile {profile_arn(world, account, person)}"
    clues = (
        INTERACTIVE,
        by_person(person, "creator of the tracking server", server.key, profile_key),
        *world.role_clues(team, "", server.key),
    )
    world.bill(server, SERVER, 1, clues=clues)
