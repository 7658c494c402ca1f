"""Managed Airflow: a team's own environment, from which it starts what it runs."""

from decimal import Decimal

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import MWAA
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import by_team
from mlcost_assets.demo.truth.owners import of_team
from mlcost_assets.demo.world.layout import has_bucket, shared_bucket, team_bucket
from mlcost_assets.demo.world.world import World

ENVIRONMENT_HOURS = Meter(
    MWAA, "Airflow-SmallEnvironment", "", Decimal("0.49"), description="$0.49 per environment hour"
)
WORKER_HOURS = Meter(MWAA, "Airflow-SmallWorker", "", Decimal("0.055"), description="$0.055 per worker hour")


def schedule_with_airflow(world: World) -> None:
    """Give one team an environment."""
    if world.has("airflow", 0.4):
        chance = world.chance("airflow")
        _run(world, chance.one(world.organisation.teams[:-1]))


def _run(world: World, team: Team) -> None:
    account = world.organisation.account_of(team, "prod")
    chance = world.chance("airflow", team.name)
    name = chance.one((f"{team.name}-airflow", "ml-orchestration", f"airflow-{chance.code(4)}"))
    arn = world.arn("airflow", account, world.home, f"environment/{name}")
    owner = of_team(team, "prod", "platform")
    bucket = team_bucket(world, team) if has_bucket(world, team) else shared_bucket(world)
    tags = world.tags(arn, owner)
    body = {
        "Environment": {
            "Name": name,
            "Status": "AVAILABLE",
            "Arn": arn,
            "CreatedAt": iso(world.before(220)),
            "ExecutionRoleArn": world.role(team, account, "prod"),
            "AirflowVersion": "2.10.3",
            "SourceBucketArn": f"arn:aws:s3:::{bucket}",
            "DagS3Path": f"dags/{team.name}",
            "EnvironmentClass": "mw1.small",
            "Tags": tags.on(world.window.start),
        }
    }
    environment = world.create(
        "mwaa:GetEnvironment", arn, account, world.home, owner, body, created=world.before(220), tags=tags
    )
    clues = (by_team("path of the DAGs", environment.key), *world.role_clues(team, "prod", environment.key))
    world.bill(environment, ENVIRONMENT_HOURS, 1, clues=clues)
    world.bill(environment, WORKER_HOURS, chance.randrange(1, 4), clues=clues)
