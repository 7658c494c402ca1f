"""`resources`: a row a life, with its cost so far; and what the bill names that metadata never knew."""

from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record


def endpoint(created: str, at: str) -> Record:
    return record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn", "CreationTime": created}, at=at)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An endpoint that was deleted and made again on the 15th, and resources of which no record tells."""
    world = World(tmp_path_factory.mktemp("resources"))
    hosting = [
        sagemaker("Host:ml.m5.large", "endpoint/churn", cost, at=f"2026-10-{day:02}T14:00:00")
        for day, cost in ((5, 10.0), (14, 20.0), (15, 40.0), (20, 80.0))
    ]
    world.bill([*hosting, sagemaker("Train:ml.m5.large", "training-job/ghost", 50.0), charge(cost=7.0, line_item_resource_id="i-0fed")])  # fmt: skip
    world.land(
        endpoint("2026-10-04T00:00:00Z", at="2026-10-06T00:00:00Z"),
        endpoint("2026-10-04T00:00:00Z", at="2026-10-07T00:00:00Z"),
        endpoint("2026-10-15T00:00:00Z", at="2026-10-16T00:00:00Z"),
    )
    world.refresh()
    return world


def test_each_life_has_its_own_time_and_cost(world: World) -> None:
    columns = "life, kind, account_id, region, name, created_at, ended_at, first_seen_at, last_seen_at, first_billed, last_billed, effective_cost"
    rows: list[tuple[Any, ...]] = world.query(
        f"SELECT {columns} FROM resources WHERE resource_key = $key ORDER BY life", key=arn("endpoint/churn")
    )
    kind = ("sagemaker:DescribeEndpoint", "222222222222", "us-east-1", "churn")
    assert [tuple(None if value is None else str(value) for value in row) for row in rows] == [
        ("1", *kind, "2026-10-04 00:00:00", "2026-10-15 00:00:00", "2026-10-06 00:00:00", "2026-10-07 00:00:00", "2026-10-05", "2026-10-14", "30.0000000000"),
        ("2", *kind, "2026-10-15 00:00:00", None, "2026-10-16 00:00:00", "2026-10-16 00:00:00", "2026-10-15", "2026-10-20", "120.0000000000"),
    ]  # fmt: skip


def test_what_only_the_bill_knows_is_there_and_nothing_is_counted_twice(world: World) -> None:
    assert world.query("SELECT kind, effective_cost FROM resources WHERE resource_key = $key", key=arn("training-job/ghost")) == [(None, Decimal(50))]  # fmt: skip
    assert world.query("SELECT sum(effective_cost) FROM resources") == [(Decimal(207),)]


def test_what_metadata_never_knew_is_told_by_service_with_its_cost(world: World) -> None:
    ((passed, severity, said),) = world.query(
        "SELECT passed, severity, description FROM data_quality WHERE check_name = 'billed_resources_are_seen'"
    )
    assert (passed, severity) == (False, "WARN")
    assert said == (
        "metadata never knew 25.0% of the ML cost of 2026-10 that names a resource;"
        " resources by service: AmazonSageMaker 1 (50.00)"
    )
