"""Who uses the accelerators, and for what traffic."""

import json
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.quality.instance_types import COLUMNS, standing, told
from mlcost_assets.reports.gpu import assets
from mlcost_assets_tests.attribution.statements import holding
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.reports.test_unit_costs import invocations, served
from mlcost_assets_tests.world import Record, World, arn, record

_TEAMS = "workloads:\n" + "".join(
    f"  - {{model: {model}, team: {team}}}\n" for model, team in (("dear", "ads"), ("usual", "ads"), ("left", "maps"))
)


def busy(endpoint: str, percent: float) -> Record:
    body = {
        "Namespace": "/aws/sagemaker/Endpoints", "MetricName": "GPUUtilization", "Stat": "Average", "Period": 3600,
        "Dimensions": {"EndpointName": endpoint, "VariantName": endpoint},
        "Timestamps": ["2026-10-05T00:00:00Z"], "Values": [percent],
    }  # fmt: skip
    return record("cloudwatch:GetMetricData", f"gpu/{endpoint}", body, at="2026-10-06T06:00:00Z")


def component(name: str, cores: int, megabytes: int) -> Record:
    needs = {"NumberOfCpuCoresRequired": cores, "MinMemoryRequiredInMb": megabytes}
    body = {
        "EndpointName": "parts", "InferenceComponentName": name, "CreationTime": "2026-10-01T00:00:00Z",
        "Specification": {"ModelName": name, "ComputeResourceRequirements": needs},
    }  # fmt: skip
    return record("sagemaker:DescribeInferenceComponent", arn(f"inference-component/{name}"), body)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("gpu"))
    world.rules(_TEAMS)
    world.bill(
        [
            sagemaker("Host:ml.g5.12xlarge", "endpoint/dear", 60.0, line_item_usage_amount=24.0),
            sagemaker("Host:ml.g5.xlarge", "endpoint/usual", 40.0, line_item_usage_amount=24.0),
            sagemaker("Host:ml.g5.xlarge", "endpoint/pair", 5.0, line_item_usage_amount=1.0),
            sagemaker("Host:ml.m5.large", "endpoint/usual", 9.0),
            sagemaker("Host:ml.m5.large", "endpoint/parts", 6.0),
            sagemaker("Train:ml.p4d.24xlarge", "training-job/x", 30.0, resource_tags={"user_model": "dear"}),
            charge(cost=7.0, line_item_usage_type="BoxUsage:trn9.48xlarge", resource_tags={"user_model": "dear"}),
        ]
    )
    world.land(
        *served("dear", "dear"), *served("usual", "usual"), *served("pair", "left", "right"),
        invocations("dear", "dear", 5.0), invocations("usual", "usual", 95.0), busy("dear", 100.0),
        *served("parts", "lean", "wide")[:1], *served("parts", "lean", "wide")[2:],
        component("lean", cores=4, megabytes=0), component("wide", cores=4, megabytes=36864),
    )  # fmt: skip
    world.refresh()
    return world


def test_hours_are_the_bills_and_follow_the_cost_of_a_shared_machine(world: World) -> None:
    rows = world.query(
        "SELECT model, instance_type, instance_hours, accelerator_hours, effective_cost, utilisation FROM gpu_usage"
        " ORDER BY ALL"
    )
    half = Decimal("0.5")
    assert rows == [
        ("dear", "ml.g5.12xlarge", 24, 96, 60, 0.25),
        ("dear", "ml.p4d.24xlarge", 1, 8, 30, None),
        ("dear", "trn9.48xlarge", 1, None, 7, None),
        ("left", "ml.g5.xlarge", half, half, Decimal("2.5"), None),
        ("right", "ml.g5.xlarge", half, half, Decimal("2.5"), None),
        ("usual", "ml.g5.xlarge", 24, 24, 40, None),
    ]


def test_what_is_not_known_says_why(world: World) -> None:
    unsaid = "(accelerator_hours IS NULL) <> (hours_unknown_because IS NOT NULL) OR (utilisation IS NULL) <> (utilisation_unknown_because IS NOT NULL)"
    assert world.query(f"SELECT count(*) FROM gpu_usage WHERE {unsaid}") == [(0,)]


def test_an_outlier_is_one_by_cost_and_requests_of_endpoints_alone(world: World) -> None:
    rows = world.query("SELECT scope, team, model, is_outlier FROM gpu_traffic ORDER BY ALL")
    assert rows == [
        ("organisation", None, "dear", True),
        ("organisation", None, "left", None),
        ("organisation", None, "right", None),
        ("organisation", None, "usual", False),
        ("team", "ads", "dear", True),
        ("team", "ads", "usual", False),
        ("team", "maps", "left", None),
    ]


