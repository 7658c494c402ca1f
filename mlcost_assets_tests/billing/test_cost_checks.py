"""What must hold of every period's costs without a mapping, and what `mlcost verify` makes of the same rows."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from mlcost_assets.billing import checks
from mlcost_assets.lake.sql import read_sql
from mlcost_assets_tests.billing.mapped import disagreements, findings
from mlcost_assets_tests.exports import Row, charge, write_export
from mlcost_assets_tests.same_month import PLAN, month

OF_PLAN: Row = {"savings_plan_savings_plan_a_r_n": PLAN}
WITHOUT_CURRENCY = charge(line_item_currency_code=None, bill_invoicing_entity="Beijing Sinnet Technology Co., Ltd.")


def test_a_month_with_every_kind_of_charge_keeps_them_all(tmp_path: Path) -> None:
    write_export(tmp_path, month())
    assert findings(tmp_path) == {}
    assert disagreements(tmp_path) == []


@pytest.mark.parametrize(
    ("rows", "finding", "text"),
    [
        ([charge("SavingsPlanRecurringFee", 7.0, **OF_PLAN)], "untold",
         "payer 2026-10: savings_plan_used_commitment is missing or empty, so 7.00 USD of effective cost is what was billed or is left over;"
         " add it to the SELECT of the data export's query"),
        ([WITHOUT_CURRENCY], "currency", "payer 2026-10: 1 rows name no currency (line_item_currency_code) and are taken as CNY"),
        ([charge(cost=9.0, pricing_public_on_demand_cost=5.0)], "above",
         "payer 2026-10: usage costs effectively 4.00 USD more than its list price, mostly of type Usage"),
        ([charge(cost=9.0, line_item_net_unblended_cost=8.0, discount_total_discount=-3.0)], "discounts",
         "payer 2026-10: discounts by name come to 3.00 USD, net costs leave out 1.00"),
    ],
)  # fmt: skip
def test_what_is_odd_in_a_bills_costs_is_said(tmp_path: Path, rows: list[Row], finding: str, text: str) -> None:
    write_export(tmp_path, rows)
    assert findings(tmp_path) == {finding: text}


@pytest.mark.parametrize(
    ("altered", "finding", "text"),
    [
        ("UPDATE line_items SET list_cost = NULL WHERE x_line_item_type = 'Tax'", "unpriced",
         "payer 2026-10: 1 charges have no effective, list or contracted cost"),
        ("UPDATE line_items SET x_line_item_type = 'Fee' WHERE x_line_item_type = 'Credit'", "moved",
         "payer 2026-10: rows of type Fee hold 149.0000000000 USD, billed is 148.0000000000"),
        ("UPDATE line_items SET effective_cost = 2 * effective_cost WHERE x_line_item_type = 'Credit'", "counted",
         "payer 2026-10: rows of type Credit hold -1.0000000000 USD, effective is -2.0000000000"),
    ],
)  # fmt: skip
def test_what_a_mapping_makes_different_is_said(tmp_path: Path, altered: str, finding: str, text: str) -> None:
    write_export(tmp_path, month())
    assert findings(tmp_path, altered)[finding] == text


@pytest.mark.parametrize(
    ("type_", "name"), [("Tax", "Tax"), ("SavingsPlanCoveredUsage", "savings plans"), ("RIFee", "reservations")]
)
def test_verify_names_what_is_not_effective_by_the_files_own_columns(tmp_path: Path, type_: str, name: str) -> None:
    write_export(tmp_path, month())
    (said,) = disagreements(tmp_path, f"UPDATE line_items SET effective_cost = 99 WHERE x_line_item_type = '{type_}'")
    assert said.startswith(f"{name}: effectively ")


def lives(*months: tuple[str, int, int, bool], returned: bool = False) -> list[str]:
    """What is said of a commitment bought in the first of `months`: billed, effective, and whether a month is final; a
    month with neither has nothing of it."""
    drops: list[dict[str, Any]] = [
        {
            "period": period, "final": final, "bought": ["plan"] if not number else [],
            "billed": ({"plan": billed} if billed or effective else {}) | ({"": -billed} if returned and not number else {}),
            "effective": ({"plan": effective} if billed or effective else {}) | ({"": 0} if returned and not number else {}),
        }
        for number, (period, billed, effective, final) in enumerate(months)
    ]  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE TABLE drop_totals (export_name TEXT, billing_period TEXT, drop_id TEXT, billing_currency TEXT, is_final BOOL,
                quarantined_rows INT, usage_cost INT, rows_without_currency INT, unpriced_rows INT, discounts INT,
                discounts_left_out INT, commitments_bought TEXT[]);
            CREATE TABLE billing_drops (export_name TEXT, billing_period TEXT, drop_id TEXT, state TEXT, format TEXT)
        """)
        maps = "exported_by_type billed_by_type effective_by_type above_list_by_type lacking_columns commitments_billed commitments_effective"
        for name in maps.split():
            connection.execute(f"ALTER TABLE drop_totals ADD COLUMN {name} MAP(VARCHAR, DECIMAL(28,10))")
        for drop in drops:
            connection.execute(
                "INSERT INTO drop_totals BY NAME SELECT 'payer' AS export_name, $period AS billing_period, '1' AS drop_id,"
                " 'USD' AS billing_currency, $final AS is_final, $bought AS commitments_bought,"
                " $billed AS commitments_billed, $effective AS commitments_effective",
                {**drop, "billed": _as_map(drop["billed"]), "effective": _as_map(drop["effective"])},
            )
            connection.execute(
                "INSERT INTO billing_drops VALUES ('payer', $1, '1', 'loaded', 'cur2')", [drop["period"]]
            )
        return [text for _, text in connection.execute(read_sql(checks.__file__, "standing_costs")).fetchall()]


def _as_map(entries: dict[str, int]) -> dict[str, list[Any]]:
    return {"key": list(entries), "value": list(entries.values())}


def test_a_commitment_costs_over_its_life_what_was_paid_for_it() -> None:
    assert lives(("2026-08", 10, 4, True), ("2026-09", 0, 6, True), ("2026-10", 0, 0, True)) == []
    assert lives(("2026-08", 10, 4, True), ("2026-09", 0, 8, True)) == [
        "payer: plan was paid 10.00 USD and is effectively 12.00"
    ]
    assert lives(("2026-08", 10, 4, True), ("2026-09", 0, 0, True)) == [
        "payer: plan was paid 10.00 USD and is effectively 4.00 over its life"
    ]


def test_a_commitment_that_still_runs_or_was_given_back_namelessly_is_left_alone() -> None:
    assert lives(("2026-08", 10, 4, True), ("2026-09", 0, 0, False)) == []
    assert lives(("2026-08", 10, 0, True), ("2026-09", 0, 0, True), returned=True) == []
