"""`mlcost explain` answers the owner of a resource: what counts, what lost and why, of what the cost is made, and how
far the bill goes."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

import mlcost_assets
from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

RULES = """
rules:
  - {name: ours, when: {resource_id: "*endpoint/odd"}, set: {environment: prod}}
"""
MARKETPLACE = "7g37zhparap7eesm9k78jrzqc"


def endpoint(name: str, cost: float, month: str = "2026-10", **tags: str) -> Row:
    named = {f"user_{key}": value for key, value in tags.items()}
    return sagemaker("Host:ml.m5.large", f"endpoint/{name}", cost, at=f"{month}-05T14:00:00", resource_tags=named)


def of_marketplace(cost: float) -> Row:
    return charge(
        cost=cost, line_item_product_code=MARKETPLACE, product_servicecode=MARKETPLACE, line_item_resource_id="",
        product={"product_name": "Large Words (Marketplace)"}, line_item_usage_type="Words", bill_billing_entity="AWS Marketplace",
    )  # fmt: skip


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two months of churn, whose endpoints nearly all say project retention, and of heron; a charge that both share."""
    world = World(tmp_path_factory.mktemp("explained"))
    world.rules(RULES)
    churn = [endpoint(f"churn-{one}", 10.0 + one, model="churn", project="retention") for one in range(1, 8)]
    odd = endpoint("odd", 25.0, model="churn", project="winback", environment="staging", nothing="at-all")
    shared = charge(
        "Usage", 11.0, line_item_resource_id="", line_item_product_code="AWSSupportBusiness", line_item_usage_type="Dollar",
        product_servicecode="AWSSupportBusiness", product={"product_name": "AWS Support (Business)"}, line_item_operation="Support",
    )  # fmt: skip
    world.bill([*churn, odd, endpoint("heron", 57.0, model="heron"), shared, of_marketplace(3.0)])
    september = endpoint("churn-1", 40.0, "2026-09", model="churn", project="retention")
    world.bill([september | {"bill_invoice_id": "1"}], period="2026-09")
    world.land(
        record("sagemaker:DescribeEndpoint", arn("endpoint/odd"), {"EndpointName": "odd"}, tags={"project": "winback"})
    )
    world.refresh()
    return world


