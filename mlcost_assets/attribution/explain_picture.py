"""An explanation as a graph: from what was billed over every record to whose it is; from a model to its stages."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from mlcost_assets.attribution.explain import Explained
from mlcost_assets.attribution.explain_model import ExplainedModel
from mlcost_assets.config.rules import DIMENSIONS
from mlcost_assets.lineage.drawing import Edge, Node

_PARTS = 8  # of a stage; what is cheaper stands together


def resource_picture(explained: Explained) -> tuple[list[Node], list[Edge]]:
    """The resource, for each owner the dollars, and for each reason its records one after the other."""
    nodes = {"": Node("", (explained.resource_id.rsplit(":", 1)[-1], "as billed"), True, explained.resource_id)}
    edges: dict[tuple[str, str, str], Edge] = {}
    dollars: dict[str, Decimal] = {}
    for cost in explained.costs:
        dollars[cost["evidence_id"]] = dollars.get(cost["evidence_id"], Decimal(0)) + cost["effective_cost"]
    owners = {cost["evidence_id"]: cost for cost in explained.costs}
    for reason in explained.evidence:
        cost = owners[reason["evidence_id"]]
        what = f"{reason['dimension']} {reason['value']}" if reason["dimension"] else reason["value"] or "nobody known"
        about = f"{dollars[reason['evidence_id']]:,.2f} {cost['billing_currency']}"
        chain = ["", *(f"source {source}" for source in reason["sources"]), f"owner {what}"]
        for source, id_ in zip(reason["sources"], chain[1:], strict=False):
            nodes.setdefault(id_, Node(id_, (source,)))
        lost = "\n".join(f"lost: {other}" for other in reason["others"])
        nodes.setdefault(chain[-1], Node(chain[-1], (what,), reason["dimension"] in DIMENSIONS, lost or what))
        for start, end in pairwise(chain):
            is_last = end == chain[-1]
            label = f"{reason['method']}, {reason['confidence']:.2f}" if is_last else about if start == "" else ""
            edges.setdefault((start, end, label), Edge(start, end, label, f"{reason['statement']} ({about})"))
    return list(nodes.values()), list(edges.values())


def model_picture(explained: ExplainedModel) -> tuple[list[Node], list[Edge]]:
    """What was spent for what, by which evidence: parts → stages → the model."""
    currency = explained.parts[0]["billing_currency"]
    stages: dict[str, list[tuple[Decimal, str, str]]] = {}
    for part in explained.parts:
        named = f"{part['service_code']}: {part['statement'] or part['method']}"
        stages.setdefault(part["stage"], []).append((part["effective_cost"], named, part["method"]))
    total = sum((cost for parts in stages.values() for cost, _, _ in parts), Decimal(0))
    nodes = [Node("model", (explained.model, f"{total:,.2f} {currency}"), True)]
    edges: list[Edge] = []
    for stage, parts in stages.items():
        cost = sum((cost for cost, _, _ in parts), Decimal(0))
        nodes.append(Node(f"stage {stage}", (stage.replace("_", " "), f"{cost:,.2f}")))
        edges.append(Edge(f"stage {stage}", "model", f"{cost / total:.0%}" if total else ""))
        for place, (part_cost, named, method) in enumerate(_merged(parts)):
            nodes.append(Node(f"{stage} {place}", (named, f"{part_cost:,.2f}")))
            edges.append(Edge(f"{stage} {place}", f"stage {stage}", method, named))
    return nodes, edges


def _merged(parts: list[tuple[Decimal, str, str]]) -> Iterator[tuple[Decimal, str, str]]:
    """Months added up, the dearest first, and what is beyond the first few as one."""
    sums: dict[tuple[str, str], Decimal] = {}
    for cost, named, method in parts:
        sums[named, method] = sums.get((named, method), Decimal(0)) + cost
    ordered = sorted(((cost, named, method) for (named, method), cost in sums.items()), reverse=True)
    yield from ordered[:_PARTS]
    if rest := ordered[_PARTS:]:
        yield sum((cost for cost, _, _ in rest), Decimal(0)), f"{len(rest)} more", ""
