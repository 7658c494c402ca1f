"""The truth about a dollar: who caused it, and by which evidence that could be found out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from mlcost_assets.demo.organisation import Model, Team

MODEL = "model"
TEAM = "team"
ENVIRONMENT = "environment"
EVERYTHING = frozenset({MODEL, TEAM, ENVIRONMENT})


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


def of_team(team: Team, environment: str | None, stage: str, *, project: str | None = None) -> Owner:
    """Make the owner for what a team uses without a particular model."""
    return Owner(
        project=project,
        team=team.name,
        environment=environment,
        business_function=team.business_function,
        stage=stage,
    )


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be found out about a share of a charge."""

    knowable: bool
    model: bool | None
    team: bool | None
    environment: bool | None
    clue: str


def named(model: str) -> str:
    """Name the fact that the platform can learn a model's name from something better than a resource's name."""
    return f"named {model}"


def team_of(name: str) -> str:
    """Name the fact that the platform can learn to which team a model or a person belongs."""
    return f"team of {name}"


def account_environment(account_id: str, environment: str) -> str:
    """Name the fact that the account tells the environment."""
    return f"{account_id} is {environment}"


@dataclass
class Facts:
    """What can be learned once and then used for many charges; each fact has alternative paths of evidence."""

    paths: dict[str, set[tuple[tuple[str, ...], tuple[str, ...]]]] = field(default_factory=dict)

    def add(self, fact: str, needs: Iterable[str] = (), also: Iterable[str] = ()) -> None:
        """Add one path to a fact."""
        self.paths.setdefault(fact, set()).add((tuple(needs), tuple(also)))

    def judge(self, seen: Callable[[str], bool]) -> "Judge":
        """Make the judge for a landing zone in which these records can be seen."""
        return Judge(self, seen)


class Judge:
    """Decides what is knowable, given the records that were really collected."""

    def __init__(self, facts: Facts, seen: Callable[[str], bool]):
        self._facts = facts
        self._seen = seen
        self._known: dict[str, bool] = {}
        self._verdicts: dict[tuple[Owner, tuple[Clue, ...], str], Verdict] = {}

    def knows(self, fact: str) -> bool:
        """Tell whether a fact can be learned."""
        if fact not in self._known:
            self._known[fact] = False  # a path that leads back to the fact itself proves nothing
            self._known[fact] = any(self._open(needs, also) for needs, also in sorted(self._facts.paths.get(fact, ())))
        return self._known[fact]

    def _open(self, needs: tuple[str, ...], also: tuple[str, ...]) -> bool:
        return all(self._seen(record) for record in needs) and all(self.knows(fact) for fact in also)

    def verdict(self, owner: Owner, clues: tuple[Clue, ...], account_id: str) -> Verdict:
        """Judge one share of a charge."""
        question = (owner, clues, account_id)
        if question not in self._verdicts:
            self._verdicts[question] = self._judge(owner, clues, account_id)
        return self._verdicts[question]

    def _judge(self, owner: Owner, clues: tuple[Clue, ...], account_id: str) -> Verdict:
        alive = [clue for clue in clues if self._open(clue.needs, clue.also)]
        told = {dimension for clue in alive for dimension in clue.tells}
        if owner.model and MODEL in told and self.knows(team_of(owner.model)):
            told.add(TEAM)
        if owner.environment and self.knows(account_environment(account_id, owner.environment)):
            told.add(ENVIRONMENT)
        answers = dict(self._answers(owner, told))
        who = [answers[dimension] for dimension in (MODEL, TEAM) if dimension in answers]
        return Verdict(
            knowable=any(who or answers.values()) or not answers,
            model=answers.get(MODEL),
            team=answers.get(TEAM),
            environment=answers.get(ENVIRONMENT),
            clue=alive[0].text if alive else ("account" if ENVIRONMENT in told else "none"),
        )

    @staticmethod
    def _answers(owner: Owner, told: set[str]) -> Iterator[tuple[str, bool]]:
        for dimension, value in ((MODEL, owner.model), (TEAM, owner.team), (ENVIRONMENT, owner.environment)):
            if value is not None:
                yield dimension, dimension in told
