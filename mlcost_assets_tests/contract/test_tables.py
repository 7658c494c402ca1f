"""The published tables are what docs/contract.md#published-tables promises, and statements make just their columns."""

import re
from pathlib import Path

import pytest

import mlcost_assets
from mlcost_assets.lake.registry import Table, relations, tables
from mlcost_assets.money import MONEY

PACKAGE = Path(mlcost_assets.__file__).parent

ATTRIBUTED_COSTS = [
    "billing_period",
    "charge_date",
    "export_name",
    "billing_account_id",
    "account_id",
    "region_id",
    "service_code",
    "service_name",
    "charge_category",
    "usage_type",
    "operation",
    "resource_id",
    "is_ml",
    "model",
    "project",
    "pipeline",
    "experiment",
    "team",
    "environment",
    "business_function",
    "stage",
    "method",
    "confidence",
    "evidence_id",
    "usage_quantity",
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "billing_currency",
    "commitment_id",
    "commitment_status",
    "agent",
]

PROMISED = [
    "line_items",
    "attributed_costs",
    "resources",
    "resource_history",
    "lineage_edges",
    "tag_values",
    "tag_compliance",
    "attribution_evidence",
    "model_costs",
    "team_costs",
    "environment_costs",
    "experiment_costs",
    "unit_costs",
    "forecasts",
    "restatements",
    "data_quality",
]

FOCUS_1_2_COLUMNS = 57


def test_every_table_of_the_contract_is_published() -> None:
    published = {table.name for table in tables().values() if table.published}
    assert set(PROMISED) <= published


def test_attributed_costs_has_the_contracts_columns_in_their_order() -> None:
    columns = [column.name for column in tables()["attributed_costs"].columns]
    assert columns[: len(ATTRIBUTED_COSTS)] == ATTRIBUTED_COSTS


def test_line_items_has_all_of_focus_1_2_and_the_promised_columns() -> None:
    columns = {column.name: column.source for column in tables()["line_items"].columns}
    assert sum(source == "FOCUS 1.2" for source in columns.values()) == FOCUS_1_2_COLUMNS
    more = {"export_name", "billing_period", "x_line_item_type", "x_unblended_cost", "x_source_row", "is_split_cost"}
    assert more | {"service_provider_name", "host_provider_name"} <= set(columns)


# What statsforecast gives, before it is cast.
NOT_YET_MONEY = {"forecast_rows"}


@pytest.mark.parametrize("table", relations().values(), ids=lambda table: str(table.name))
def test_money_is_never_floating_and_every_column_has_a_meaning(table: Table) -> None:
    for column in table.columns:
        assert column.meaning, column.name
        assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
        of_money = re.search("cost$|unit_price$|^mean$|^lower_|^upper_", column.name) and column.type != "BOOLEAN"
        as_written = not table.kept and column.type.startswith("VARCHAR")
        if of_money and not as_written and table.name not in NOT_YET_MONEY:
            assert column.type == MONEY, column.name
    assert table.grain
    assert len(table.description) > 20


def test_a_tables_statement_is_found_by_its_name() -> None:
    """One SQL file a table, named as the table, in its domain's folder or a room of that (docs/design.md#the-tree)."""
    by_python = {
        "billing_drops", "line_items", "metadata_files", "data_quality", "refreshes", "made",
        "lineage_edges", "quarantined_records",
    }  # fmt: skip
    for table in tables().values():
        if table.name not in by_python:
            assert table.statement, table.name


def test_the_floor_imports_no_dagster() -> None:
    for folder in ("config", "lake", "macros", "cli"):
        for file in (PACKAGE / folder).glob("*.py"):
            for line in file.read_text(encoding="utf-8").splitlines():
                assert not re.match(r"(from|import) dagster", line), f"{file.name}: {line}"
