"""`mlcost export focus`: the bill written back out, with whose each charge is, to the last digit."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.errors import ConfigError, MlcostError, StorageError
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.reports.focus import export
from mlcost_assets.reports.focus.export import Written, export_focus
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World

PLAN = "arn:aws:savingsplans::111111111111:savingsplan/1"
COSTS = ("billed_cost", "effective_cost", "list_cost", "contracted_cost")
NAT = {
    "line_item_usage_type": "NatGateway-Hours", "line_item_resource_id": "arn:aws:ec2:us-east-1:222222222222:natgateway/nat-1",
    "line_item_operation": "NatGateway", "product_sku": "NAT",
}  # fmt: skip


def hour(number: int) -> dict[str, str]:
    return {"at": f"2026-10-05T{number:02}:00:00"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Three owners in one account, what they share, and what nobody owns."""
    world = World(tmp_path_factory.mktemp("focus"))
    tags: list[dict[str, Any]] = [
        {"user_model": "churn", "user_team": "growth"},
        {"user_model": "fraud", "user_team": "risk"},
        {"user_team": "web", "user_note": 'say "hi"'},
    ]
    rows = [
        sagemaker("Host:ml.m5.large", "endpoint/churn", 3.1, resource_tags=tags[0], **hour(number))
        for number in range(3)
    ]
    rows += [
        sagemaker("Train:ml.g5.xlarge", "training-job/fraud", 7.7, resource_tags=tags[1]),
        charge(cost=11.3, line_item_resource_id="i-0fed", resource_tags=tags[2]),
        charge(cost=1.0, line_item_resource_id="i-0nobody"),
        charge("Usage", 0.0, line_item_operation="EKSPod-EC2", split_line_item_split_cost=0.3),
        charge("SavingsPlanCoveredUsage", 2.0, line_item_resource_id="i-0fed", resource_tags=tags[2],
               savings_plan_savings_plan_a_r_n=PLAN, savings_plan_savings_plan_effective_cost=1.2),
        charge("SavingsPlanNegation", -2.0, line_item_resource_id="", savings_plan_savings_plan_a_r_n=PLAN),
        charge("SavingsPlanRecurringFee", 1.5, line_item_resource_id="", savings_plan_savings_plan_a_r_n=PLAN,
               savings_plan_total_commitment_to_date=1.5, savings_plan_used_commitment=1.2),
        # Shared: four hours of a gateway at one price, one at another, and a tax of a cent.
        *(charge(cost=0.045, **NAT, **hour(number)) for number in range(4)),
        charge(cost=0.05, **(NAT | {"product_sku": "NAT-2"}), **hour(4)),
        charge("Tax", 0.01, line_item_resource_id="", line_item_usage_type=None, line_item_operation=None),
    ]  # fmt: skip
    world.bill(rows)
    world.refresh()
    return world


@pytest.fixture(scope="module")
def written(world: World) -> Written:
    return export_focus(world.config, "2026-10", world.folder / "out")


