"""What would be saved: from the bill and the landing zone to `mlcost report scenarios` and `mlcost whatif`."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.errors import MlcostError
from mlcost_assets_tests.exports import Row, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

HOURS = [f"2026-10-30T{hour:02}:00:00" for hour in range(24)] + [f"2026-10-31T{hour:02}:00:00" for hour in range(24)]


def hosted(endpoint: str, type_: str, rate: float, *, tags: dict[str, str], usage: str = "Host") -> Iterator[Row]:
    """Two days, a Friday and a Saturday, of one instance at list price."""
    for hour in HOURS:
        yield sagemaker(
            f"{usage}:{type_}", endpoint, rate, at=hour, pricing_public_on_demand_rate=rate, resource_tags=tags
        )


def requested(endpoint: str, by_hour: dict[str, float], metric: str = "Invocations", stat: str = "Sum") -> Record:
    body = {
        "Namespace": "AWS/SageMaker", "MetricName": metric, "Stat": stat, "Period": 3600,
        "Dimensions": {"EndpointName": endpoint, "VariantName": "a"},
        "Timestamps": [f"{hour}Z" for hour in by_hour], "Values": list(by_hour.values()),
    }  # fmt: skip
    return record("cloudwatch:GetMetricData", f"{metric}/{endpoint}", body, at="2026-11-01T06:00:00Z")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("whatif"))
    dev = {"user_model": "churn", "user_environment": "dev", "user_team": "risk"}
    live = {"user_model": "ranker", "user_environment": "prod", "user_team": "ads"}
    world.bill(
        [
            *hosted("endpoint/churn", "ml.m5.large", 0.5, tags=dev),
            *hosted("endpoint/ranker-live", "ml.g5.xlarge", 281.25, tags=live),
            sagemaker("Host:VolumeUsage.gp2", "endpoint/ranker-live", 500.0, at=HOURS[-1], resource_tags=live),
            sagemaker(
                "ServerlessInf:Mem-2GB", "endpoint/other", 0.0004, at=HOURS[-1], line_item_usage_amount=10.0,
                pricing_public_on_demand_rate=0.00004, resource_tags=dev,
            ),
        ]
    )  # fmt: skip
    world.land(
        requested("churn", {"2026-10-30T09:00:00": 60, "2026-10-30T20:00:00": 40, "2026-10-31T09:00:00": 10}),
        requested(
            "churn", {"2026-10-30T09:00:00": 200000, "2026-10-30T20:00:00": 200000, "2026-10-31T09:00:00": 200000},
            "ModelLatency", "Average",
        ),
    )  # fmt: skip
    world.refresh()
    return world


def scenario(world: World, resource: str, name: str) -> dict[str, Any]:
    (row,) = world.dicts(
        "SELECT * FROM scenarios WHERE resource_key = $key AND scenario = $name",
        key=arn(f"endpoint/{resource}"),
        name=name,
    )
    return row


def answered(world: World, *arguments: str) -> list[dict[str, Any]]:
    config = ["--config", str(world.folder / "mlcost.yaml"), "--format", "json"]
    done = CliRunner().invoke(cli, [*arguments, *config], catch_exceptions=False)
    return list(json.loads(done.stdout))


def refused(world: World, *arguments: str) -> str:
    with pytest.raises(MlcostError) as failure:
        answered(world, "whatif", *arguments)
    return str(failure.value)


def test_a_schedule_saves_what_is_outside_working_hours_and_refuses_who_asks_then(world: World) -> None:
    found = scenario(world, "churn", "schedule")
    assert (found["current_cost"], found["cost_expected"], found["saving_expected"]) == (24, 5, 19)
    assert (found["cost_high"], found["failed_requests"], found["basis"]) == (6, 50, "measured")
    assert (found["model"], found["team"], found["environment"]) == ("churn", "risk", "dev")


def test_serverless_is_its_seconds_at_the_billed_price(world: World) -> None:
    found = scenario(world, "churn", "serverless")
    # 110 requests of 0.2 seconds; 1 GB at half the price of 2 GB, 6 GB at three times.
    assert (found["cost_low"], found["cost_expected"]) == (Decimal("0.00044"), Decimal("0.00264"))
    assert (found["basis"], found["delayed_requests"]) == ("ratio", 3)


def test_production_and_accelerators_are_refused_with_the_reason(world: World) -> None:
    assert "production" in scenario(world, "ranker-live", "schedule")["refused_because"]
    gpu = scenario(world, "ranker-live", "serverless")
    assert "CPUs only" in gpu["refused_because"]
    assert (gpu["cost_expected"], gpu["saving_expected"], gpu["rank"]) == (None, None, None)


def test_a_distilled_model_takes_14000_to_3200_a_month(world: World) -> None:
    """The documented example: 13,500 of it are machines, for a model of a fifth of the size; the disk of 500 stays."""
    (row,) = answered(world, "whatif", "ranker", "--to", "distilled", "--size-ratio", "0.2", "--one-off", "5400")
    assert (Decimal(row["current_cost"]), Decimal(row["cost_expected"])) == (14000, 3200)
    assert (Decimal(row["saving_low"]), row["months_to_pay_back"], row["basis"]) == (0, 0.5, "ratio")
    assert {"what": "time that it takes for a request", "value": "not told", "source": "option"} in row["assumptions"]


def test_the_best_case_is_never_dearer_than_the_worst_and_savings_are_what_is_left(world: World) -> None:
    rows = world.dicts("SELECT * FROM scenarios WHERE refused_because IS NULL")
    assert {row["scenario"] for row in rows} == {"schedule", "serverless", "async", "batch"}
    for row in rows:
        assert row["cost_low"] <= row["cost_expected"] <= row["cost_high"], row
        assert row["saving_expected"] + row["cost_expected"] == row["current_cost"]
        assert row["assumptions"], row


def test_another_type_costs_what_the_bill_or_the_user_says(world: World) -> None:
    (row,) = answered(world, "whatif", "ranker-live", "--to", "instance-type=ml.m5.large")
    assert Decimal(row["cost_expected"]) == 48 * Decimal("0.5") + 500
    (row,) = answered(world, "whatif", "ranker", "--to", "instance-type=ml.x9.large", "--rate", "1.25")
    assert Decimal(row["cost_expected"]) == 560


def test_the_report_lists_them_by_model(world: World) -> None:
    rows = answered(world, "report", "scenarios", "--model", "churn", "--period", "2026-10")
    assert {row["model"] for row in rows} == {"churn"}
    assert rows[0]["saving_expected"] == max(
        (row["saving_expected"] or "" for row in rows), key=lambda one: Decimal(one or 0)
    )
    assert {"schedule", "serverless", "spot"} <= {row["scenario"] for row in rows}


def test_the_table_for_people_has_what_is_assumed(world: World) -> None:
    done = CliRunner().invoke(cli, ["whatif", "churn", "--config", str(world.folder / "mlcost.yaml")])
    assert "working hours: Monday to Friday, 8 to 18 o'clock, UTC (option)" in done.stdout
    assert "not spot: this bill has no Spot charge in us-east-1 that tells a price" in done.stdout


def test_what_cannot_be_answered_is_said_in_one_line(world: World) -> None:
    no_such = "No endpoint, notebook or model is called"
    assert refused(world, "ranker-liev") == f"{no_such} 'ranker-liev'. Near it: ranker-live, ranker."
    assert refused(world, "rankr") == f"{no_such} 'rankr'. Near it: ranker, ranker-live."
    assert refused(world, "ranker", "--to", "autoscaling") == (
        "ranker cannot be autoscaling: ranker-live: no request of it was measured (CloudWatch Invocations by the hour)."
    )
    assert "what Host:ml.x9.large costs in us-east-1" in refused(world, "churn", "--to", "instance-type=ml.x9.large")
    assert refused(world, "churn", "--to", "serverles").startswith(
        "No scenario is called 'serverles'. Near it: serverless"
    )
    assert refused(world, "churn", "--to", "distilled") == "--to distilled needs --size-ratio or --latency-ratio"
    assert refused(world, "churn", "--hours", "9") == "--hours 9: write the first and the last hour, such as 8-18"
    assert refused(world, "churn", "--size-ratio", "2") == "--size-ratio 2: above 0, and 1 at most"
    assert refused(world, "churn", "--time-zone", "Mars").startswith("--time-zone Mars: no such time zone")


def test_every_dated_price_has_its_day_and_its_source() -> None:
    import csv

    import mlcost_assets.reports.whatif as room

    with (Path(room.__file__).parent / "prices.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["region_id"], row["usage"], row["currency"]) for row in rows}) == len(rows)
    assert all(Decimal(row["price"]) > 0 and row["priced_on"] and row["source"] for row in rows)
