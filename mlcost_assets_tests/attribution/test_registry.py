"""The registry in rules.yaml holds in its time, and tells a workload's environment where nothing else does."""

from decimal import Decimal

from mlcost_assets_tests.attribution.scenarios import Paid, given, instance
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import arn, record

ACCOUNT = "222222229501"


def machine(number: int, cost: float, day: int = 5, account: str = ACCOUNT, **tags: str) -> Row:
    named = {f"user_{key}": value for key, value in tags.items()}
    return charge(
        cost=cost,
        at=f"2026-10-{day:02}T14:00:00",
        line_item_usage_account_id=account,
        line_item_resource_id=f"i-095{number:011}",
        resource_tags=named,
    )


# A model that changed hands, one that is registered for a while only, and one that the registry says two things of at once.
given(
    rules="""
    workloads:
      - {model: skua, team: first-owners, valid: {to: 2026-10-15}}
      - {model: skua, team: later-owners, valid: {from: 2026-10-15}}
      - {model: smew, team: borrowers, valid: {from: 2026-10-10, to: 2026-10-20}}
      - {model: shag, team: founders}
      - {model: shag, team: heirs, valid: {from: 2026-10-15}}
      - {model: auk, team: one}
      - {model: auk, team: other}
    """,
    billed=[
        machine(1, 1.0, 14, model="skua"), machine(1, 2.0, 15, model="skua"),
        machine(2, 4.0, 5, model="smew", team="lenders"), machine(2, 8.0, 12, model="smew", team="lenders"), machine(2, 16.0, 20, model="smew", team="lenders"),
        machine(3, 32.0, 14, model="shag"), machine(3, 64.0, 16, model="shag"),
        machine(4, 1.0, 14, model="auk"),
    ],
)  # fmt: skip


def test_dated_entries_of_one_model_follow_each_other(paid: Paid) -> None:
    assert paid("i-09500000000001", "team") == {"first-owners": 1, "later-owners": 2}


def test_when_an_entry_does_not_hold_tags_tell(paid: Paid) -> None:
    assert paid("i-09500000000002", "team") == {"lenders": Decimal(20), "borrowers": 8}


def test_an_entry_that_begins_later_takes_over_from_one_without_a_date(paid: Paid) -> None:
    assert paid("i-09500000000003", "team") == {"founders": 32, "heirs": 64}


def test_two_entries_that_say_different_things_of_one_time_say_nothing(paid: Paid) -> None:
    assert paid("i-09500000000004", "team") == {None: 1}


# An environment of the workload: below every word on the resource itself, above the account's.
given(
    instance("i-09500000000012", tags={"environment": "staging"}, account=ACCOUNT),
    rules="""
    workloads:
      - {model: garganey, environment: prod}
      - {project: islands, environment: dev}
      - {model: murre, environment: dev, valid: {to: 2026-10-15}}
      - {model: murre, environment: prod, valid: {from: 2026-10-15}}
    """,
    billed=[
        machine(11, 1.0, model="garganey"), machine(12, 2.0, model="garganey"), machine(13, 4.0, model="garganey", environment="test"),
        machine(14, 8.0, project="islands"), machine(15, 16.0, 14, model="murre"), machine(15, 32.0, 16, model="murre"),
    ],
)  # fmt: skip


def test_a_workloads_environment_counts_where_nothing_says_the_resources_own(paid: Paid) -> None:
    assert paid("i-09500000000011", "environment") == {"prod": 1}
    assert paid("i-09500000000014", "environment") == {"dev": 8}
    assert "the registry names it for model garganey" in paid.evidence(
        "i-09500000000011", where="dimension = 'environment'"
    )


def test_a_tag_on_the_resource_tells_its_environment_better(paid: Paid) -> None:
    assert paid("i-09500000000012", "environment") == {"staging": 2}
    assert paid("i-09500000000013", "environment") == {"test": 4}


def test_an_environment_has_its_time_too(paid: Paid) -> None:
    assert paid("i-09500000000015", "environment") == {"dev": 16, "prod": 32}


# What a platform's team spends, by the GPU hours of the others: 1 to 3, whatever they cost.
SPLIT = "222222229502"
given(
    rules=f"""
    splits:
      - {{name: s-by-usage, when: {{account_id: "{SPLIT}", team: harbour}}, by: proportional, over: {{usage: "BoxUsage:g5*", within: [account_id]}}}}
    """,
    billed=[
        machine(21, 8.0, account=SPLIT, team="harbour"),
        machine(22, 90.0, account=SPLIT, team="pilots") | {"line_item_usage_type": "BoxUsage:g5.xlarge", "line_item_usage_amount": 1.0},
        machine(23, 30.0, account=SPLIT, team="tugs") | {"line_item_usage_type": "BoxUsage:g5.xlarge", "line_item_usage_amount": 3.0},
        machine(24, 500.0, account=SPLIT, team="tugs"),
    ],
)  # fmt: skip


def test_a_split_by_whose_a_charge_is_may_follow_usage(paid: Paid) -> None:
    assert paid("i-09500000000021", "team") == {"pilots": 2, "tugs": 6}


# An inventory that numbers its models: two are in the model registry, a third is an application on Bedrock.
WRITER = "arn:aws:lambda:us-east-1:123456789012:function:letter-writer-prod"
given(
    *(record("sagemaker:DescribeModelPackageGroup", arn(f"model-package-group/QRM-{number}"), {"ModelPackageGroupName": f"QRM-{number}"}) for number in (9701, 9702)),
    record("lambda:GetFunction", WRITER, {"Configuration": {"FunctionName": "letter-writer-prod"}}, tags={"QRM": "QRM-9703"}),
    billed=[
        *(sagemaker("Host:ml.m5.large", f"endpoint/ep-{number}", 2.0, resource_tags={"user_QRM": f"QRM-{number}"}) for number in (9701, 9702)),
        charge(cost=4.0, line_item_product_code="AWSLambda", product_servicecode="AWSLambda", line_item_resource_id=WRITER,
               line_item_usage_type="Lambda-GB-Second", resource_tags={"user_QRM": "QRM-9703"}),
    ],
)  # fmt: skip


def test_a_key_whose_values_are_registered_models_names_models_and_what_serves_under_a_number_has_its_name(
    paid: Paid,
) -> None:
    assert paid("ep-9701") == {"qrm-9701": 2}
    assert paid("function:letter-writer-prod") == {"letter-writer": 4}
