"""Whether rules.yaml says what evidence has from it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mlcost_assets.config.rules import Rules

_REGISTRY = re.compile(r"^the registry names it for (model|project) (.+)$", re.DOTALL)
_SPLIT = re.compile(r"^(?:divided by )?split (.+?)(?: within .*)?: \d+ of \d+", re.DOTALL)


def unsaid(rules: Rules, evidence: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What `evidence` (dimension, value, statement; see ruled.sql) has from rules that are not or say otherwise."""
    owners = {rule.name: rule.owner for rule in rules.rules}
    splits = {split.name for split in rules.splits}
    for one in evidence:
        dimension, value, statement = one["dimension"], one["value"], one["statement"]
        if split := _SPLIT.match(statement):
            if split[1] not in splits:
                yield f"split {split[1]} divided costs, and rules.yaml has no such split"
        elif registry := _REGISTRY.match(statement):
            of, name = registry.groups()
            if not any(getattr(one, of) == name and getattr(one, dimension) == value for one in rules.workloads):
                yield f"{dimension} {value} of {of} {name} is said to stand in the registry, and does not"
        elif statement.startswith("rule "):
            owner = owners.get(statement.removeprefix("rule "))
            if owner is None or getattr(owner, dimension) != value:
                yield f"{dimension} {value} is said to be set by {statement}, which does not"
