"""Why costs change: parts that sum to the change of any bill, months that are made again, and what `mlcost why` says."""

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, PARAMETERS, holding
from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import Row, sagemaker
from mlcost_assets_tests.world import World, arn, record

ROOM = PACKAGE / "reports" / "drivers"
DRIVERS, CHECK = ((ROOM / f"{name}.sql").read_text(encoding="utf-8") for name in ("cost_drivers", "untied_drivers"))
SCOPES = ("model", "team", "environment")
KEY = ("service_code", "resource_id", "usage_type", "charge_category", "billing_currency")

money = st.decimals(min_value=-50, max_value=1000, places=10)
names = st.sampled_from(["a", "b", "c", None])
cost = st.fixed_dictionaries(
    {
        "billing_period": st.sampled_from(["2026-08", "2026-09", "2026-09", "2026-10", "2026-10"]),
        "day": st.integers(1, 30),
        "service_code": st.sampled_from(["AmazonEC2", None]),
        "resource_id": st.sampled_from(["", "i-1", "i-2"]),
        "usage_type": st.sampled_from(["BoxUsage", "tokens", None]),
        "charge_category": st.sampled_from(["Usage", "Usage", "Usage", "Credit", "Tax", "Adjustment"]),
        "billing_currency": st.sampled_from(["USD", "USD", "EUR"]),
        "is_ml": st.booleans(),
        **dict.fromkeys(SCOPES, names),
        "effective_cost": money,
        "list_cost": money,
        "usage_quantity": st.none() | st.decimals(min_value=-1, max_value=10**13, places=10),
    }
)


@settings(max_examples=15, deadline=None)
@given(
    costs=st.lists(cost, max_size=24),
    until_day=st.none() | st.integers(0, 30),
    units=st.lists(st.sampled_from(["Hrs", "GB-Mo"]), max_size=2),
)
def test_drivers_sum_to_the_change_of_any_bill(
    costs: list[dict[str, Any]], until_day: int | None, units: list[str]
) -> None:
    rows = [
        {key: value for key, value in one.items() if key != "day"}
        | {"account_id": "1", "charge_date": f"{one['billing_period']}-{one['day']:02}"}
        for one in costs
    ]
    made, untied = driven(rows, until_day, units)
    assert untied == []
    counted = [one for one in costs if until_day is None or one["day"] <= until_day]
    for scope in ("total", *SCOPES):
        wanted: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for one in counted:
            sign = {"2026-10": 1, "2026-09": -1}.get(one["billing_period"], 0)
            owner = (None if scope == "total" else one[scope], one["is_ml"])
            wanted[(*owner, *(one[key] for key in KEY))] += sign * one["effective_cost"]
        found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        handed: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for row in (row for row in made if row["scope"] == scope):
            key = tuple(row[name] for name in KEY)
            found[(row["name"], row["is_ml"], *key)] += row["change"]
            handed[key] += row["change"] if row["driver"] == "attribution" else 0
        assert {key: change for key, change in found.items() if change} == {
            key: change for key, change in wanted.items() if change
        }
        assert not any(handed.values())


def driven(
    costs: Sequence[dict[str, Any]], until_day: int | None = None, units: Sequence[str] = ()
) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """The rows of cost_drivers for these of attributed_costs, and what the check finds in them."""
    compared = [{"billing_period": "2026-10", "period_before": "2026-09", "until_day": until_day}]
    lines = [
        {
            "billing_period": "2026-10", "x_service_code": "AmazonEC2", "x_usage_type": "tokens",
            "consumed_unit": unit, "consumed_quantity": 1, "is_split_cost": False,
        }
        for unit in units
    ]  # fmt: skip
    given = {"compared_days": compared, "attributed_costs": costs, "line_items": lines}
    with holding(f"{DRIVERS}\n{CHECK}", given, "cost_drivers") as connection:
        run(connection, f"INSERT INTO cost_drivers BY NAME {DRIVERS}", PARAMETERS)
        result = connection.execute("FROM cost_drivers")
        columns = [name for name, *_ in result.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        return rows, run(connection, CHECK, {"periods": ["2026-10"]}).fetchall()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("DELETE FROM cost_drivers WHERE driver = 'new'", {"the change of the bill"}),
        ("UPDATE cost_drivers SET change = change + 1", {"the change of the bill", "the change of e", "the change of young"}),
        (
            "UPDATE cost_drivers SET driver = 'attribution' WHERE driver = 'new' AND scope = 'team'",
            {"what changed hands of young"},
        ),
    ],
)  # fmt: skip
def test_the_check_finds_what_does_not_sum(wrong: str, said: set[str]) -> None:
    told = {"account_id": "1", "charge_category": "Usage", "billing_currency": "USD", "is_ml": True, "list_cost": 5}
    costs = [
        told | {"billing_period": period, "charge_date": f"{period}-05", "resource_id": thing, "effective_cost": 1 + quantity,
                "usage_quantity": quantity}
        for period, thing, quantity in (("2026-09", "e", 1), ("2026-10", "e", 2), ("2026-10", "young", 3))
    ]  # fmt: skip
    compared = [{"billing_period": "2026-10", "period_before": "2026-09"}]
    given: dict[str, Sequence[dict[str, Any]]] = {
        "compared_days": compared,
        "attributed_costs": costs,
        "line_items": [],
    }
    with holding(f"{DRIVERS}\n{CHECK}", given, "cost_drivers") as connection:
        run(connection, f"INSERT INTO cost_drivers BY NAME {DRIVERS}", PARAMETERS)
        assert run(connection, CHECK, {"periods": ["2026-10"]}).fetchall() == []
        connection.execute(wrong)
        found = run(connection, CHECK, {"periods": ["2026-10"]}).fetchall()
    assert {what for _, _, what, *_ in found} == said