def said(world: World, *arguments: str) -> str:
    done = mlcost("explain", *arguments, cwd=world.folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_json(world: World, *arguments: str) -> dict[str, Any]:
    (found,) = json.loads(said(world, *arguments, "--format", "json"))
    return dict(found)


def test_the_resources_own_tags_are_shown_as_they_are_written(explained: World) -> None:
    lines = said(explained, "odd").splitlines()
    assert "  tagged on the resource: project = winback" in lines
    bill = "environment = staging, model = churn, nothing = at-all, project = winback"
    assert f"  tagged in the bill: {bill}" in lines
    tags = [(tag["seen_in"], tag["tag_key"], tag["dimension"]) for tag in as_json(explained, "odd")["tags"]]
    assert ("resource", "project", "project") in tags
    assert ("bill", "nothing", None) in tags


def test_a_tag_that_the_model_overrules_is_told_with_the_reason(explained: World) -> None:
    text = said(explained, "odd").partition("Overruled\n")[2]
    assert (
        "project winback: tagged project = winback in the bill\n      lost to project retention from 2026-10-05" in text
    )
    assert "because project follows the model" in text
    (lost,) = [row for row in as_json(explained, "odd")["lost"] if row["dimension"] == "project"]
    assert (lost["losing_value"], lost["winning_value"]) == ("winback", "retention")
    assert lost["losing_whose"] == "itself"
    assert sorted(lost["losing_sources"]) == ["bill tag project = winback", "records.jsonl:1"]


def test_a_tag_that_a_rule_overrules_is_told_with_the_reason(explained: World) -> None:
    (lost,) = [row for row in as_json(explained, "odd")["lost"] if row["dimension"] == "environment"]
    assert (lost["losing_value"], lost["winning_value"], lost["why"]) == (
        "staging", "prod", "rules.yaml beats every other source",
    )  # fmt: skip


def test_every_source_of_a_claim_has_words() -> None:
    attribution = Path(mlcost_assets.__file__).parent / "attribution"
    sources = yaml.safe_load((attribution / "decide" / "ladder.yaml").read_text(encoding="utf-8"))["sources"]
    told = (attribution / "explain" / "explain_lost.sql").read_text(encoding="utf-8")
    assert [source for source in sources if f"'{source}'" not in told] == []


def test_what_counts_is_not_told_as_lost(explained: World) -> None:
    assert as_json(explained, "churn-1")["lost"] == []
    assert "Overruled" not in said(explained, "churn-1")


def test_a_months_end_is_told_where_it_has_not_come(explained: World) -> None:
    assert "  bill of 2026-10: until 10-05, not final\n" in said(explained, "odd")
    assert "not final" not in said(explained, "churn-1", "--period", "2026-09")
    assert as_json(explained, "odd")["bills"] == [{"period": "2026-10", "until": "2026-10-05", "is_final": False}]


def test_a_model_without_a_month_is_its_total_then_its_months(explained: World) -> None:
    first, september, october, *_ = said(explained, "--model", "churn").splitlines()
    ((total,),) = explained.query("SELECT sum(effective_cost) FROM model_costs WHERE model = 'churn'")
    assert first == f"churn 2026-09 to 2026-10 (until 10-05, not final): {total:,.2f} USD effective"
    assert september.split()[:2] == ["40.00", "2026-09:"]
    assert october.split()[:2] == [f"{total - 40:,.2f}", "2026-10"]


def test_parts_and_months_of_a_model_sum_to_its_costs(explained: World) -> None:
    found = as_json(explained, "--model", "churn")
    ((total,),) = explained.query("SELECT sum(effective_cost) FROM model_costs WHERE model = 'churn'")
    for rows in (found["parts"], found["months"]):
        assert sum(Decimal(row["effective_cost"]) for row in rows) == total


def test_the_resources_of_a_model_are_named_with_their_cost(explained: World) -> None:
    text = said(explained, "--model", "churn", "--period", "2026-10")
    assert re.search(r"^ +25\.00  endpoint/odd$", text, re.MULTILINE)
    assert re.search(r"^ +and \d more$", text, re.MULTILINE)
    (one,) = [part for part in as_json(explained, "--model", "heron")["parts"] if part["resources"] == 1]
    assert one["dearest"] == [{"resource_id": arn("endpoint/heron"), "name": None, "effective_cost": "57.0000000000"}]


def test_a_share_is_a_percentage_and_a_product_has_its_name(explained: World) -> None:
    text = said(explained, "--model", "churn", "--period", "2026-10")
    ((share,),) = explained.query(
        "SELECT sum(effective_cost) FILTER (model = 'churn') / sum(effective_cost) FROM attributed_costs"
        " WHERE service_code = 'AWSSupportBusiness'"
    )
    (line,) = [line for line in text.splitlines() if "AWS Support (Business): shared by" in line]
    assert f"; {share:.1%}  [proportional, 0.90]".replace("%", " %") in line
    assert "millionths" not in text
    assert "AmazonSageMaker" not in text
    assert MARKETPLACE not in text


def test_what_stands_in_brackets_is_that_of_the_sentence_and_has_a_legend(explained: World) -> None:
    text = said(explained, "--model", "churn", "--period", "2026-10")
    assert "tagged model = churn in the bill  [tag," in text
    legend = text.partition("In brackets")[2]
    assert "[tag]  a tag in the bill or on a resource says so" in legend
    assert "[proportional]" in legend
    assert "[kubernetes]" not in legend
    assert "[from 0.95]" in legend


def test_a_picture_cuts_nothing_and_shows_the_dearest_on_top(explained: World) -> None:
    picture = ElementTree.fromstring(said(explained, "--model", "churn", "--format", "svg"))  # noqa: S314  our own output
    space = "{http://www.w3.org/2000/svg}"
    boxes = [node for node in picture.iter(f"{space}g") if node.get("class") == "node"]
    parts = []
    for box in boxes:
        (place,) = box.iter(f"{space}rect")
        lines = [line.text or "" for line in box.iter(f"{space}text")]
        assert not any("…" in line for line in lines)
        parts.append((float(place.get("x", 0)), float(place.get("y", 0)), Decimal(lines[-1].split()[0])))
    column = [cost for x, _, cost in sorted(parts) if x == min(parts)[0]]
    assert len(column) > 1
    assert column == sorted(column, reverse=True)


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        (("chur",), "mlcost explain --model churn", "heron"),
        (("chrn-1",), "endpoint/churn-1", "heron"),
        (("endpont/churn-1",), "endpoint/churn-1", "heron"),
        (("zebra",), "No resource is called 'zebra'", "Near it"),
        (("--model", "chrun"), "Near it: churn.", "heron"),
        (("--model", "zebra"), "Known are churn, heron.", "Near it"),
    ],
)
def test_what_is_near_is_offered_only_where_it_is_near(
    explained: World, asked: tuple[str, ...], near: str, far: str
) -> None:
    done = mlcost("explain", *asked, cwd=explained.folder)
    assert done.returncode == 1
    assert near in done.stderr
    assert far not in done.stderr