def test_every_check_of_the_room_passes(world: World) -> None:
    checks = world.query("SELECT check_name, passed FROM data_quality WHERE asset LIKE 'gpu%' ORDER BY ALL")
    assert checks == [("conserves_total", True), ("hours_are_billed", True), ("traffic_ties_out", True)]


def answer(world: World, *more: str, report: str = "gpu") -> list[dict[str, Any]]:
    asked = ["report", report, "--config", str(world.folder / "mlcost.yaml"), "--format", "json", *more]
    result = CliRunner().invoke(cli, asked, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def test_the_report_prints_the_arithmetic(world: World) -> None:
    first, *others = answer(world, "--model", "dear")
    assert first["traffic"] == (
        "60.00 % of the cost of endpoints (60.00 of 100.00 USD) for 5.00 % of their requests (5 of 100), 12.00 times its share; "
        "57.14 % of all inference on accelerators (60.00 of 105.00); 1 of 1 days counted"
    )
    assert (first["is_outlier"], first["share_of_requests"], first["utilisation"]) == (True, 0.05, 0.25)
    assert {one["traffic"] for one in others if one["instance_type"] == "ml.p4d.24xlarge"} == {None}


def test_the_report_holds_all_costs(world: World) -> None:
    assert sum(Decimal(one["cost"]) for one in answer(world)) == 142
    assert sum(one["share_of_cost"] for one in answer(world)) == pytest.approx(1, abs=0.001)


def test_a_shared_machine_by_other_bases_and_why_there_are_none(world: World) -> None:
    """Ours divides the components by cores; AWS weighs a GiB as a ninth of a vCPU."""
    rows = {one["model"]: one for one in answer(world, report="basis-sensitivity")}
    assert rows.keys() == {"lean", "wide", "left", "right"}
    paid = {model: (Decimal(row["ours"]), row["aws_split_cost"]) for model, row in rows.items()}
    assert (paid["lean"][0], round(Decimal(paid["lean"][1]), 6)) == (3, 2)
    assert (paid["wide"][0], round(Decimal(paid["wide"][1]), 6)) == (3, 4)
    assert sum(Decimal(rows[model]["opencost"]) for model in ("lean", "wide")) == 6
    assert paid["left"][1] is None
    assert rows["left"]["told_by"].startswith("nothing tells")
    assert world.query("SELECT passed FROM data_quality WHERE check_name = 'bases_conserve'") == [(True,)]


MACHINES = {"USE1-Host:ml.g5.12xlarge": 4, "BoxUsage:g6f.large": Decimal("0.125"), "BoxUsage:m5.large": None, "SpotUsage:p9.large": None}  # fmt: skip
_money = st.decimals(-1000, 1000, places=10)
_charges = st.lists(
    st.fixed_dictionaries(
        {
            "usage_type": st.sampled_from(sorted(MACHINES)), "model": st.sampled_from(["a", "b", None]),
            "team": st.sampled_from(["x", None]), "stage": st.sampled_from(["inference", "training"]),
            "charge_category": st.sampled_from(["Usage", "Usage", "Credit"]), "usage_quantity": st.decimals(0, 100, places=10),
            "effective_cost": _money, "billed_cost": _money, "list_cost": _money,
        }
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(_charges)
def test_costs_and_hours_are_those_of_the_bill_whatever_it_has(charges: list[dict[str, Any]]) -> None:
    rows = [
        {"billing_period": "2026-10", "charge_date": "2026-10-05", "billing_currency": "USD", "resource_id": "i-1"}
        | {"service_code": "AmazonSageMaker" if "ml." in one["usage_type"] else "AmazonEC2"} | one
        for one in charges
    ]  # fmt: skip
    types = [
        {"instance_type": name, "accelerators": MACHINES[f"{usage}{name}"], "kind": "GPU"}
        for usage, name in (("USE1-Host:ml.", "g5.12xlarge"), ("BoxUsage:", "g6f.large"))
    ]
    sql, checked = statement_of("gpu_usage"), read_sql(assets.__file__, "overcounted_hours")
    relations = {"attributed_costs": rows, "instance_types": types, "metadata_records": (), "daily_charges": rows}
    # A charge has no model in daily_charges: whose it is was not known then.
    relations["daily_charges"] = [{k: v for k, v in row.items() if k not in ("model", "team", "stage")} for row in rows]
    with holding(f"{sql} {checked}", relations | {"gpu_usage": ()}) as connection:
        run(connection, f"INSERT INTO gpu_usage BY NAME {sql}", {"billing_period": "2026-10"})
        costs = ("effective_cost", "billed_cost", "list_cost")
        (found,) = connection.execute(
            f"SELECT {', '.join(f'coalesce(sum({one}), 0)' for one in costs)} FROM gpu_usage"
        ).fetchall()
        assert found == tuple(sum(row[one] for row in rows if "m5." not in row["usage_type"]) for one in costs)
        assert run(connection, checked, {"periods": ["2026-10"]}).fetchall() == []
        connection.execute("UPDATE gpu_usage SET instance_hours = instance_hours + 0.0000000001")
        assert len(run(connection, checked, {"periods": ["2026-10"]}).fetchall()) == len(
            {row["usage_type"] for row in rows if "m5." not in row["usage_type"]}
        )


def test_the_table_of_instance_types_says_what_ec2_says() -> None:
    table = standing()
    known = told()
    assert len(known) > 50
    facts = COLUMNS[:-1]
    assert {name: [table[name][one] for one in facts] for name in known} == {
        name: [row[one] for one in facts] for name, row in known.items()
    }


def test_every_instance_type_of_the_table_is_taken_for_one_with_accelerators(world: World) -> None:
    with holding("SELECT 1", {}) as connection:
        unseen = [
            name
            for name in standing()
            if connection.execute("SELECT has_accelerators(machine_of('BoxUsage:' || ?))", [name]).fetchone() != (True,)
        ]
    assert unseen == []


_amount = st.sampled_from([None, "0", "1", "250m", "7"])
_pods = st.lists(
    st.fixed_dictionaries(
        {
            "gpu": _amount, "cpu": _amount, "memory": st.sampled_from([None, "0", "1Gi", "333Mi"]),
            "model": st.sampled_from(["a", "b", "c", None]), "node": st.sampled_from(["n", "m"]),
            "cost": st.decimals(-5, 1000, places=10),
        }
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(_pods)
def test_every_basis_divides_the_same_cost_to_the_last_digit(pods: list[dict[str, Any]]) -> None:
    period, day = {"billing_period": "2026-10"}, {"valid_from": "2026-10-05", "valid_to": "2026-10-06"}
    costs: dict[str | None, Decimal] = {}
    for pod in pods:
        costs[pod["model"]] = costs.get(pod["model"], Decimal(0)) + pod["cost"]
    machine = {"usage_type": "BoxUsage:g5.2xlarge", "resource_id": "i-1", "resource_key": "i-1", "billed_thing": "x"}
    charged = {
        "charge_date": "2026-10-05",
        "service_code": "AmazonEC2",
        "charge_category": "Usage",
        "stage": "training",
    }
    asked = ("gpu", "nvidia.com/gpu"), ("cpu", "cpu"), ("memory", "memory")
    relations: dict[str, Any] = {
        "attributed_costs": [
            period | charged | {name: machine[name] for name in ("usage_type", "resource_id")}
            | {"model": model, "effective_cost": cost, "billing_currency": "USD"}
            for model, cost in costs.items()
        ],
        "billed_things": [period | {name: machine[name] for name in ("usage_type", "resource_key", "billed_thing")}],
        "thing_owners": [
            period | day | {"billed_thing": "x", "pool": False, "consumer_key": f"c/Pod/{number}", "model": pod["model"]}
            for number, pod in enumerate(pods)
        ],
        "resource_history": [
            day | {
                "kind": "k8s:Pod", "resource_key": f"c/Pod/{number}", "last_seen_at": "2026-10-07",
                "body": json.dumps({"spec": {"nodeName": pod["node"], "containers": [
                    {"resources": {"requests": {name: pod[key] for key, name in asked if pod[key] is not None}}}
                ]}}),
            }
            for number, pod in enumerate(pods)
        ],
        "line_items": (),
    }  # fmt: skip
    sql, checked = statement_of("basis_sensitivity"), read_sql(assets.__file__, "unequal_bases")
    with holding(f"{sql} {checked}", relations | {"basis_sensitivity": ()}) as connection:
        run(connection, f"INSERT INTO basis_sensitivity BY NAME {sql}", period)
        ours = connection.execute("SELECT model, ours FROM basis_sensitivity").fetchall()
        assert dict(ours) == (costs if len(costs) > 1 else {})
        assert run(connection, checked, {"periods": ["2026-10"]}).fetchall() == []
        told_of = "SELECT count(*) FROM basis_sensitivity WHERE unknown_because IS NULL"
        (told_rows,) = connection.execute(told_of).fetchone() or (0,)
        connection.execute("UPDATE basis_sensitivity SET opencost = opencost + 0.0000000001")
        assert len(run(connection, checked, {"periods": ["2026-10"]}).fetchall()) == (1 if told_rows else 0)
