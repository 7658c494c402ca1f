"""What a prediction costs, from the bill and the records to `mlcost report`."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, PARAMETERS, holding
from mlcost_assets_tests.exports import ACCOUNT, Row, charge, sagemaker
from mlcost_assets_tests.reports.test_unit_costs import invocations, served
from mlcost_assets_tests.world import World, record

PROFILE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abc"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:ask"
API = "arn:aws:apigateway:us-east-1::/restapis/x1"


def tokens(kind: str, amount: float, unit: str, cost: float, *, at: str = "2026-10-05T14:00:00") -> Row:
    return charge(
        cost=cost,
        at=at,
        line_item_product_code="AmazonBedrock",
        product_servicecode="AmazonBedrock",
        line_item_usage_type=f"USE1-Claude3Sonnet-{kind}",
        line_item_operation="InvokeModelInference",
        line_item_resource_id=PROFILE,
        line_item_usage_amount=amount,
        pricing_unit=unit,
        product={"product_name": "Amazon Bedrock"},
        resource_tags={"user_model": "chat"},
    )


def requests(code: str, usage: str, resource: str, amount: float, cost: float, model: str) -> Row:
    return charge(
        cost=cost,
        line_item_product_code=code,
        product_servicecode=code,
        line_item_usage_type=usage,
        line_item_operation="Invoke",
        line_item_resource_id=resource,
        line_item_usage_amount=amount,
        pricing_unit="Requests",
        product={"product_name": code},
        resource_tags={"user_model": model},
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("predictions"))
    world.bill(
        [
            # AWS changed the unit on the fifteenth.
            tokens("input-tokens", 2000.0, "1K tokens", 6.0),
            tokens("input-tokens", 2.0, "1M tokens", 6.0, at="2026-10-15T14:00:00"),
            tokens("cache-read-input-token-count", 1000.0, "1K tokens", 0.3),
            tokens("cache-write-input-token-count", 1.0, "Units", 3.75),
            sagemaker("Host:ml.m5.large", "endpoint/churn", 3.0),
            requests("AWSLambda", "Request", FUNCTION, 9000.0, 1.0, "churn"),
            requests("AmazonApiGateway", "USE1-ApiGatewayRequest", f"{API}/stages/prod", 9500.0, 1.0, "churn"),
            sagemaker("Tsform:ml.m5.large", "transform-job/nightly", 5.0, resource_tags={"user_model": "batch"}),
        ]
    )
    world.land(
        *served("churn", "churn"), invocations("churn", "churn", 1500.0),
        record("lambda:GetFunction", FUNCTION, {"Configuration": {
            "FunctionName": "ask", "FunctionArn": FUNCTION, "Environment": {"Variables": {"ENDPOINT_NAME": "churn"}},
        }}),
        record("apigateway:GetRestApis", API, {"id": "x1", "name": "front", "createdDate": "2026-10-01T00:00:00Z"}),
    )  # fmt: skip
    world.refresh()
    return world


def report(world: World, name: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(
        cli, ["report", name, "--format", "json", "--config", str(world.folder / "mlcost.yaml")], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


def test_a_request_counts_once_by_what_answers_it(world: World) -> None:
    rows = world.query(
        "SELECT model, requests, requests_counted_by, is_counted_in_front FROM unit_costs"
        " WHERE requests IS NOT NULL ORDER BY model"
    )
    assert rows == [("churn", 1500, "AWS/SageMaker Invocations", False)]


def test_thousands_and_millions_of_tokens_are_what_their_unit_says(world: World) -> None:
    rows = world.query(
        "SELECT direction, pricing_unit, tokens, cost_per_million, tokens_unknown_because IS NULL FROM token_costs"
        " ORDER BY charge_date, direction"
    )
    assert rows == [
        ("cache read", "1000 Tokens", 1_000_000, Decimal("0.3"), True),
        ("cache write", "Units", None, None, False),
        ("input", "1000 Tokens", 2_000_000, 3, True),
        ("input", "1000000 Tokens", 2_000_000, 3, True),
    ]


def test_the_report_prints_a_month_of_each_model(world: World) -> None:
    rows = {str(row["model"]): row for row in report(world, "unit-costs")}
    assert (rows["churn"]["requests"], rows["churn"]["per_1000"]) == (1500, "2.6666666666")
    assert Decimal(str(rows["chat"]["tokens"])) == 5_000_000
    assert Decimal(str(rows["chat"]["per_1m_tokens"])) == Decimal("2.46")
    assert rows["batch"]["per_1000"] is None


def test_the_gaps_say_what_nobody_counts_and_what_would_tell(world: World) -> None:
    found = {
        (row["model"], row["served_by"], row["would_be_told_by"], Decimal(str(row["cost"])))
        for row in report(world, "unit-gaps")
    }
    assert found == {
        ("batch", "batch transform", "own metric (Sum) with the dimension TransformJobName", 5),
        ("chat", "Bedrock", "cloudwatch:GetMetricData, AWS/Bedrock Invocations (Sum) by ModelId", Decimal("3.75")),
    }


def test_the_check_names_the_largest_gap_below_half(tmp_path_factory: pytest.TempPathFactory, world: World) -> None:
    said = "SELECT passed, description FROM data_quality WHERE check_name = 'volume_is_known'"
    ((passed, description),) = world.query(said)
    assert passed
    assert "of the serving cost in USD has a known volume" in description
    dark = World(tmp_path_factory.mktemp("dark"))
    dark.bill(
        [
            sagemaker("Host:ml.m5.large", "endpoint/churn", 3.0),
            sagemaker("Tsform:ml.m5.large", "transform-job/nightly", 9.0, resource_tags={"user_model": "batch"}),
        ]
    )
    dark.land(*served("churn", "churn"), invocations("churn", "churn", 1500.0))
    dark.refresh()
    ((passed, description),) = dark.query(said)
    assert not passed
    assert "25% of the serving cost" in description
    assert "batch transform of batch" in description


_AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=10)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), _AMOUNTS, _AMOUNTS), min_size=1, max_size=6))
def test_tokens_and_costs_of_the_models_sum_to_those_of_the_bill(
    parts: list[tuple[str | None, Decimal, Decimal]],
) -> None:
    same = {
        "charge_date": "2026-10-05", "export_name": "payer", "account_id": "1", "region_id": "r", "operation": "o",
        "service_code": "AmazonBedrock", "usage_type": "USE1-Nova-input-tokens", "resource_id": "",
    }  # fmt: skip
    charged = same | {
        "billing_period": "2026-10", "stage": "inference", "service_name": "Amazon Bedrock", "billing_currency": "USD",
        "billed_cost": 0, "list_cost": 0,
    }  # fmt: skip
    used = sum((quantity for _, quantity, _ in parts), Decimal(0))
    rows = {
        "attributed_costs": [
            charged | {"model": model, "usage_quantity": quantity, "effective_cost": cost}
            for model, quantity, cost in parts
        ],
        "billed_volumes": [same | {"what": "token", "quantity": used, "volume": used * 1000, "each": 1000}],
    }
    sql = (PACKAGE / "reports/units/token_costs.sql").read_text(encoding="utf-8")
    with holding(sql, rows) as connection:
        found = run(connection, f"SELECT sum(tokens), sum(effective_cost) FROM ({sql})", PARAMETERS).fetchone()
    assert found == (used * 1000, sum((cost for *_, cost in parts), Decimal(0)))
