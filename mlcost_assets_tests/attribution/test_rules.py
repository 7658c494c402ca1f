"""rules.yaml beats inference (docs/contract.md#rules): conditions, order, validity, the registry, and exact splits."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given
from mlcost_assets_tests.exports import Row, charge, sagemaker


def machine(number: int, cost: float, account: str = "222222228001", **tags: str) -> Row:
    named = {f"user_{key}": value for key, value in tags.items()}
    return charge(
        cost=cost, line_item_usage_account_id=account, line_item_resource_id=f"i-08{number:012}", resource_tags=named
    )


# Conditions: every one must match, texts are globs, lists are alternatives.
given(
    rules="""
    rules:
      - {name: r-account, when: {account_id: "222222228002"}, set: {environment: dev, team: research}}
      - {name: r-globs, when: {resource_id: "i-08000000000003*", usage_type: "*BoxUsage:p3*"}, set: {model: oracle}}
      - {name: r-lists, when: {resource_id: ["i-08000000000005", "i-08000000000006"]}, set: {project: delphi}}
      - {name: r-tags, when: {account_id: "222222228001", tags: {purpose: "sibyl*"}}, set: {model: sibyl, team: temple}}
      - {name: r-first, when: {resource_id: "i-08000000000008"}, set: {team: first}}
      - {name: r-second, when: {resource_id: "i-0800000000000[89]"}, set: {team: second, project: both}}
    """,
    billed=[
        machine(2, 1.0, "222222228002", team="other", environment="prod"),
        machine(3, 2.0) | {"line_item_usage_type": "BoxUsage:p3.2xlarge"}, machine(31, 3.0),
        machine(5, 4.0), machine(6, 5.0), machine(7, 6.0, purpose="sibyl-training"), machine(8, 7.0), machine(9, 8.0),
    ],
)  # fmt: skip


def test_a_rule_beats_a_tag(paid: Paid) -> None:
    assert paid("i-08000000000002", "team, environment, method, confidence") == {("research", "dev", "rule", 1.0): 1}


def test_every_condition_of_a_rule_must_match(paid: Paid) -> None:
    assert paid("i-08000000000003", "model, method, is_ml") == {("oracle", "rule", True): 2}
    assert paid("i-08000000000031") == {None: 3}


def test_a_list_names_alternatives(paid: Paid) -> None:
    assert paid.of("resource_id IN ('i-08000000000005', 'i-08000000000006')", "project") == {"delphi": 9}


def test_a_rule_may_look_at_tags(paid: Paid) -> None:
    assert paid("i-08000000000007", "model, team") == {("sibyl", "temple"): 6}


def test_the_first_rule_wins_for_each_dimension(paid: Paid) -> None:
    assert paid("i-08000000000008", "team, project") == {("first", "both"): 7}
    assert paid("i-08000000000009", "team, project") == {("second", "both"): 8}


def test_the_evidence_names_the_rule(paid: Paid) -> None:
    assert paid.evidence("i-08000000000008", "dimension, statement", "method = 'rule'") == [
        ("project", "rule r-second"),
        ("team", "rule r-first"),
    ]


# Every field of a charge may be a condition.
given(
    rules="""
    rules:
      - {name: c-region, when: {account_id: "222222228003", region_id: "eu-*"}, set: {team: europe}}
      - {name: c-service, when: {account_id: "222222228003", service_code: AmazonDynamoDB}, set: {team: tables}}
      - {name: c-operation, when: {account_id: "222222228003", operation: "RunInstances:*"}, set: {team: windows}}
      - {name: c-category, when: {account_id: "222222228003", charge_category: Credit}, set: {team: finance}}
      - {name: c-export, when: {account_id: "222222228003", export_name: nobody-has-it}, set: {team: wrong}}
    """,
    billed=[
        machine(41, 1.0, "222222228003") | {"product_region_code": "eu-west-1"},
        billed("AmazonDynamoDB", "ReadCapacityUnit-Hrs", "arn:aws:dynamodb:us-east-1:222222228003:table/t", 2.0, line_item_usage_account_id="222222228003"),
        machine(42, 3.0, "222222228003") | {"line_item_operation": "RunInstances:0002"},
        machine(43, -4.0, "222222228003") | {"line_item_line_item_type": "Credit"},
        machine(44, 5.0, "222222228003"),
    ],
)  # fmt: skip


def test_every_field_of_a_charge_may_be_a_condition(paid: Paid) -> None:
    assert paid.of("account_id = '222222228003'", "team") == {
        "europe": 1,
        "tables": 2,
        "windows": 3,
        "finance": -4,
        None: 5,
    }


# Validity: from is inclusive, to is exclusive; what is over no longer speaks.
given(
    rules="""
    rules:
      - {name: v-old, when: {resource_id: "i-08000000000010"}, set: {team: before}, valid: {to: 2026-10-10}}
      - {name: v-new, when: {resource_id: "i-08000000000010"}, set: {team: after}, valid: {from: 2026-10-10}}
      - {name: v-over, when: {resource_id: "i-08000000000011"}, set: {team: gone}, valid: {to: 2026-01-01}}
    """,
    billed=[
        machine(10, 1.0) | {"line_item_usage_start_date": charge(at="2026-10-09T23:00:00")["line_item_usage_start_date"]},
        machine(10, 2.0) | {"line_item_usage_start_date": charge(at="2026-10-10T00:00:00")["line_item_usage_start_date"]},
        machine(11, 4.0),
    ],
)  # fmt: skip


def test_a_rule_holds_while_it_is_valid(paid: Paid) -> None:
    assert paid("i-08000000000010", "team") == {"before": 1, "after": 2}
    assert paid("i-08000000000011", "team, method") == {(None, "none"): 4}


# The registry: aliases, and what a model's entry fills.
given(
    rules="workloads: [{model: pythia, aliases: [pythia_v2, PTH], project: delphi-online, team: temple, business_function: advice}]",
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-8001", 1.0, resource_tags={"user_model": "Pythia_V2"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-8002", 2.0, resource_tags={"user_model": "pth", "user_team": "strangers"}),
    ],
)  # fmt: skip


def test_an_alias_means_the_registered_name_and_its_entry_fills_the_rest(paid: Paid) -> None:
    assert paid("tj-8001", "model, project, team, business_function, method") == {
        ("pythia", "delphi-online", "temple", "advice", "tag"): 1
    }


def test_what_the_registry_says_of_a_model_beats_a_tag_on_one_resource(paid: Paid) -> None:
    assert paid("tj-8002", "model, team") == {("pythia", "temple"): 2}
    assert any("strangers" in str(others) for others in paid.evidence("tj-8002", "others", "dimension = 'team'"))


# Splits.
given(
    rules="""
    splits:
      - {name: s-fixed, when: {team: forum-platform}, by: fixed, to: {forum-a: 60, forum-b: 40}}
      - {name: s-even, when: {team: forum-shared}, by: even, to: [forum-a, forum-b, forum-c]}
      - {name: s-nat, when: {account_id: "222222228012", usage_type: "*NatGateway*"}, by: proportional, over: {cost: effective_cost, within: [account_id]}}
      - {name: s-usage, when: {account_id: "222222228013", usage_type: "CW:Requests"}, by: proportional, over: {usage: "*BoxUsage*", within: [account_id]}}
      - {name: s-team, when: {team: forum-core}, by: proportional, over: {cost: effective_cost, within: [account_id]}}
      - {name: s-over, when: {team: forum-old}, by: fixed, to: {forum-a: 100}, valid: {to: 2026-01-01}}
    """,
    billed=[
        machine(21, 10.0, team="forum-platform"), machine(22, 10.0, team="forum-shared"), machine(23, 10.0, team="forum-old"), machine(51, 1e-10, team="forum-platform"),
        machine(24, 30.0, "222222228012", team="forum-a"), machine(25, 10.0, "222222228012", team="forum-b"),
        billed("AmazonEC2", "NatGateway-Bytes", "arn:aws:ec2:us-east-1:222222228012:natgateway/nat-08", 8.0, line_item_usage_account_id="222222228012"),
        machine(26, 1.0, "222222228013", team="forum-a") | {"line_item_usage_amount": 9.0}, machine(27, 100.0, "222222228013", team="forum-b") | {"line_item_usage_amount": 1.0},
        billed("AmazonCloudWatch", "CW:Requests", "", 5.0, line_item_usage_account_id="222222228013"),
        machine(28, 8.0, "222222228014", team="forum-core"), machine(29, 30.0, "222222228014", team="forum-a"), machine(30, 10.0, "222222228014", team="forum-b"),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("resource_id = 'i-08000000000021'", {"forum-a": 6, "forum-b": 4}),
        ("resource_id = 'i-08000000000023'", {"forum-old": 10}),
        ("account_id = '222222228012' AND usage_type LIKE 'Nat%'", {"forum-a": 6, "forum-b": 2}),
        ("account_id = '222222228013' AND usage_type LIKE 'CW%'", {"forum-a": 4.5, "forum-b": 0.5}),
        ("resource_id = 'i-08000000000028'", {"forum-a": 6, "forum-b": 2}),
    ],
    ids=["fixed percentages", "a split that is over", "charges by the cost of their scope", "charges by a usage", "a team by the cost of the others"],
)  # fmt: skip
def test_a_split_divides(paid: Paid, where: str, expected: dict[str, float]) -> None:
    assert paid.of(where, "team") == expected


def test_an_even_split_hands_out_every_last_digit(paid: Paid) -> None:
    rows = paid.query(
        "SELECT team, effective_cost FROM attributed_costs WHERE resource_id = 'i-08000000000022' ORDER BY 1"
    )
    assert rows == [
        ("forum-a", Decimal("3.3333333334")),
        ("forum-b", Decimal("3.3333333333")),
        ("forum-c", Decimal("3.3333333333")),
    ]


def test_no_amount_is_too_small_to_be_divided(paid: Paid) -> None:
    rows = paid.query(
        "SELECT team, effective_cost FROM attributed_costs WHERE resource_id = 'i-08000000000051' ORDER BY 1"
    )
    assert sum(cost for _, cost in rows) == Decimal("1e-10")


def test_the_evidence_names_the_split(paid: Paid) -> None:
    said = paid.evidence("i-08000000000021", "statement, said")
    assert ("split s-fixed", "60000000 of 100000000") in said


# Counts: what each rule matched and decided, of those that hold in the month.
given(
    rules="""
    rules:
      - {name: n-first, when: {account_id: "222222228020"}, set: {team: choir}}
      - {name: n-late, when: {account_id: "222222228020", resource_id: "i-08000000000061"}, set: {team: orchestra}}
      - {name: n-typo, when: {resource_id: "i-o8000000000061"}, set: {team: choir}}
      - {name: n-over, when: {account_id: "222222228020"}, set: {team: choir}, valid: {to: 2020-01-01}}
    splits:
      - {name: n-split, when: {account_id: "222222228020", team: choir}, by: even, to: [sopranos, altos]}
      - {name: n-none, when: {account_id: "222222228020", team: nobody}, by: even, to: [sopranos]}
    """,
    billed=[machine(61, 10.0, "222222228020"), machine(62, 5.0, "222222228020")],
)


def test_what_each_rule_matched_and_decided_is_counted(paid: Paid) -> None:
    assert paid.query(
        "SELECT name, resources, round(effective_cost, 2), round(decided_cost, 2), decides FROM rule_counts"
        " WHERE billing_period = '2026-10' AND name LIKE 'n-%' ORDER BY kind, place"
    ) == [
        ("n-first", 2, 15, 15, True),
        ("n-late", 1, 10, 0, False),
        ("n-typo", 0, 0, 0, False),
        ("n-split", 2, 15, 15, True),
        ("n-none", 2, 15, 0, False),
    ]


def test_rules_that_decide_nothing_are_named(paid: Paid) -> None:
    ((passed, said),) = paid.query(
        "SELECT passed, json_extract_string(details, '$.idle')::VARCHAR FROM data_quality WHERE check_name = 'rules_decide' ORDER BY checked_at DESC LIMIT 1"
    )
    assert not passed
    assert "rule 'n-late' is overruled in all that it matches" in said
    assert "rule 'n-typo' matches nothing" in said
    assert "split 'n-none' divides nothing of what it matches" in said
    assert "n-first" not in said
    assert "n-over" not in said
