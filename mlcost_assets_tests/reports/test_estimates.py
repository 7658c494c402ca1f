"""Whether the gateway's estimate matches the bill: from records of LiteLLM and OpenTelemetry and a bill of Bedrock."""

import json
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets_tests.exports import Row, charge
from mlcost_assets_tests.world import Record, World, record

SONNET = "bedrock/us.anthropic.claude-3-5-sonnet-20240620-v1:0"


def tokens(usage: str, thousands: float, price: float, *, discount: float = 0.0, model: str = "helpdesk") -> Row:
    """A row of Bedrock: `thousands` of tokens at `price` a thousand, less `discount`."""
    listed = thousands * price
    return charge(
        cost=listed * (1 - discount),
        line_item_product_code="AmazonBedrock",
        product_servicecode="AmazonBedrock",
        line_item_usage_type=f"USE1-{usage}",
        line_item_operation="InvokeModelInference",
        line_item_resource_id="",
        line_item_usage_amount=thousands,
        pricing_unit="1K tokens",
        pricing_public_on_demand_cost=listed,
        product={"product_name": "Amazon Bedrock"},
        resource_tags={"user_model": model, "user_team": "support"},
    )


def spend(id_: str, user: str, prompt: int, completion: int, cost: float, **more: Any) -> Record:
    """A row of LiteLLM_SpendLogs."""
    body = {
        "request_id": id_, "call_type": "acompletion", "startTime": "2026-10-05T10:00:00Z", "model": SONNET, "user": user,
        "model_group": "claude", "custom_llm_provider": "bedrock", "cache_hit": "False", "status": "success", "spend": cost,
        "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
        "team_id": "t-1", "metadata": {"user_api_key_alias": "helpdesk", "user_api_key_team_alias": "support"},
    }  # fmt: skip
    return record("litellm:SpendLog", id_, body | more, at="2026-10-06T06:00:00Z")


def span(id_: str, prompt: int, completion: int, *more: tuple[str, Any]) -> Record:
    """A span as OTLP/JSON has it."""
    told = [
        ("gen_ai.provider.name", {"stringValue": "aws.bedrock"}), ("gen_ai.operation.name", {"stringValue": "chat"}),
        ("gen_ai.request.model", {"stringValue": "anthropic.claude-3-5-sonnet-20240620-v1:0"}),
        ("gen_ai.usage.input_tokens", {"intValue": str(prompt)}),
        ("gen_ai.usage.output_tokens", {"intValue": str(completion)}), *more,
    ]  # fmt: skip
    body = {
        "name": "chat", "startTimeUnixNano": "1791194400000000000",
        "attributes": [{"key": key, "value": value} for key, value in told],
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "helpdesk"}}]},
    }  # fmt: skip
    return record("otel:Span", id_, body, at="2026-10-06T06:00:00Z")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("estimates"))
    world.rules("workloads:\n  - {model: helpdesk, team: support}\n")
    # At list price 0.003 and 0.015 a thousand; a tenth is off.
    world.bill(
        [
            tokens("Claude3.5Sonnet-input-tokens", 1000, 0.003, discount=0.1),
            tokens("Claude3.5Sonnet-output-tokens", 200, 0.015, discount=0.1),
            tokens("NovaLite-input-tokens", 500, 0.001, model="ranking"),
        ]
    )
    world.land(
        spend("a", "ann", 600_000, 100_000, 3.3),
        spend("a", "ann", 600_000, 100_000, 3.3),  # landed twice
        spend("b", "bob", 200_000, 40_000, 2.4),
        spend("c", "bob", 100_000, 0, 0.3, status="failure"),
        spend("d", "bob", 300_000, 50_000, 0.0, cache_hit="True"),
        spend("e", "eve", 1000, 1000, 1.0, model="gpt-4o", custom_llm_provider="openai"),
        span("s1", 900_000, 150_000),
        span("s2", 50_000, 0, ("error.type", {"stringValue": "ThrottlingException"})),
    )
    world.refresh()
    return world


PARTS = "estimated_cost, effective_cost, difference, missing_calls, retries, cache_tokens, price, discount, rest"


