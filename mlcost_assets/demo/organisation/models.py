"""Models: what they are called, whose they are, how each is trained and served."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation import words
from mlcost_assets.demo.organisation.customs import Customs
from mlcost_assets.demo.organisation.teams import Team

# Each way of serving that the world knows; a model gets one of them for production. Endpoints that
# several models share come on top of these.
SERVING = (
    "realtime",
    "kubernetes",
    "batch",
    "variants",
    "serverless",
    "async",
    "moved",
    "legacy",
    "forgotten",
    "reused",
    "instances",
    "kubernetes",
    "realtime",
    "realtime",
    "kubernetes",
    "batch",
)

# Where a model's team is written down outside of tags.
_ANCHORS = ("deployment", "mlflow", "package")
_CPU = ("m5.xlarge", "c5.2xlarge", "m5.4xlarge", "c5.9xlarge", "r5.4xlarge")
_GPU = ("g4dn.xlarge", "g5.xlarge", "g5.2xlarge", "g6.xlarge", "g5.12xlarge", "g6e.xlarge", "inf2.xlarge")


@dataclass(frozen=True)
class Model:
    """A model, what it belongs to and how it is served."""

    name: str
    team: Team
    project: str
    serving: str
    region: str
    cadence: str
    instance: str
    size: int
    anchors: frozenset[str]

    @property
    def business_function(self) -> str:
        """The business function is the team's."""
        return self.team.business_function

    @property
    def is_alive(self) -> bool:
        """Tell whether anybody still works on the model."""
        return self.serving not in ("legacy", "forgotten")


def start_models(
    chance: Chance, teams: list[Team], regions: tuple[str, str], customs: Customs, *, tidy: bool
) -> tuple[Model, ...]:
    """Give the teams their models; the first three are in the registry, where one is kept."""
    named = _chosen_names(teams) if tidy else _drawn_names(chance, teams)
    styles = list(SERVING[: len(named)])
    if not tidy:
        chance.shuffle(styles)
    home, second = regions
    models = []
    for index, ((name, team), style) in enumerate(zip(named, styles, strict=True)):
        anchors = set(chance.some(_ANCHORS, chance.randrange(1, 3)))
        if index < 3 and customs.keeps_registry:
            anchors.add("rules")
        elif not tidy and chance.maybe(0.07):
            anchors = set()
        on_gpu = style in ("kubernetes", "async", "legacy", "instances") or chance.maybe(0.4)
        models.append(
            Model(
                name=name,
                team=team,
                project=chance.one(team.projects),
                serving=style,
                region=second if chance.maybe(0.15) else home,
                cadence=chance.one(("daily", "weekly", "weekly", "twice a week")),
                instance=chance.one(_GPU if on_gpu else _CPU),
                size=chance.randrange(1, 5),
                anchors=frozenset(anchors),
            )
        )
    return tuple(models)


def _chosen_names(teams: list[Team]) -> list[tuple[str, Team]]:
    by_name = {team.name: team for team in teams}
    return [(model, by_name[team]) for team, models in words.DEFAULT_MODELS.items() for model in models]


def _drawn_names(chance: Chance, teams: list[Team]) -> list[tuple[str, Team]]:
    subjects = chance.some(words.SUBJECTS, len(words.SUBJECTS))
    names = [f"{subjects.pop()}-{chance.one(words.TASKS)}" for _ in range(chance.randrange(9, 15))]
    owners = [teams[index % (len(teams) - 1)] for index in range(len(names))]
    named = list(zip(names, owners, strict=True))
    # Siblings: names that look like spellings of one model, and are two.
    kind = chance.one(("regions", "versions", "none"))
    name, team = named[-1]
    if kind == "regions":
        named[-1:] = [(f"{name}-us", team), (f"{name}-eu", team)]
    elif kind == "versions":
        named.append((f"{name}-v2", team))
    return named
