"""How an explanation speaks to people: shares as percentages, scopes and products by name, and a legend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_DIVIDING = {"divided", "pool", "split_pool", "split"}  # reasons whose `said` is a part and a whole
_TAGS = {"bill_tag", "resource_tag"}
_PLACE = re.compile(r"\b(product|region) ([^ |]+)\|(.+?)(?= in the month|:|$)")

METHODS = {
    "rule": "a rule or split of rules.yaml, or the model registry, says so",
    "tag": "a tag in the bill or on a resource says so",
    "lineage": "a resource that it is connected to says so",
    "kubernetes": "labels, names and namespaces of Kubernetes, or AWS's split costs, say so",
    "telemetry": "measured use (instances, requests, bytes, time) divides it, or finds the one that it is of",
    "proportional": "it names nobody, so it follows the other cost of its scope",
    "account": "its account says so",
    "name": "a name that is known from elsewhere stands in its own",
    "none": "nothing tells whose it is",
}
_CONFIDENCE = (
    (0.995, "1.00", "ruled, or tagged and confirmed by another kind of source"),
    (0.945, "from 0.95", "stated, and hardly ever wrong"),
    (0.845, "from 0.85", "it follows from what is stated, or few sources agree"),
    (0.0, "below 0.85", "the best that is known; a tag or a rule would settle it"),
)


def percent(share: float) -> str:
    """A share as people read it; what is there is never shown as nothing, nor a part as all."""
    if 0 < share < 0.0005:
        return "less than 0.1 %"
    return f"{share:.1%}".replace("%", " %") if share == 1 or share < 0.9995 else "more than 99.9 %"


def in_words(reason: Mapping[str, Any], products: Mapping[str, str] | None = None) -> str:
    """The statement of a row of attribution_evidence with its weights as a percentage, its scope in words, products by
    their names, and whose tag it is."""
    told = reason["statement"]
    if reason["method"] == "lineage" and reason["code"] in _TAGS:
        told = f"a related resource is {told}"
    if reason["code"] in _DIVIDING and reason.get("said"):
        part, _, whole = reason["said"].partition(" of ")
        told = f"{told}: {percent(_ratio(part, whole))}"
    return _PLACE.sub(lambda found: _scope(found, products or {}), told)


def arithmetic(reason: Mapping[str, Any]) -> str:
    """What the confidence of a row of attribution_evidence is the product of, '0.95 = 0.97 agreement × …'; '' where
    that is one factor, and what is certain is left out."""
    factors = [one for one in reason["factors"] or () if one["factor"] != 1]
    if len(factors) < 2:
        return ""
    told = " × ".join(f"{_factor(one['factor'])} {one['what'].replace('_', ' ')}" for one in factors)
    return f"{reason['confidence']:.2f} = {told}"


def _factor(number: float) -> str:
    """Two decimals, three of what two would make 1."""
    return f"{number:.2f}" if number < 0.995 else f"{number:.3f}"


def part_in_words(part: Mapping[str, Any], products: Mapping[str, str]) -> str:
    """What says that a part of ExplainedModel is the model's, and which share of what is divided it is."""
    why = in_words(part, products) if part["statement"] else "no evidence"
    if part["largest_share"] is None:
        return why
    least, most = percent(part["least_share"]), percent(part["largest_share"])
    by = f" {part['divided_by']}" if part["divided_by"] else ""
    return f"{why};{by} {most}" if least == most else f"{why};{by} {least} to {most}"


def legend(methods: Iterable[str], confidences: Iterable[float]) -> Iterator[str]:
    """A line for each method and each band of confidence that occurs."""
    found = set(methods)
    yield from (f"[{method}]  {meaning}" for method, meaning in METHODS.items() if method in found)
    known = sorted(confidences, reverse=True)
    above = float("inf")
    for least, shown, meaning in _CONFIDENCE:
        if any(least <= one < above for one in known):
            yield f"[{shown}]  {meaning}"
        above = least


def _ratio(part: str, whole: str) -> float:
    return float(part) / float(whole) if float(whole) else 0.0


def _scope(found: re.Match[str], products: Mapping[str, str]) -> str:
    kind, account, what = found.groups()
    return f"{kind} {products.get(what, what)} of account {account}"
