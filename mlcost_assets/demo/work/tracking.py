"""Tracking: the runs and registered models of those teams that use MLflow."""

from datetime import timedelta

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, seconds
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import named, team_of
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World


def track_runs(world: World) -> None:
    """Write the registered models, and three runs a month of each."""
    for model in world.organisation.models:
        if "mlflow" in model.anchors or model.team.uses_mlflow:
            chance = world.chance("mlflow", model.name)
            _register(world, model)
            for number in range(3 * ((world.window.end - world.window.start) // (30 * DAY) or 1)):
                _run(world, model, chance, number)


def _register(world: World, model: Model) -> None:
    """Register a model; some teams tag it there."""
    name = model.team.habit.path(model.name)
    anchored = "mlflow" in model.anchors
    tags = {"team": model.team.name, "project": model.project} if anchored else {}
    body = {
        "name": name,
        "creation_timestamp": seconds(world.before(200)) * 1000,
        "last_updated_timestamp": seconds(world.window.start) * 1000,
        "tags": [{"key": tag, "value": value} for tag, value in tags.items()],
    }
    account = world.organisation.ml_account("dev")
    key = world.record(
        "mlflow:RegisteredModel",
        f"models:/{name}",
        account,
        "",
        body,
        created=world.before(200),
        collector="mlflow",
        tags=None,
    )
    world.facts.add(named(model.name), (key,))
    if anchored:
        world.facts.add(team_of(model.name), (key,))


def _run(world: World, model: Model, chance: Chance, number: int) -> None:
    """Log a run of a training job."""
    name = model.team.habit.path(model.name)
    start = world.window.start + timedelta(days=9 * number + chance.randrange(8), hours=chance.randrange(8, 18))
    versions = [version for version in world.versions.get(model.name, []) if version.ready <= start]
    run_id = chance.hex(32)
    tags = {
        "mlflow.user": chance.one(model.team.members),
        "mlflow.runName": f"{name}-{number}",
        "mlflow.source.git.commit": chance.hex(40),
        "mlflow.source.git.repoURL": f"https://github.com/{world.organisation.company}/{model.team.name}-models",
        "sagemaker_job_arn": versions[-1].job_arn if versions else "",
    }
    body = {
        "info": {
            "run_id": run_id,
            "run_name": f"{name}-{number}",
            "experiment_id": str(abs(seconds(start)) % 1000),
            "status": "FINISHED",
            "start_time": seconds(start) * 1000,
            "end_time": seconds(start + timedelta(hours=1)) * 1000,
            "artifact_uri": f"{data_uri(world, model, 'artifacts')}/mlflow/{run_id}",
        },
        "data": {
            "tags": [{"key": tag, "value": value} for tag, value in tags.items()],
            "params": [{"key": "model", "value": name}],
            "metrics": [{"key": "auc", "value": round(chance.uniform(0.7, 0.99), 4)}],
        },
    }
    account = world.organisation.ml_account("dev")
    world.record("mlflow:Run", run_id, account, "", body, created=start, is_event=True, collector="mlflow", tags=None)
