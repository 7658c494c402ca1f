"""What it costs right now: estimated before the bill, settled by it, and never counted with it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, holding
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CHURN: Row = {"resource_tags": {"user_model": "churn", "user_team": "growth"}}


def day_of_bill(day: int, price: float = 2.0) -> list[Row]:
    """An endpoint by the hour, and tokens that no record tells, at four a day."""
    at = [f"2026-10-{day:02}T{hour:02}:00:00" for hour in range(24)]
    tokens = charge(
        cost=4.0, at=at[12], line_item_product_code="AmazonBedrock", product_servicecode="AmazonBedrock",
        line_item_usage_type="USE1-Nova-pro-input-tokens", line_item_resource_id="",
        product={"product_name": "Amazon Bedrock"},
    )  # fmt: skip
    return [*(sagemaker("Host:ml.m5.large", "endpoint/churn", price, at=hour, **CHURN) for hour in at), tokens]


def endpoint(name: str, created: str, seen: str) -> list[Record]:
    begun = {"CreationTime": created}
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    stated = {"EndpointName": name, "EndpointConfigName": name, "EndpointStatus": "InService"}
    configured = {"EndpointConfigName": name, "ProductionVariants": [variant]}
    return [
        record("sagemaker:DescribeEndpoint", arn(f"endpoint/{name}"), begun | stated, at=seen),
        record("sagemaker:DescribeEndpointConfig", arn(f"endpoint-config/{name}"), begun | configured, at=seen),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The bill is whole until the 4th, has a little of the 5th, and everything was looked at on the 6th at six."""
    world = World(tmp_path_factory.mktemp("live"))
    world.bill([*day_of_bill(3), *day_of_bill(4), *day_of_bill(5)[:3]], execution="first")
    world.land(
        *endpoint("churn", "2026-09-01T00:00:00Z", "2026-10-06T06:00:00Z"),
        *endpoint("young", "2026-10-06T04:30:00Z", "2026-10-06T06:00:00Z"),
    )
    world.refresh()
    return world


def report(world: World, *arguments: str) -> str:
    shown = CliRunner().invoke(
        cli, ["report", *arguments, "--format", "csv", "--config", str(world.folder / "mlcost.yaml")]
    )
    assert shown.exit_code == 0, shown.output
    return str(shown.stdout)


def test_the_estimate_is_settled_by_the_bill(world: World) -> None:
    told = "SELECT family, basis, count(DISTINCT hour), min(hour), sum(estimated_cost) FROM live_costs GROUP BY ALL ORDER BY ALL"
    fifth, four = datetime(2026, 10, 5), datetime(2026, 10, 6, 4)
    assert world.query(told) == [
        # 30 hours of the 5th and 6th at its own price, half an hour and one of the new one on two machines, tokens.
        ("by use", "pattern of the last days", 30, fifth, Decimal("4.9999999980")),
        ("endpoint", "own rate", 30, fifth, Decimal(60)),
        ("endpoint", "same instance type", 2, four, Decimal(6)),
    ]
    owned = "SELECT DISTINCT model, team FROM live_costs WHERE basis = 'own rate'"
    assert world.query(owned) == [("churn", "growth")]
    assert world.query("SELECT count(*) FROM live_accuracy") == [(0,)]
    heads, first, *_ = [line.split(",") for line in report(world, "live", "--model", "churn").splitlines()]
    shown = dict(zip(heads, first, strict=True))
    # Three hours of the 5th are billed, and count as estimated only.
    assert (Decimal(shown["billed_cost"]), Decimal(shown["estimated_cost"])) == (96, 60)
    assert Decimal(shown["last_hour_cost"]) == 2
    assert shown["billed_until"].startswith("2026-10-05")
    assert shown["basis"] == "own rate"

    # The same again says the same, whatever the time.
    before = world.query("FROM live_costs ORDER BY ALL")
    world.refresh()
    assert world.query("FROM live_costs ORDER BY ALL") == before

    # The 5th cost half as much again as was thought; of the 6th nothing is whole.
    world.bill(
        [row for day in (3, 4) for row in day_of_bill(day)] + day_of_bill(5, 3.0) + day_of_bill(6)[:2],
        execution="second",
    )
    world.refresh()
    settled = """
        SELECT day, service_code, estimated_from, estimated_until, estimated_cost, billed_cost, error
        FROM live_accuracy ORDER BY service_code
    """
    whole = (date(2026, 10, 5), fifth, datetime(2026, 10, 6))
    expected = [
        (whole[0], "AmazonBedrock", *whole[1:], Decimal("3.9999999984"), Decimal(4), Decimal("-0.0000000016")),
        (whole[0], "AmazonSageMaker", *whole[1:], Decimal(48), Decimal(72), Decimal(-24)),
    ]
    assert world.query(settled) == expected
    assert world.query("SELECT min(hour) FROM live_costs") == [(datetime(2026, 10, 6),)]
    assert "2026-10-05,AmazonSageMaker" in report(world, "live-accuracy")

    # Nothing is settled twice, and nothing that was is lost.
    world.refresh(everything=True)
    assert world.query(settled) == expected
    checks = "SELECT DISTINCT passed FROM data_quality WHERE check_name IN ('live_is_not_billed', 'live_is_positive')"
    assert world.query(checks) == [(True,)]


LIVE = (PACKAGE / "reports" / "live" / "live_costs.sql").read_text(encoding="utf-8")
QUANTUM = Decimal("0.0000000001")
parts = st.lists(st.integers(0, 10**14).map(lambda quanta: quanta * QUANTUM), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(parts, st.integers(1, 7 * 86400), st.integers(1, 3 * 3600))
def test_the_parts_of_owners_sum_to_what_the_hour_costs(costs: list[Decimal], ran: int, runs: int) -> None:
    ends = datetime(2026, 10, 29)
    same: dict[str, Any] = {
        "billing_period": "2026-10", "billing_account_id": "p", "account_id": "a", "region_id": "us-east-1",
        "service_code": "AmazonEC2", "charge_category": "Usage", "usage_type": "BoxUsage:m5.large",
        "billing_currency": "USD", "usage_quantity": 1, "resource_id": "i-0000000000000001", "charge_date": "2026-10-28",
    }  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {
        "live_bill": [
            {"billing_account_id": "p", "billed_until": ends, "first_day": "2026-10-01", "days": 28}
            | {"as_of": ends + timedelta(seconds=runs)}
        ],
        "billed_things": [{"billing_account_id": "p", "account_id": "a", "last_date": "2026-10-28"}],
        "live_states": [
            {
                "resource_key": "i-0000000000000001", "account_id": "a", "region": "us-east-1", "family": "instance",
                "starts": ends - timedelta(seconds=ran), "known_from": ends - timedelta(seconds=ran),
                "ends": datetime(9999, 12, 31), "runs": True, "is_unseen": False, "machines": 1, "is_spot": False,
            }
        ],
        "attributed_costs": [
            same | {"effective_cost": cost, "team": f"team-{number}" if number else None}
            for number, cost in enumerate(costs)
        ],
    }  # fmt: skip
    with holding(LIVE, rows) as connection:
        found = run(connection, f"SELECT hour, sum(estimated_cost), min(estimated_cost) FROM ({LIVE}) GROUP BY ALL")
        hours = {hour: (total, least) for hour, total, least in found.fetchall()}
    quanta = int(sum(costs) / QUANTUM)
    for hour, (total, least) in hours.items():
        seconds = min(3600, runs - int((hour - ends).total_seconds()))
        assert total == quanta * seconds // ran * QUANTUM
        assert least >= 0
    assert len(hours) == -(-runs // 3600)
