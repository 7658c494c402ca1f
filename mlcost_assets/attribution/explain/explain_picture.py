"""An explanation as a graph: from what was billed over every record to whose it is; from a model to its stages.

Texts are wrapped, for a drawing cuts long lines; the dearest comes first, and the layout begins with what comes last.
"""

import textwrap
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mlcost_assets.attribution.explain.explain import Explained, Rows
from mlcost_assets.attribution.explain.explain_model import ExplainedModel
from mlcost_assets.attribution.explain.explain_words import in_words, part_in_words
from mlcost_assets.config.rules import DIMENSIONS
from mlcost_assets.lineage.drawing import Edge, Node
from mlcost_assets.lineage.neighbourhood import short

_PARTS = 4  # of a stage or an owner; what is cheaper stands together
_LINE = 48  # letters
_TOLD_APART_BY = ("dimension", "value", "method", "confidence", "sources")  # reasons, beside their words


def resource_picture(explained: Explained) -> tuple[list[Node], list[Edge]]:
    """The resource, for each owner the dollars, and for its dearest reasons their records one after the other."""
    nodes = {"": Node("", (*_wrapped(short(explained.resource_id)), "as billed"), True, explained.resource_id)}
    edges: dict[tuple[str, str, str], Edge] = {}
    for reasons in _by_owner(explained):
        for reason in reasons[:_PARTS]:
            named = short(reason["value"]) if reason["value"] else "nobody known"
            what = f"{reason['dimension']} {named}" if reason["dimension"] else named
            chain = ["", *(f"source {source}" for source in reason["sources"]), f"owner {what}"]
            for source, id_ in zip(reason["sources"], chain[1:], strict=False):
                nodes.setdefault(id_, Node(id_, _wrapped(source), note=source))
            note = "\n".join(_lost(explained, reason["dimension"], reason["value"])) or what
            nodes.setdefault(chain[-1], Node(chain[-1], _wrapped(what), reason["dimension"] in DIMENSIONS, note))
            for start, end in pairwise(chain):
                is_last = end == chain[-1]
                certain = f"{reason['method']}, {reason['confidence']:.2f}"
                label = certain if is_last else _dollars([reason]) if start == "" else ""
                edges.setdefault((start, end, label), Edge(start, end, label, _said(reason)))
        if rest := reasons[_PARTS:]:
            end = chain[-1] if rest[0]["dimension"] else f"{len(rest)} more"
            nodes.setdefault(end, Node(end, (end,)))
            label = f"{len(rest)} more, {_dollars(rest)}"
            edges["", end, label] = Edge("", end, label, "\n".join(map(_said, rest)))
    return list(nodes.values()), list(edges.values())[::-1]


def _by_owner(explained: Explained) -> list[Rows]:
    """The reasons of each owner, and those of shares together: each once, whatever number of charges has it, with their
    `effective_cost` and `billing_currency`, the dearest first."""
    by_evidence: dict[tuple[str, str], Decimal] = {}
    for cost in explained.costs:
        charged = cost["evidence_id"], cost["billing_currency"]
        by_evidence[charged] = by_evidence.get(charged, Decimal(0)) + cost["effective_cost"]
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for (evidence_id, currency), dollars in by_evidence.items():
        for reason in explained.evidence:
            if reason["evidence_id"] == evidence_id:
                same = (currency, *(str(reason[name]) for name in _TOLD_APART_BY), in_words(reason))
                so_far = found[same]["effective_cost"] if same in found else Decimal(0)
                found[same] = {**reason, "effective_cost": so_far + dollars, "billing_currency": currency}
    owners: dict[tuple[str | None, ...], Rows] = {}
    for reason in sorted(found.values(), key=lambda one: -one["effective_cost"]):
        owner = reason["value"] if reason["dimension"] else None
        owners.setdefault((reason["dimension"], owner, reason["billing_currency"]), []).append(reason)
    return list(owners.values())


def _said(reason: dict[str, Any]) -> str:
    return f"{in_words(reason)} ({_dollars([reason])})"


def _dollars(reasons: Rows) -> str:
    return f"{_sum(reasons):,.2f} {reasons[0]['billing_currency']}"


def model_picture(explained: ExplainedModel) -> tuple[list[Node], list[Edge]]:
    """What was spent for what, by which evidence: parts → stages → the model, once for each currency."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    products = {part["service_code"]: part["service_name"] or part["service_code"] for part in explained.parts}
    for currency in dict.fromkeys(part["billing_currency"] for part in explained.parts):
        parts = [part for part in explained.parts if part["billing_currency"] == currency]
        total = _sum(parts)
        model = f"model {currency}"
        nodes.append(Node(model, (explained.model, f"{total:,.2f} {currency}"), True))
        for stage in dict.fromkeys(part["stage"] for part in parts):
            staged = [part for part in parts if part["stage"] == stage]
            cost, id_ = _sum(staged), f"stage {currency} {stage}"
            nodes.append(Node(id_, (stage.replace("_", " "), f"{cost:,.2f}")))
            edges.append(Edge(id_, model, f"{cost / total:.0%}" if total else ""))
            for place, (lines, method, note) in enumerate(_told(staged, products)):
                nodes.append(Node(f"{id_} {place}", lines, note=note))
                edges.append(Edge(f"{id_} {place}", id_, method, note))
    return nodes[::-1], edges


def _told(parts: Rows, products: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The lines, method and note of each part, the dearest first; what is beyond the first few as one."""
    for part in parts[:_PARTS]:
        things = f"{part['resources']} resources" if part["resources"] > 1 else ""
        named = things or "".join(short(thing["resource_id"]) for thing in part["dearest"])
        product = products[part["service_code"]]
        why = part_in_words(part, products)
        about = (*_wrapped(product), *_wrapped(named), *_wrapped(why), f"{part['effective_cost']:,.2f}")
        yield about, part["method"], why
    if rest := parts[_PARTS:]:
        yield (f"{len(rest)} more", f"{_sum(rest):,.2f}"), "", f"{len(rest)} more"


def _lost(explained: Explained, dimension: str | None, value: str | None) -> list[str]:
    return [
        f"lost: {row['losing_value']} ({row['losing_statement']}), because {row['why']}"
        for row in explained.lost
        if (row["dimension"], row["winning_value"]) == (dimension, value)
    ]


def _wrapped(text: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, _LINE, break_on_hyphens=False))


def _sum(parts: Rows) -> Decimal:
    return sum((part["effective_cost"] for part in parts), Decimal(0))