def hosted(
    month: int, hours: float, cost: float, endpoint: str = "churn", *, day: int = 5, model: str = "churn"
) -> Row:
    """A final charge of an endpoint at half its list price."""
    return sagemaker(
        "Host:ml.m5.large", f"endpoint/{endpoint}", cost, at=f"2026-{month:02}-{day:02}T00:00:00",
        line_item_usage_amount=hours, pricing_public_on_demand_cost=2 * cost, bill_invoice_id="1",
        resource_tags={"user_model": model},
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """September to November: in October the endpoint of churn runs longer, and another one comes; November is in
    progress."""
    world = World(tmp_path_factory.mktemp("drivers"))
    world.bill([hosted(9, 10, 20.0, day=4), hosted(9, 1, 5.0, day=28)], period="2026-09")
    october = [
        hosted(10, 10, 20.0, day=4),
        hosted(10, 25, 50.0, day=20),
        hosted(10, 1, 6.0, "young", day=9, model="edge"),
    ]
    world.bill(october, period="2026-10")
    november = [hosted(11, 10, 20.0, day=4), hosted(11, 1, 9.0, day=11)]
    world.bill([row | {"bill_invoice_id": None} for row in november], period="2026-11")
    created = {"CreationTime": "2026-09-01T00:00:00Z"}
    deployed = {"provider": "github", "repository": "acme/churn", "workflow": "deploy"}
    named = {"resources": [arn("endpoint/churn")]}
    world.land(
        record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), created | {"EndpointName": "churn", "EndpointConfigName": "c"}),
        record("cicd:Deployment", "acme/1", deployed | named | {"run_id": "1", "actor": "ada", "occurred_at": "2026-10-18T09:00:00Z"}),
        record("cicd:Deployment", "acme/2", deployed | named | {"run_id": "2", "actor": "bob", "occurred_at": "2026-10-16T09:00:00Z"}),
        record("cicd:Deployment", "acme/3", deployed | {"model": "edge", "run_id": "3", "occurred_at": "2026-10-09T09:00:00Z"}),
    )  # fmt: skip
    world.refresh()
    return world


TOTALS = "SELECT billing_period, until_day, driver, sum(change) FROM cost_drivers WHERE scope = 'total' GROUP BY ALL ORDER BY ALL"


def test_a_refresh_tells_why_each_month_changed(world: World) -> None:
    """11 hours became 35, and an hour costs less; a month in progress is compared by the days that both have."""
    assert world.query(TOTALS) == [
        ("2026-10", None, "new", Decimal(6)),
        ("2026-10", None, "price", Decimal("-9.5454545454")),
        ("2026-10", None, "volume", Decimal("54.5454545454")),
        ("2026-11", 10, "gone", Decimal(-6)),
    ]


def test_a_restated_month_makes_the_next_one_again_and_no_other(world: World, tmp_path: Path) -> None:
    twin = world.copy(tmp_path / "twin")
    november = "SELECT version FROM made WHERE table_name = 'cost_drivers' AND billing_period = '2026-11'"
    before = twin.query(november)
    twin.bill([hosted(9, 10, 20.0, day=4), hosted(9, 1, 7.0, day=28)], period="2026-09", execution="execution-2")
    twin.refresh()
    assert twin.query("SELECT billing_periods FROM refreshes ORDER BY snapshot DESC LIMIT 1") == [
        (["2026-09", "2026-10"],)
    ]
    assert twin.query("SELECT sum(change) FROM cost_drivers WHERE scope = 'total' AND billing_period = '2026-10'") == [
        (49,)
    ]
    assert twin.query(november) == before


def test_the_largest_changes_with_what_was_deployed_before_them(world: World) -> None:
    done = mlcost("why", "2026-10", "--format", "json", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert [told[key] for key in ("cost_before", "cost_after", "change")] == [
        "25.0000000000",
        "76.0000000000",
        "51.0000000000",
    ]
    shown = ("driver", "since", "deployed_at", "deployed_by", "deployment_names", "people")
    assert [[row[key] for key in shown] for row in told["largest"]] == [
        # The nearest of those that name it; the price falls on the days on which more was used.
        ["volume", "2026-10-20", "2026-10-18T09:00:00", "ada", "the resource", ["ada", "bob"]],
        ["price", "2026-10-04", None, None, None, ["ada", "bob"]],
        ["new", "2026-10-09", "2026-10-09T09:00:00", None, "the model", []],
    ]


def test_the_same_for_people_of_one_model(world: World) -> None:
    done = mlcost("why", "2026-11", "--model", "edge", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    assert "Why model edge changed  2026-10 → 2026-11 (until 11-11, not final), both until day 10" in done.stdout
    assert "6.00 → 0.00 USD, -6.00" in done.stdout
    assert "-6.00  gone         USE1-Host:ml.m5.large" in done.stdout


def test_the_report_has_the_drivers_by_service(world: World) -> None:
    done = mlcost("report", "drivers", "--period", "2026-10", "--model", "churn", "--format", "csv", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "2026-10,,volume,AmazonSageMaker,1,54.5454545454,USD",
        "2026-10,,price,AmazonSageMaker,1,-9.5454545454,USD",
    ]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("2026-10", "--model", "chrun"), 2, "No charge has the model 'chrun'. Near it: churn."),
        (("2026-09",), 1, "2026-09 cannot be compared: the bill of the month before is not published."),
        (("2026-08",), 2, "this billing period is not published"),
        (("--model", "churn", "--team", "risk"), 2, "Give one of --model, --team and --environment."),
    ],
)
def test_what_cannot_be_answered_is_refused(world: World, asked: tuple[str, ...], code: int, said: str) -> None:
    done = mlcost("why", *asked, cwd=world.folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
