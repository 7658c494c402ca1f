"""Teams: their people, projects, namespace, and what they are careful about."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation import words
from mlcost_assets.demo.organisation.customs import Customs
from mlcost_assets.demo.organisation.habits import Habit, take_up
from mlcost_assets.demo.organisation.naming import abbreviate

_NAMESPACES = ("{team}", "{team}-ml", "ml-{team}", "{short}", "models-{team}")


@dataclass(frozen=True)
class Team:
    """A team, its people and its habits."""

    name: str
    business_function: str
    projects: tuple[str, ...]
    members: tuple[str, ...]
    habit: Habit
    namespace: str
    deploys_by_ci: bool
    uses_mlflow: bool
    named_roles: bool
    former_name: str | None


def form_teams(chance: Chance, company: str, customs: Customs, *, tidy: bool, separate_accounts: bool) -> list[Team]:
    """Form the teams; the last one runs the platform."""
    taken: set[str] = set()
    projects = chance.some(words.PROJECT_WORDS, len(words.PROJECT_WORDS))
    functions = chance.some(words.BUSINESS_FUNCTIONS, len(words.BUSINESS_FUNCTIONS))
    teams = []
    for name in list(words.DEFAULT_TEAMS) if tidy else _names(chance):
        own = (f"{projects.pop()}-{chance.one(('core', 'next', 'ai'))}", projects.pop())
        if tidy:
            own = words.DEFAULT_PROJECTS.get(name, own)
        teams.append(
            Team(
                name=name,
                business_function=words.DEFAULT_FUNCTIONS[name] if tidy else functions.pop(),
                projects=own,
                members=_people(chance, chance.randrange(2, 5), taken),
                habit=take_up(chance, company, name, customs, tidy=tidy, separate_accounts=separate_accounts),
                namespace=chance.one(_NAMESPACES[: 3 if tidy else None]).format(team=name, short=abbreviate(name)),
                deploys_by_ci=chance.maybe(0.6),
                uses_mlflow=chance.maybe(0.6),
                named_roles=chance.maybe(0.6),
                former_name=f"{chance.one(words.CODENAMES)}-squad" if chance.maybe(0.2) else None,
            )
        )
    return teams


def _names(chance: Chance) -> list[str]:
    names = chance.some(words.TEAMS, chance.randrange(3, 7))
    if chance.maybe(0.3):
        names[0] = f"team-{chance.one(words.CODENAMES)}"
    return [*names, chance.one(("ml-platform", "mlops", "ai-infrastructure", "data-science-platform"))]


def _people(chance: Chance, count: int, taken: set[str]) -> tuple[str, ...]:
    people: list[str] = []
    while len(people) < count:
        person = f"{chance.one(words.FIRST_NAMES)}-{chance.one(words.LAST_NAMES)}"
        if person not in taken:
            taken.add(person)
            people.append(person)
    return tuple(people)
