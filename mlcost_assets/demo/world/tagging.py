"""Tags as people really write them: half of them missing, some misspelt, some copied from a template."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from mlcost_assets.demo.chance import Chance, stream
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.organisation.customs import REQUIRED_TAGS
from mlcost_assets.demo.organisation.habits import PLAIN, Habit
from mlcost_assets.demo.organisation.naming import SHORT_ENVIRONMENTS, misspell, spell
from mlcost_assets.demo.organisation.organise import Organisation
from mlcost_assets.demo.truth.owners import Owner

COMPLIANT = "compliant"
WRONG = "wrong"

# Keys that AWS, Kubernetes or an installer sets; they stay when people's tags are deleted.
SYSTEM_PREFIXES = (
    "aws:",
    "sagemaker:",
    "eks:",
    "karpenter.",
    "kubernetes.io/",
    "elbv2.k8s.aws/",
    "ManagedBy",
    "AWSBatchServiceTag",
)


@dataclass(frozen=True)
class Written:
    """One required tag as it was written on a resource."""

    key: str
    value: str
    state: str
    resolvable: bool


@dataclass
class Tags:
    """The tags of one resource over time."""

    system: dict[str, str] = field(default_factory=dict)
    user: dict[str, Written] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None

    def on(self, moment: datetime) -> dict[str, str]:
        """Give the tags that the resource carried at a moment."""
        tags = dict(self.system)
        if self.since is None or moment >= self.since:
            tags.update(self.plain)
            tags.update({written.key: written.value for written in self.user.values()})
        return tags

    def changes(self) -> list[datetime]:
        """List the moments at which the tags changed."""
        return [self.since] if self.since else []


NO_TAGS = Tags()


class Tagger:
    """Tags resources by the habits of their teams."""

    def __init__(self, seed: int, organisation: Organisation, window: Window, compliance: float):
        self._seed = seed
        self._organisation = organisation
        self._window = window
        self.compliance = compliance
        self._teams = {team.name: team for team in organisation.teams}

    def tags(self, purpose: str, owner: Owner, system: dict[str, str] | None = None) -> Tags:
        """Tag one resource; the purpose makes its stream of chance its own."""
        chance = stream(self._seed, "tags", purpose)
        tags = Tags(system=dict(system or {}))
        carries = chance.random() < self.compliance
        dimensions = REQUIRED_TAGS if chance.maybe(0.7) else tuple(chance.some(REQUIRED_TAGS, chance.randrange(1, 4)))
        late = chance.maybe(0.05)
        since = self._window.at(chance.uniform(0.1, 0.9))
        if not carries:
            return tags
        tags.plain = {chance.one(("Name", "CostCenter", "created_by", "terraform")): chance.code(6)}
        if late:
            tags.since = since
        for dimension in REQUIRED_TAGS:
            written = self._write(chance, dimension, owner)
            if written and dimension in dimensions:
                tags.user[dimension] = written
        return tags

    def _write(self, chance: Chance, dimension: str, owner: Owner) -> Written | None:
        # Every branch draws the same number of times, so that one tag does not move the others.
        slip, place, style = chance.random(), chance.random(), chance.random()
        right: str | None = getattr(owner, dimension)
        if right is None:
            return None
        team = self._teams.get(owner.team or "")
        habit = team.habit if team else PLAIN
        key = habit.key(dimension)
        if dimension == "environment":
            word = SHORT_ENVIRONMENTS[right][habit.environment_words]
            return Written(key, word.upper() if style < 0.1 else word, COMPLIANT, True)
        if slip < 0.05 and len(right) > 8:
            return Written(key, misspell(right, place), WRONG, True)
        if slip < 0.075 and team:
            return self._copied(key, dimension, owner, place)
        if dimension == "team" and owner.model and team and team.former_name and slip < 0.15:
            return Written(key, team.former_name, WRONG, False)
        return Written(key, self._styled(right, dimension, habit, style), COMPLIANT, True)

    def _copied(self, key: str, dimension: str, owner: Owner, place: float) -> Written | None:
        """Copy the value of a template: it names something that exists and is not this."""
        models = self._organisation.models
        values = {
            "model": {model.name for model in models},
            "project": {model.project for model in models},
            "team": set(self._teams),
        }[dimension]
        others = sorted(values - {getattr(owner, dimension)})
        return Written(key, others[int(place * len(others))], WRONG, False) if others else None

    @staticmethod
    def _styled(right: str, dimension: str, habit: Habit, style: float) -> str:
        value = spell(right, habit.tag_style)
        if dimension == "team" and style < 0.15:
            return f"{right}-team"
        if dimension == "model" and style < 0.12:
            return f"{right}-prod" if style < 0.06 else f"{spell(right, 'snake')}_v{3 + int(style * 20)}"
        return value

    def bill(self, tags: Tags, moment: datetime) -> dict[str, str]:
        """Give the tags that the bill shows for usage at a moment: only activated keys, in CUR 2.0's spelling."""
        return {_billing_key(key): value for key, value in tags.on(moment).items() if self.is_active(key, moment)}

    def is_active(self, key: str, moment: datetime) -> bool:
        """Tell whether a key was activated for cost allocation by then."""
        if key.startswith(SYSTEM_PREFIXES):
            return key in self._organisation.system_keys
        active = self._organisation.active_keys.get(key)
        return active is not None and moment >= active

    def changes(self, tags: Tags) -> list[datetime]:
        """List the moments at which what the bill shows changes."""
        late = [self._organisation.active_keys.get(written.key) for written in tags.user.values()]
        return sorted({*tags.changes(), *(moment for moment in late if moment and moment > self._window.start)})


def _billing_key(key: str) -> str:
    """Write a tag key as CUR 2.0 does: prefixed, lower case, words apart, every other sign an underscore."""
    prefix, rest = ("aws", key[4:]) if key.startswith("aws:") else ("user", key)
    rest = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", rest)
    return f"{prefix}_{re.sub('[^0-9a-z]+', '_', rest.lower())}"
