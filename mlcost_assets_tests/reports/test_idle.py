"""What runs for nobody, from the landing zone and the bill to `mlcost report idle` and its check."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(12)]
NOW = "2026-10-13T06:00:00Z"


def endpoint(name: str, tags: dict[str, str] | None = None) -> Record:
    body = {
        "EndpointName": name, "EndpointConfigName": name, "EndpointStatus": "InService",
        "CreationTime": "2026-09-01T00:00:00Z", "ProductionVariants": [{"VariantName": "v", "CurrentInstanceCount": 1}],
    }  # fmt: skip
    return record("sagemaker:DescribeEndpoint", arn(f"endpoint/{name}"), body, at=NOW, tags=tags)


def calls(name: str, *, until: int, account: str | None = None) -> list[Record]:
    """A call an hour at ten in the morning of each of the first `until` days; nothing is told of the days after."""
    return [
        record(
            "cloudwatch:GetMetricData",
            f"AWS/SageMaker/Invocations/{name}/{day}",
            {
                "Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Stat": "Sum", "Period": 3600,
                "Dimensions": {"EndpointName": name, "VariantName": "v"},
                "Timestamps": [f"{day}T10:00:00Z"], "Values": [5.0],
            },
            at=NOW,
            account=account or ACCOUNT,
        )
        for day in DAYS[:until]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("idle"))
    served = {"busy": 12, "quiet": 3, "spare": 3, "never": 0}
    hosting = [
        sagemaker(
            "Host:ml.m5.large", f"endpoint/{name}", 2.0, at=f"{day}T14:00:00", resource_tags={"user_team": "risk"}
        )
        for name in served
        for day in DAYS
    ]
    disk = [
        charge(cost=1.0, line_item_resource_id="vol-0123456789abcdef0", line_item_usage_type="EBS:VolumeUsage.gp3",
               line_item_operation="CreateVolume-Gp3", at=f"{day}T14:00:00")
        for day in DAYS
    ]  # fmt: skip
    world.bill([*hosting, *disk])
    volume = {
        "VolumeId": "vol-0123456789abcdef0",
        "State": "available",
        "Attachments": [],
        "CreateTime": "2026-09-01T00:00:00Z",
    }
    world.land(
        *(endpoint(name, {"purpose": "disaster recovery"} if name == "spare" else None) for name in served),
        *(one for name, until in served.items() for one in calls(name, until=until)),
        # Elsewhere nobody asked CloudWatch.
        record("sagemaker:DescribeEndpoint", arn("endpoint/dark", "333333333333"),
               endpoint("dark")["body"], at=NOW, account="333333333333"),
        record("ec2:DescribeVolumes", "vol-0123456789abcdef0", volume, at="2026-10-02T06:00:00Z"),
        record("ec2:DescribeVolumes", "vol-0123456789abcdef0", volume, at=NOW),
    )  # fmt: skip
    world.refresh()
    return world


def reported(world: World, *options: str) -> list[dict[str, str]]:
    result = mlcost(
        "report", "idle", "--format", "json", "--config", str(world.folder / "mlcost.yaml"), *options, cwd=world.folder
    )
    assert result.returncode == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


def test_what_is_idle_stands_in_the_order_of_its_cost_and_what_waits_on_purpose_last(world: World) -> None:
    assert [(row["kind"], row["resource"]) for row in reported(world)] == [
        ("endpoint", "never"), ("endpoint", "quiet"), ("volume", "vol-0123456789abcdef0"), ("endpoint", "spare"),
    ]  # fmt: skip


def test_an_endpoint_costs_since_its_last_call_and_by_the_month(world: World) -> None:
    (row,) = (one for one in reported(world, "--team", "risk") if one["resource"] == "quiet")
    # Nine days since 2026-10-03, and two dollars a day.
    assert (row["since"], Decimal(row["cost_so_far"]), Decimal(row["cost_per_month"])) == (
        "2026-10-03", 18, Decimal("60.875")
    )  # fmt: skip
    assert row["evidence"] == (
        "CloudWatch has calls of others of its account and region, and none of it on 9 full days to 2026-10-12."
    )
    assert row["how_to_stop"].endswith("""--cli-input-json '{"EndpointName":"quiet"}'""")
    file, _, line = row["source"].rpartition(":")
    assert json.loads((world.metadata / file).read_text().splitlines()[int(line) - 1])["body"]["Dimensions"] == {
        "EndpointName": "quiet", "VariantName": "v",
    }  # fmt: skip


def test_where_calls_are_not_collected_nothing_is_said_to_be_idle(world: World) -> None:
    assert world.query("SELECT count(*) FROM idle_resources WHERE resource_key LIKE '%dark'") == [(0,)]


def test_what_waits_on_purpose_saves_nothing_and_says_why(world: World) -> None:
    sql = (
        "SELECT by_design, by_design_because, saved_per_month, cost_per_month FROM idle_resources WHERE name = 'spare'"
    )
    assert world.query(sql) == [(True, "Its name or a tag says disaster-recovery.", None, Decimal("60.875"))]


def test_no_idle_resource_costs_more_than_its_bill(world: World) -> None:
    sql = """
        SELECT count(*) FROM idle_resources
        WHERE cost_so_far > (
            SELECT sum(effective_cost) FROM attributed_costs
            WHERE lower(attributed_costs.resource_id) = idle_resources.resource_key)
    """
    assert world.query(sql) == [(0,)]


def test_the_check_says_how_much_a_month_runs_for_nobody(world: World) -> None:
    ((passed, severity, said),) = world.query(
        "SELECT passed, severity, description FROM data_quality WHERE check_name = 'idle_spend'"
    )
    assert (passed, severity) == (False, "WARN")
    assert said.startswith(
        "152.19 USD a month run for nobody, in 3 resources. Largest: endpoint never of risk (60.88 USD);"
    )


def test_without_anything_idle_the_check_passes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/busy", 2.0)])
    world.land(endpoint("busy"), *calls("busy", until=12))
    world.refresh()
    assert world.query("SELECT passed, description FROM data_quality WHERE check_name = 'idle_spend'") == [
        (True, "nothing that costs is known to run for nobody")
    ]
    assert reported(world) == []
