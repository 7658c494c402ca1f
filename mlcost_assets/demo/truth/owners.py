"""Owners: for whom and for what a dollar was spent."""

from dataclasses import dataclass, replace

from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.teams import Team


@dataclass(frozen=True, slots=True)
class Owner:
    """What a dollar was spent for."""

    model: str | None = None
    project: str | None = None
    pipeline: str | None = None
    experiment: str | None = None
    team: str | None = None
    environment: str | None = None
    business_function: str | None = None
    stage: str = "other"
    is_ml: bool = True
    agent: str | None = None

    def at(self, stage: str) -> "Owner":
        """Give the same owner in another stage."""
        return replace(self, stage=stage)


NOBODY = Owner()


def of_model(
    model: Model,
    environment: str | None,
    stage: str,
    *,
    pipeline: str | None = None,
    experiment: str | None = None,
) -> Owner:
    """Make the owner for work on a model."""
    return Owner(
        model=model.name,
        project=model.project,
        pipeline=pipeline,
        experiment=experiment,
        team=model.team.name,
        environment=environment,
        business_function=model.business_function,
        stage=stage,
    )


def of_team(team: Team, environment: str | None, stage: str, *, agent: str | None = None) -> Owner:
    """Make the owner for what a team uses without a particular model, or for an agent, which is a model by itself."""
    function = team.business_function
    return Owner(
        model=agent, team=team.name, environment=environment, business_function=function, stage=stage, agent=agent
    )