def test_the_difference_of_each_caller_is_taken_apart(world: World) -> None:
    sql = f"SELECT principal, model, team, calls, failed_calls, gateway_answers, {PARTS} FROM estimate_vs_bill WHERE source = 'litellm' AND match_level = 'model' ORDER BY principal"
    ann, bob = world.query(sql)
    # 1.8 and 1.5 at list price, as estimated.
    assert ann == (
        "ann",
        "helpdesk",
        "support",
        1,
        0,
        0,
        Decimal("3.3"),
        Decimal("2.97"),
        Decimal("0.33"),
        None,
        0,
        0,
        0,
        Decimal("0.33"),
        0,
    )
    # 0.6 and 0.6 at list price, estimated at twice that; and 0.3 for a call that failed.
    assert bob == (
        "bob",
        "helpdesk",
        "support",
        3,
        1,
        1,
        Decimal("2.7"),
        Decimal("1.08"),
        Decimal("1.62"),
        None,
        Decimal("0.3"),
        0,
        Decimal("1.2"),
        Decimal("0.12"),
        0,
    )


def test_what_the_gateway_has_not_seen_is_a_row_and_its_failed_calls_are_retries(world: World) -> None:
    sql = f"SELECT foundation_model, model, billed_input_tokens, billed_output_tokens, {PARTS} FROM estimate_vs_bill WHERE source = 'litellm' AND NOT is_seen ORDER BY 1"
    sonnet, nova = world.query(sql)
    # Of 200,000 input tokens 100,000 are those of the failed call; 60,000 output tokens.
    assert sonnet == (
        "Claude3.5Sonnet",
        "helpdesk",
        200_000,
        60_000,
        0,
        Decimal("1.35"),
        Decimal("-1.35"),
        Decimal("-1.2"),
        Decimal("-0.3"),
        None,
        None,
        Decimal("0.15"),
        0,
    )
    assert nova[:2] == ("NovaLite", "ranking")
    assert nova[6:8] == (Decimal("-0.5"), Decimal("-0.5"))


def test_what_aws_does_not_bill_is_kept_and_says_so(world: World) -> None:
    sql = "SELECT principal, estimated_cost, effective_cost, difference, unmatched_because FROM estimate_vs_bill WHERE unmatched_because IS NOT NULL"
    assert world.query(sql) == [("eve", 1, None, None, "answered by openai, which is not on this bill")]


def test_spans_tell_tokens_and_no_cost(world: World) -> None:
    sql = f"SELECT is_seen, principal, calls, failed_calls, input_tokens, billed_input_tokens, {PARTS} FROM estimate_vs_bill WHERE source = 'otel' AND foundation_model = 'Claude3.5Sonnet' ORDER BY is_seen"
    unseen, seen = world.query(sql)
    assert seen[:6] == (True, "helpdesk", 2, 1, 900_000, 900_000)
    assert seen[6:] == (None, Decimal("4.455"), None, None, None, None, None, Decimal("0.495"), None)
    assert unseen[5] == 100_000
    assert unseen[9:11] == (Decimal("-0.9"), Decimal("-0.15"))  # the throttled call's tokens were billed


def test_the_rows_of_a_source_are_the_bill_of_its_day(world: World) -> None:
    sql = "SELECT source, sum(effective_cost), sum(list_cost) FROM estimate_vs_bill GROUP BY ALL ORDER BY ALL"
    assert world.query(sql) == [("litellm", Decimal("5.9"), Decimal("6.5")), ("otel", Decimal("5.9"), Decimal("6.5"))]
    assert world.query("SELECT sum(effective_cost) FROM token_costs") == [(Decimal("5.9"),)]
    check = "SELECT passed, description FROM data_quality WHERE check_name = 'estimates_tie_out'"
    assert world.query(check) == [
        (True, "every difference is the sum of its parts, and every day the bill of its tokens")
    ]


def test_records_of_calls_make_no_history(world: World) -> None:
    assert world.query("SELECT count(*) FROM resource_history WHERE kind IN ('litellm:SpendLog', 'otel:Span')") == [
        (0,)
    ]


def test_the_report_adds_up_and_narrows(world: World) -> None:
    def answered(*more: str) -> list[dict[str, Any]]:
        options = ["--period", "2026-10", "--format", "json", "--config", str(world.folder / "mlcost.yaml")]
        done = CliRunner().invoke(cli, ["report", "estimates", *options, *more])
        assert done.exit_code == 0, done.output
        return list(json.loads(done.stdout))

    rows = answered("--model", "helpdesk", "--team", "support")
    assert {row["model"] for row in rows} == {"helpdesk"}
    (litellm,) = [row for row in rows if row["source"] == "litellm" and not row["because"]]
    assert (Decimal(litellm["estimated"]), Decimal(litellm["difference"])) == (6, Decimal("1.95"))
    assert {row["because"] for row in answered()} >= {"answered by openai, which is not on this bill"}
