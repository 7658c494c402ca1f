"""The picture of an explanation: each reason once, the dearest in full, and no dollar twice."""

from decimal import Decimal

from mlcost_assets.attribution.explain.explain import Explained
from mlcost_assets.attribution.explain.explain_picture import resource_picture
from mlcost_assets.lineage.drawing import Edge


def _explained(reasons: list[tuple[str, str, str, str]], costs: list[tuple[str, str]]) -> Explained:
    """Of reasons (evidence_id, dimension, statement, source) and costs (evidence_id, dollars)."""
    evidence = [
        {"evidence_id": id_, "dimension": dimension, "value": "fraud", "method": "tag", "confidence": 0.9}
        | {"statement": statement, "sources": [source], "code": "bill_tag", "said": None, "others": []}
        for id_, dimension, statement, source in reasons
    ]
    spent = [{"evidence_id": id_, "effective_cost": Decimal(cost), "billing_currency": "USD"} for id_, cost in costs]
    return Explained("endpoint/fraud", "endpoint/fraud", [], spent, evidence, [], [], [], [])


def _from_the_bill(edges: list[Edge]) -> list[tuple[str, str]]:
    return sorted((edge.to_id, edge.label) for edge in edges if edge.from_id == "")


def test_what_several_charges_have_for_a_reason_is_drawn_once_with_the_dollars_of_all() -> None:
    """Charges differ in evidence when one of their owners changes; the others' reasons stay the same."""
    told = [("e1", "model", "tagged model = fraud", "tag"), ("e2", "model", "tagged model = fraud", "tag")]
    _, edges = resource_picture(_explained(told, [("e1", "10.00"), ("e2", "5.50"), ("e2", "0.50")]))
    assert _from_the_bill(edges) == [("source tag", "16.00 USD")]


def test_the_dearest_reasons_of_an_owner_are_drawn_and_the_others_stand_together() -> None:
    """An endpoint that served a new version each day has as many records that say the same."""
    told = [(f"e{day}", "model", "is the model fraud", f"record {day}") for day in range(1, 8)]
    nodes, edges = resource_picture(_explained(told, [(f"e{day}", f"{day}.00") for day in range(1, 8)]))
    assert _from_the_bill(edges) == [
        ("owner model fraud", "3 more, 6.00 USD"),
        ("source record 4", "4.00 USD"),
        ("source record 5", "5.00 USD"),
        ("source record 6", "6.00 USD"),
        ("source record 7", "7.00 USD"),
    ]
    assert [node.lines for node in nodes if node.id.startswith("owner")] == [("model fraud",)]
