"""How people spell one and the same name."""

import re
from dataclasses import dataclass

SHORT_ENVIRONMENTS = {
    "prod": ("prod", "prd", "production", "live"),
    "staging": ("staging", "stg", "stage", "uat"),
    "dev": ("dev", "dev", "development", "dev"),
}


# SageMaker allows 63 characters; what it appends to a name needs some of them.
LONGEST = 50


def words(name: str) -> list[str]:
    """Take a kebab-case name apart."""
    return name.split("-")


def spell(name: str, style: str) -> str:
    """Write a kebab-case name in another style."""
    parts = words(name)
    if style == "snake":
        return "_".join(parts)
    if style == "pascal":
        return "".join(part.capitalize() for part in parts)
    if style == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    if style == "upper":
        return "-".join(parts).upper()
    if style == "title":
        return " ".join(part.capitalize() for part in parts)
    return "-".join(parts)


def abbreviate(name: str) -> str:
    """Shorten a name as people do when they are in a hurry: fraud-detection becomes frd-dtctn."""
    return "-".join(part[0] + re.sub("[aeiou]", "", part[1:])[:4] for part in words(name))


def misspell(name: str, place: float) -> str:
    """Leave one inner letter out and run the words together: fraud-detection becomes frauddetecton."""
    run = name.replace("-", "")
    gap = 2 + int(place * (len(run) - 4))
    return run[:gap] + run[gap + 1 :]


def billing_key(key: str) -> str:
    """Write a tag key as CUR 2.0 does: prefixed, lower case, words apart, every other sign an underscore."""
    prefix, rest = ("aws", key[4:]) if key.startswith("aws:") else ("user", key)
    rest = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", rest)
    return f"{prefix}_{re.sub('[^0-9a-z]+', '_', rest.lower())}"


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
