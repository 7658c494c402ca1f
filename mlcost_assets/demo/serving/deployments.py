"""Deployments that a CI system reports: what went where, from which commit, by whom."""

from datetime import datetime
from typing import Any

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import named, team_of
from mlcost_assets.demo.world.world import World


def announce(world: World, model: Model, account: Account, environment: str, at: datetime, resources: list[str]) -> str:
    """Write a deployment, if the team deploys by CI; give its key where it names the model."""
    anchored = "deployment" in model.anchors
    if not (anchored or model.team.deploys_by_ci) or at < world.window.start - 60 * DAY:
        return ""
    chance = world.chance("deployment", model.name, environment, at)
    repository = f"{world.organisation.company}/{model.team.name}-models"
    run = chance.digits(10)
    provider = world.organisation.ci
    body: dict[str, Any] = {
        "provider": provider,
        "repository": repository,
        "commit": chance.hex(40),
        "ref": "refs/heads/main" if environment == "prod" else "refs/heads/develop",
        "workflow": f"deploy-{model.team.habit.path(model.name)}",
        "run_id": run,
        "actor": chance.one(model.team.members),
        "occurred_at": iso(at),
        "resources": resources,
    }
    if anchored or chance.maybe(0.6):
        body["model"] = model.team.habit.path(model.name)
        body["environment"] = environment
    if anchored:
        body["team"] = model.team.name
    key = world.record(
        "cicd:Deployment",
        f"{provider}/{repository}/runs/{run}",
        account,
        model.region,
        body,
        created=at,
        is_event=True,
        collector="ci",
        tags=None,
    )
    if "model" in body:
        world.facts.add(named(model.name), (key,))
        world.learn_team(model, key)
    if anchored:
        world.facts.add(team_of(model.name), (key,))
    return key if "model" in body else ""
