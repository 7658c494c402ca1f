"""Whether rules.yaml says what evidence has from it."""

from collections.abc import Iterable, Iterator
from typing import Any

from mlcost_assets.config.rules import Rules


def unsaid(rules: Rules, evidence: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What `evidence` (rows of ruled.sql) has from rules that are not, or say otherwise."""
    owners = {rule.name: rule.owner for rule in rules.rules}
    splits = {split.name for split in rules.splits}
    for one in evidence:
        dimension, value, said = one["dimension"], one["value"], one["said"]
        match one["code"]:
            case "split":
                if (name := one["place"].removeprefix("split ")) not in splits:
                    yield f"split {name} divided costs, and rules.yaml has no such split"
            case "registered":
                of, _, name = said.partition(" ")
                if not any(getattr(one, of) == name and getattr(one, dimension) == value for one in rules.workloads):
                    yield f"{dimension} {value} of {said} is said to stand in the registry, and does not"
            case "rule":
                if said not in owners or getattr(owners[said], dimension) != value:
                    yield f"{dimension} {value} is said to be set by rule {said}, which does not"
            case code:
                yield f"{dimension} {value} is said to be ruled by what this check does not know: {code}"
