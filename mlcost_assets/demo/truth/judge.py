"""The judge: decides what can be found out about a charge, given the records that were really collected."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from mlcost_assets.demo.truth.clues import (
    AGENT,
    ENVIRONMENT,
    MODEL,
    TEAM,
    Clue,
    account_environment,
    account_team,
    team_of,
)
from mlcost_assets.demo.truth.owners import Owner


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be found out about a share of a charge."""

    knowable: bool
    model: bool | None
    team: bool | None
    environment: bool | None
    clue: str
    agent: bool | None = None


@dataclass
class Facts:
    """What can be learned once and then used for many charges; each fact has alternative paths of evidence."""

    paths: dict[str, set[tuple[tuple[str, ...], tuple[str, ...]]]] = field(default_factory=dict)

    def add(self, fact: str, needs: Iterable[str] = (), also: Iterable[str] = ()) -> None:
        """Add one path to a fact."""
        self.paths.setdefault(fact, set()).add((tuple(needs), tuple(also)))


class Judge:
    """Decides what is knowable from the facts, where only some records can be seen."""

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
        if owner.team and self.knows(account_team(account_id, owner.team)):
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
            clue=alive[0].text if alive else ("account" if told else "none"),
            agent=answers.get(AGENT),
        )

    @staticmethod
    def _answers(owner: Owner, told: set[str]) -> Iterator[tuple[str, bool]]:
        for dimension in (MODEL, TEAM, ENVIRONMENT, AGENT):
            if getattr(owner, dimension) is not None:
                yield dimension, dimension in told
