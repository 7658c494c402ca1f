"""How a team names its resources and spells its tags."""

from dataclasses import dataclass, replace

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation.customs import REQUIRED_TAGS, TAG_KEYS, Customs
from mlcost_assets.demo.organisation.naming import SHORT_ENVIRONMENTS, abbreviate, spell

# SageMaker allows 63 characters; what it appends to a name needs some of them.
LONGEST = 50


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
    # Whether names begin with what a thing is: endpoint-fraud-detection rather than fraud-detection-endpoint.
    kind_first: bool = False

    def environment_word(self, environment: str) -> str:
        """Give the team's word for an environment."""
        return SHORT_ENVIRONMENTS[environment][self.environment_words]

    def resource(self, model: str, *parts: str, environment: str = "") -> str:
        """Name an AWS resource (letters, digits and dashes only) after a model."""
        base = abbreviate(model) if self.abbreviates else spell(model, self.style).replace("_", "-")
        word = self.environment_word(environment) if environment else ""
        before = [self.prefix, word if self.environment == "prefix" else ""]
        after = [word if self.environment == "suffix" else ""]
        if self.kind_first:
            before += parts
        else:
            after = [*parts, *after]
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


def take_up(chance: Chance, company: str, team: str, customs: Customs, *, tidy: bool, separate_accounts: bool) -> Habit:
    """Choose the habits of a team; where accounts are separate, a name need not say the environment."""
    environment = chance.one(("suffix", "suffix", "prefix", "none" if separate_accounts else "suffix"))
    habit = Habit(
        style=chance.one(("kebab", "kebab", "snake", "pascal")),
        abbreviates=not tidy and chance.maybe(0.15),
        environment=environment,
        environment_words=chance.randrange(4),
        prefix=company if chance.maybe(0.2) else "",
        keys=tuple((dimension, chance.one(options)) for dimension, options in TAG_KEYS.items()),
        tag_style=chance.one(("kebab", "kebab", "snake", "pascal", "title", "camel")),
    )
    if tidy:
        return habit
    return replace(
        habit,
        prefix=habit.prefix or chance.one(("", "", "", "ml", team)),
        keys=customs.standard_keys or habit.keys,
        kind_first=chance.maybe(0.25),
        tag_style=chance.one((habit.tag_style, habit.tag_style, "upper", "run together")),
    )
