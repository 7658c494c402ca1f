"""How people spell one and the same name, and how a name is recognised in what they wrote."""

import re

SHORT_ENVIRONMENTS = {
    "prod": ("prod", "prd", "production", "live"),
    "staging": ("staging", "stg", "stage", "uat"),
    "dev": ("dev", "dev", "development", "dev"),
}
ENVIRONMENT_WORDS = {environment: set(spelled) for environment, spelled in SHORT_ENVIRONMENTS.items()}
ENVIRONMENT_WORDS["dev"].add("sandbox")


def spell(name: str, style: str) -> str:
    """Write a kebab-case name in another style."""
    parts = name.split("-")
    if style == "snake":
        return "_".join(parts)
    if style == "pascal":
        return "".join(part.capitalize() for part in parts)
    if style == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    if style == "title":
        return " ".join(part.capitalize() for part in parts)
    if style == "upper":
        return "_".join(parts).upper()
    return "".join(parts) if style == "run together" else "-".join(parts)


def abbreviate(name: str) -> str:
    """Shorten a name as people do when they are in a hurry: fraud-detection becomes frd-dtctn."""
    return "-".join(part[0] + re.sub("[aeiou]", "", part[1:])[:4] for part in name.split("-"))


def misspell(name: str, place: float) -> str:
    """Leave one inner letter out and run the words together: fraud-detection becomes frauddetecton."""
    run = name.replace("-", "")
    gap = 2 + int(place * (len(run) - 4))
    return run[:gap] + run[gap + 1 :]


def _flat(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())


def says(text: str, name: str) -> bool:
    """Tell whether a text contains a name, however it is spelled."""
    return _flat(name) in _flat(text)


def says_environment(text: str, environment: str) -> bool:
    """Tell whether one of the words of a text is a word for an environment."""
    return not ENVIRONMENT_WORDS[environment].isdisjoint(re.split("[^a-z0-9]+", text.lower()))
