"""What a CI system leaves in the environment of the jobs that it starts."""

from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_team
from mlcost_assets.demo.world.world import World


def ci_variables(world: World, model: Model, purpose: str) -> dict[str, str]:
    """Give the variables that tell from where a job was started, if its team starts jobs by CI."""
    if not model.team.deploys_by_ci:
        return {}
    chance = world.chance("ci", purpose)
    repository = f"{world.organisation.company}/{model.team.name}-models"
    commit, run = chance.hex(40), chance.digits(10)
    by_provider = {
        "github": {"GITHUB_REPOSITORY": repository, "GITHUB_SHA": commit, "GITHUB_RUN_ID": run},
        "gitlab": {"CI_PROJECT_PATH": repository, "CI_COMMIT_SHA": commit, "CI_PIPELINE_ID": run},
        "codebuild": {
            "CODEBUILD_BUILD_ARN": f"arn:aws:codebuild:{world.home}:{world.organisation.ml_account('dev').id}:"
            f"build/{model.team.name}-models:{run}",
            "CODEBUILD_RESOLVED_SOURCE_VERSION": commit,
        },
        "jenkins": {"GIT_URL": f"https://git.{world.organisation.company}.example/{repository}", "GIT_COMMIT": commit},
    }
    return by_provider.get(world.organisation.ci, {})


def ci_clues(variables: dict[str, str], model: Model, key: str) -> list[Clue]:
    """Say what the variables tell: the repository is named after the team."""
    if any(says(value, model.team.name) for value in variables.values()):
        return [by_team("repository in the environment of the job", key)]
    return []
