"""For any charges of commitments, in any currencies: cost is conserved, and benefits add up to it to the last digit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.billing import daily_charges_sql
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, Row, holding

ROOM = PACKAGE / "reports" / "commitments"
FINDINGS = (ROOM / "odd_commitments.sql").read_text(encoding="utf-8")
GIVEN = {"billing_period": "2026-10", "periods": ["2026-10"], "by_hour": False}
MADE = ("daily_charges", "attributed_costs", "commitment_coverage", "commitment_benefits")

# A row of each kind as line_items has it (billing/cur2.sql): what is of a commitment, and what is not.
PLAN: dict[str, Any] = {"commitment_discount_category": "Spend", "commitment_discount_type": "Savings Plan"}
RESERVATION: dict[str, Any] = {"commitment_discount_category": "Usage", "commitment_discount_type": "Reserved Instance"}
FEE = {"x_service_code": "MachineLearningSavingsPlans", "x_usage_type": "SageMakerSP:1yrPartialUpfront"}
USED, UNUSED = {"commitment_discount_status": "Used"}, {"commitment_discount_status": "Unused"}
BOUGHT = {"charge_category": "Purchase", "effective_cost": 0}
EC2 = {"x_service_code": "AmazonEC2", "x_usage_type": "BoxUsage:m5.xlarge"}
KINDS: Sequence[dict[str, Any]] = (
    PLAN | USED | {"x_line_item_type": "SavingsPlanCoveredUsage"},
    PLAN | USED | {"x_line_item_type": "SavingsPlanNegation", "effective_cost": 0, "list_cost": 0},
    PLAN | UNUSED | FEE | {"x_line_item_type": "SavingsPlanRecurringFee", "list_cost": 0},
    PLAN | BOUGHT | FEE | {"x_line_item_type": "SavingsPlanRecurringFee", "charge_frequency": "Recurring"},
    PLAN | BOUGHT | FEE | {"x_line_item_type": "SavingsPlanUpfrontFee", "charge_frequency": "One-Time"},
    RESERVATION | USED | EC2 | {"x_line_item_type": "DiscountedUsage"},
    RESERVATION | UNUSED | EC2 | {"x_line_item_type": "RIFee", "list_cost": 0},
    RESERVATION | BOUGHT | EC2 | {"x_line_item_type": "RIFee", "charge_frequency": "Recurring"},
    PLAN | {"x_line_item_type": "Tax", "charge_category": "Tax"},
    {"commitment_discount_id": None, "x_line_item_type": "Usage"},
    {"commitment_discount_id": None, "x_line_item_type": "Usage", "pricing_category": "Dynamic"},
)
money = st.decimals(min_value=-1000, max_value=1000, places=10)


def charge(
    kind: dict[str, Any], currency: str, commitment: str, day: int, told: dict[str, Any], amounts: dict[str, Any]
) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "billing_period": "2026-10", "export_name": "payer", "billing_account_id": "9", "sub_account_id": "2",
        "charge_category": "Usage", "pricing_category": "Standard", "x_service_code": "AmazonSageMaker",
        "x_usage_type": "USE1-Host:ml.m5.xlarge", "is_split_cost": False, "billing_currency": currency,
        "commitment_discount_id": commitment, "charge_period_start": f"2026-10-{day:02} 00:00:00",
        "charge_period_end": f"2026-10-{day:02} 01:00:00",
    }  # fmt: skip
    return usual | told | amounts | kind


charges = st.builds(
    charge,
    st.sampled_from(KINDS),
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(["one", "two"]),
    st.integers(1, 31),
    st.fixed_dictionaries(
        {
            "x_lacking_column": st.sampled_from([None, None, None, "savings_plan_savings_plan_effective_cost"]),
            "list_unit_price": st.sampled_from([1, 1, None]),
            "resource_id": st.sampled_from(["a", "b"]),
        }
    ),
    st.fixed_dictionaries(dict.fromkeys(("billed_cost", "effective_cost", "list_cost", "contracted_cost"), money)),
)

# Whatever attribution decides, the parts of a charge are that charge: here the first resource has two models.
ATTRIBUTED = """
    SELECT * EXCLUDE (effective_cost, list_cost, part), 'team ' || part AS team,
        CASE WHEN part = 1 THEN 0.3333333333 WHEN part = 2 THEN effective_cost - 0.3333333333 ELSE effective_cost END
            AS effective_cost,
        CASE WHEN part = 1 THEN -0.0000000007 WHEN part = 2 THEN list_cost + 0.0000000007 ELSE list_cost END
            AS list_cost
    FROM (
        SELECT billing_period, charge_category, commitment_id, commitment_status, billing_currency, effective_cost,
            list_cost, unnest(CASE WHEN resource_id = 'a' THEN [1, 2] ELSE [0] END) AS part
        FROM daily_charges
    )
"""


@contextmanager
def made_of(rows: Sequence[Row]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the tables that come of these line items."""
    statements = {
        "daily_charges": daily_charges_sql(),
        "attributed_costs": ATTRIBUTED,
        "commitment_coverage": statement_of("commitment_coverage"),
        "commitment_benefits": statement_of("commitment_benefits"),
    }
    with holding("\n".join([*statements.values(), FINDINGS]), {"line_items": rows}, *MADE) as connection:
        for name, sql in statements.items():
            run(connection, f"INSERT INTO {name} BY NAME {sql}", GIVEN)
        yield connection


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(charges, max_size=25))
def test_what_commitments_cost_is_conserved_and_their_benefits_add_up(rows: list[Mapping[str, Any]]) -> None:
    with made_of(rows) as connection:
        found = run(connection, FINDINGS, GIVEN).fetchall()
        assert [text for finding, text in found if finding == "untied"] == []
        kept = "used_cost + unused_cost = committed_cost AND covered_list_cost - committed_cost IS NOT DISTINCT FROM savings"
        wrong = f"SELECT commitment_id FROM commitment_coverage WHERE used_cost IS NOT NULL AND NOT ({kept})"
        assert connection.execute(wrong).fetchall() == []
        expected = sum(
            row["effective_cost"]
            for row in rows
            if row.get("commitment_discount_status") and row["charge_category"] == "Usage"
        )
        told = all(row["x_lacking_column"] is None for row in rows)
        total = "SELECT coalesce(sum(committed_cost), 0) FROM commitment_coverage"
        assert not told or connection.execute(total).fetchone() == (expected,)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(charges, max_size=15), order=st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[Mapping[str, Any]], order: Any) -> None:
    shuffled = order.sample(rows, len(rows))
    everything = "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM commitment_coverage ORDER BY ALL"
    sides = []
    for side in (rows, shuffled):
        with made_of(side) as connection:
            sides.append(connection.execute(everything).fetchall())
    assert sides[0] == sides[1]
