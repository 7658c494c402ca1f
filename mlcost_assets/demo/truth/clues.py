"""Clues: paths of evidence from a charge to its owner, and what must have been seen for each to hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.truth.owners import Owner

MODEL = "model"
TEAM = "team"
ENVIRONMENT = "environment"
AGENT = "agent"


def named(model: str) -> str:
    """Name the fact that the platform can learn a model's name from something better than a resource's name."""
    return f"named {model}"


def team_of(name: str) -> str:
    """Name the fact that the platform can learn to which team a model or a person belongs."""
    return f"team of {name}"


def account_environment(account_id: str, environment: str) -> str:
    """Name the fact that the account tells the environment."""
    return f"{account_id} is {environment}"


def account_team(account_id: str, team: str) -> str:
    """Name the fact that the account tells the team."""
    return f"{account_id} is of {team}"


@dataclass(frozen=True, slots=True)
class Clue:
    """One path of evidence: what it tells, and the records and facts without which it is cut."""

    text: str
    tells: frozenset[str] = frozenset({MODEL})
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One owner's part of a charge, by weight."""

    owner: Owner
    weight: int = 1
    clues: tuple[Clue, ...] = ()


def by_model(model: Model, text: str, *needs: str) -> Clue:
    """Make a clue that tells the model once the model's name is known."""
    return Clue(text, frozenset({MODEL}), needs, (named(model.name),))


def by_person(person: str, text: str, *needs: str) -> Clue:
    """Make a clue that names a person, and so tells the team once the person's team is known."""
    return Clue(text, frozenset({TEAM}), needs, (team_of(person),))


def by_team(text: str, *needs: str) -> Clue:
    """Make a clue that tells the team."""
    return Clue(text, frozenset({TEAM}), needs)


def by_environment(text: str, *needs: str) -> Clue:
    """Make a clue that tells the environment."""
    return Clue(text, frozenset({ENVIRONMENT}), needs)


def by_agent(text: str, *needs: str) -> Clue:
    """Make a clue that tells the agent, and with it the model that it is."""
    return Clue(text, frozenset({AGENT, MODEL}), needs)


def by_name(name: str, model: Model, environment: str, text: str, *needs: str) -> tuple[Clue, ...]:
    """Make the clues in a name that somebody chose: it may say the model, the environment, both or neither."""
    clues = []
    if says(name, model.name):
        clues.append(by_model(model, text, *needs))
    if says_environment(name, environment):
        clues.append(by_environment(text, *needs))
    return tuple(clues)


def through(text: str, clues: Iterable[Clue], *needs: str) -> tuple[Clue, ...]:
    """Lead the clues about one thing on to another thing, by the records that connect the two."""
    return tuple(Clue(f"{text}{clue.text}", clue.tells, (*needs, *clue.needs), clue.also) for clue in clues)