def read(written: Written, sql: str = "FROM written") -> list[dict[str, Any]]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE VIEW written AS FROM '{written.file}'")
    result = connection.execute(sql)
    names = [name for name, *_ in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_every_column_of_focus_1_2_and_1_3_stands_in_it_under_its_name_and_type(written: Written) -> None:
    schema = pq.read_schema(written.file)
    types = {field.name: str(field.type) for field in schema}
    focus = {"DECIMAL(28,10)": "decimal128(28, 10)", "TIMESTAMP": "timestamp[us, tz=UTC]"}
    for column in tables()["line_items"].columns:
        if column.source.startswith("FOCUS 1."):
            name = "".join(word.capitalize() for word in column.name.split("_"))
            assert types[name] == focus.get(column.type, "string"), name
    standard = [name for name in types if not name.startswith("x_")]
    assert list(types)[: len(standard)] == standard  # custom columns come last
    assert len(standard) == 57 + 8


def test_its_totals_are_the_bills_to_the_last_digit(world: World, written: Written) -> None:
    sums = ", ".join(f"sum({cost}) AS {cost}" for cost in COSTS)
    (bill,) = world.dicts(f"SELECT {sums} FROM line_items WHERE NOT is_split_cost")
    pascal = {cost: "".join(word.capitalize() for word in cost.split("_")) for cost in COSTS}
    (file,) = read(written, f"SELECT {', '.join(f'sum({pascal[cost]}) AS {cost}' for cost in COSTS)} FROM written")
    assert file == bill
    assert written.totals == {"USD": (bill["billed_cost"], bill["effective_cost"])}


def test_every_owner_has_in_it_what_attributed_costs_gives_him(world: World, written: Written) -> None:
    owned = world.query(
        "SELECT model, team, stage, method, confidence, sum(effective_cost), sum(billed_cost), sum(usage_quantity) FROM attributed_costs GROUP BY ALL"
    )
    file = read(
        written,
        "SELECT x_Model, x_Team, x_Stage, x_AttributionMethod, x_AttributionConfidence, sum(EffectiveCost), sum(BilledCost), sum(ConsumedQuantity) FROM written GROUP BY ALL",
    )
    assert sorted(map(str, owned)) == sorted(str(tuple(row.values())) for row in file)


def test_a_charge_of_one_owner_is_the_bills_own_row_hour_and_all(written: Written) -> None:
    rows = read(written, "FROM written WHERE x_Model = 'churn' AND x_SharedBy = 1 ORDER BY ChargePeriodStart")
    assert [row["ChargePeriodStart"].hour for row in rows] == [0, 1, 2]
    assert [(row["BilledCost"], row["x_SourceRow"]) for row in rows] == [(Decimal("3.1"), place) for place in range(3)]


def test_a_shared_charge_is_a_row_for_each_owner_and_a_day(written: Written) -> None:
    rows = read(written, "FROM written WHERE x_UsageType = 'NatGateway-Hours' AND SkuId = 'NAT'")
    assert {row["x_Team"] for row in rows} == {"growth", "risk", "web", None}
    assert {(row["x_SharedBy"], row["x_SourceRow"]) for row in rows} == {(4, None)}
    (start,), (end,) = {row["ChargePeriodStart"].hour for row in rows}, {row["ChargePeriodEnd"].hour for row in rows}
    assert (start, end) == (0, 4)  # from its first hour to its last
    assert sum(row["BilledCost"] for row in rows) == Decimal("0.18")
    assert sum(row["PricingQuantity"] for row in rows) == sum(row["ConsumedQuantity"] for row in rows) == 4


def test_the_attribution_stands_beside_the_bills_own_tags(written: Written) -> None:
    (row,) = read(written, "FROM written WHERE ResourceId = 'i-0fed' AND PricingCategory = 'Standard'")
    assert json.loads(row["Tags"]) == {
        "team": "web", "note": 'say "hi"', "mlcost/team": "web", "mlcost/stage": "other",
    }  # fmt: skip
    assert (row["x_Team"], row["x_Model"], row["x_IsMl"], row["x_AttributionMethod"]) == ("web", None, False, "tag")


def test_what_is_bought_or_idle_is_the_commitment_itself(written: Written) -> None:
    rows = read(
        written,
        f"FROM written WHERE CommitmentDiscountId = '{PLAN}' AND x_LineItemType = 'SavingsPlanRecurringFee'",
    )
    assert {(row["ChargeCategory"], row["CommitmentDiscountStatus"]) for row in rows} == {
        ("Purchase", None),
        ("Usage", "Unused"),
    }
    assert {(row["ResourceId"], row["ResourceType"]) for row in rows} == {(PLAN, "Savings Plan")}


def test_what_tells_money_again_stays_out(written: Written) -> None:
    assert read(written, "FROM written WHERE x_Operation = 'EKSPod-EC2'") == []


def test_it_can_be_ingested_again(written: Written, tmp_path: Path) -> None:
    again = World(tmp_path / "again")
    target = again.root() / "data" / "BILLING_PERIOD=2026-10" / "payer-00001.parquet"
    target.parent.mkdir(parents=True)
    target.write_bytes(written.file.read_bytes())
    manifest = again.root() / "metadata" / "BILLING_PERIOD=2026-10" / "payer-Manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"dataFiles": [f"s3://x/{target.relative_to(again.root())}"]}))
    again.refresh()
    assert again.query("SELECT sum(billed_cost), sum(effective_cost) FROM line_items") == [written.totals["USD"]]
    assert again.query("SELECT state, quarantined_rows FROM billing_drops") == [("loaded", 0)]


def test_a_file_that_does_not_tie_out_is_not_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_fraud(module: str, name: str) -> str:
        return read_sql(module, name).replace("FROM owned", "FROM owned WHERE model IS DISTINCT FROM 'fraud'")

    monkeypatch.setattr(export, "read_sql", without_fraud)
    folder = world.folder / "refused"
    with pytest.raises(MlcostError, match="mlcost refresh --period 2026-10"):
        export_focus(world.config, "2026-10", folder)
    assert list(folder.iterdir()) == []


def test_what_cannot_be_written_leaves_nothing_behind(world: World) -> None:
    folder = world.folder / "taken"
    (folder / "focus-2026-10.parquet").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be written"):
        export_focus(world.config, "2026-10", folder)
    assert [entry.name for entry in folder.iterdir()] == ["focus-2026-10.parquet"]


def test_a_period_without_a_bill_is_refused_with_those_there_are(world: World) -> None:
    with pytest.raises(ConfigError, match=r"2026-09.*only 2026-10 is known"):
        export_focus(world.config, "2026-09", world.folder / "nothing")


money = st.integers(-(10**15), 10**15) | st.sampled_from([0, 1, -1, 7])


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(money, min_size=1, max_size=5),
    cuts=st.lists(st.integers(0, 10**15), min_size=0, max_size=4),
    weights=st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
def test_any_shared_charge_is_divided_exactly_by_row_and_by_owner(
    rows: list[int], cuts: list[int], weights: list[int]
) -> None:
    whole = sum(rows)
    owners = [*cuts, whole - sum(cuts)] if whole else [0] * (len(cuts) + 1)
    measures = ("billed_cost", "effective_cost", "list_cost", "consumed_quantity")
    cells = divided(dict.fromkeys(measures, rows), owners, weights)
    for measure in measures:
        for line, amount in enumerate(rows):
            assert sum(cells[line, owner][measure] for owner in range(len(owners))) == amount
        for owner, amount in enumerate(owners):
            assert sum(cells[line, owner][measure] for line in range(len(rows))) == amount
    # What attribution did not divide (here a quantity that is 10 on every row) goes by weight, whole as well.
    for line in range(len(rows)):
        assert sum(cells[line, owner]["pricing_quantity"] for owner in range(len(owners))) == 10 * 10**10
        assert {cells[line, owner]["contracted_cost"] for owner in range(len(owners))} == {None}


def divided(
    amounts: dict[str, list[int]], owners: list[int], weights: list[int]
) -> dict[tuple[int, int], dict[str, Any]]:
    """The quanta of each row and owner; measures without `amounts` are unknown."""
    connection = duckdb.connect()
    unknown = [
        *COSTS,
        "x_unblended_cost",
        "pricing_currency_effective_cost",
        "consumed_quantity",
        "commitment_discount_quantity",
    ]
    columns = ", ".join(f"{name} DECIMAL(28,10)" for name in [*unknown, "pricing_quantity"])
    connection.execute(f"CREATE TABLE shared_charges (line BIGINT, charge BIGINT, {columns})")
    for line in range(len(next(iter(amounts.values())))):
        row = {name: quanta[line] for name, quanta in amounts.items()} | {"pricing_quantity": 10 * 10**10}
        values = ", ".join(f"{quanta} * 0.0000000001 AS {name}" for name, quanta in row.items())
        connection.execute(f"INSERT INTO shared_charges BY NAME SELECT {line} AS line, 1 AS charge, {values}")
    costs = ", ".join(f"{name} DECIMAL(28,10)" for name in ("usage_quantity", *COSTS))
    connection.execute(f"CREATE TABLE parts_after_splits (charge BIGINT, owner BIGINT, weight BIGINT, {costs})")
    for owner, quanta in enumerate(owners):
        parts = ", ".join(f"{quanta} * 0.0000000001" for _ in ("usage_quantity", *COSTS))
        connection.execute(f"INSERT INTO parts_after_splits SELECT 1, {owner}, {weights[owner]}, {parts}")
    result = connection.execute(read_sql(export.__file__, "shared_amounts"))
    names = [name for name, *_ in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    connection.close()
    return {
        (row.pop("line"), row.pop("owner")): {
            name: None if amount is None else int(amount.scaleb(10)) for name, amount in row.items()
        }
        for row in rows
    }
