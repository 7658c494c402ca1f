"""How a team names its resources and spells its tags."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation.naming import SHORT_ENVIRONMENTS, abbreviate, spell

# SageMaker allows 63 characters; what it appends to a name needs some of them.
LONGEST = 50

# The required tags, and the keys under which people write them.
TAG_KEYS = {
    "model": ("model", "Model", "model_name", "ml-model", "ModelName", "ml:model"),
    "project": ("project", "Project", "proj", "app", "application", "service"),
    "team": ("team", "Team", "owner", "squad", "Owner", "team-name"),
    "environment": ("environment", "env", "Env", "stage", "Environment", "deployment_env"),
}
REQUIRED_TAGS = tuple(TAG_KEYS)


@dataclass(frozen=True)
class Habit:
    """How a team names and tags its things."""

    style: str
    abbreviates: bool
    environment: str
    environment_words: int
    prefix: str
    keys: tuple[tuple[str, str], ...]
    tag_style: str

    def environment_word(self, environment: str) -> str:
        """Give the team's word for an environment."""
        return SHORT_ENVIRONMENTS[environment][self.environment_words]

    def resource(self, model: str, *parts: str, environment: str = "") -> str:
        """Name an AWS resource (letters, digits and dashes only) after a model."""
        base = abbreviate(model) if self.abbreviates else spell(model, self.style).replace("_", "-")
        word = self.environment_word(environment) if environment else ""
        before = [self.prefix, word if self.environment == "prefix" else ""]
        after = [*parts, word if self.environment == "suffix" else ""]
        room = LONGEST - sum(len(piece) + 1 for piece in (*before, *after) if piece)
        pieces = [*before, base[:room].rstrip("-"), *after]
        return "-".join(piece for piece in pieces if piece)

    def path(self, model: str) -> str:
        """Name a folder, a table or an image after a model (underscores allowed)."""
        return spell(model, self.style if self.style in ("kebab", "snake") else "kebab")

    def key(self, dimension: str) -> str:
        """Give the tag key that the team uses for a dimension."""
        return dict(self.keys)[dimension]


# Those who do not do machine learning tag in one way, which is nobody else's concern here.
PLAIN = Habit(
    style="kebab",
    abbreviates=False,
    environment="suffix",
    environment_words=0,
    prefix="",
    keys=tuple((dimension, dimension) for dimension in REQUIRED_TAGS),
    tag_style="kebab",
)


def take_up(chance: Chance, company: str, *, tidy: bool, separate_accounts: bool) -> Habit:
    """Choose the habits of a team; where accounts are separate, a name need not say the environment."""
    environment = chance.one(("suffix", "suffix", "prefix", "none" if separate_accounts else "suffix"))
    return Habit(
        style=chance.one(("kebab", "kebab", "snake", "pascal")),
        abbreviates=not tidy and chance.maybe(0.15),
        environment=environment,
        environment_words=chance.randrange(4),
        prefix=company if chance.maybe(0.2) else "",
        keys=tuple((dimension, chance.one(options)) for dimension, options in TAG_KEYS.items()),
        tag_style=chance.one(("kebab", "kebab", "snake", "pascal", "title", "camel")),
    )
