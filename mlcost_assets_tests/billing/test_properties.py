"""For any set of line items, split over any files in any order: totals and rows are the export's."""

import random
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

TYPES = [
    "Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee",
    "RIFee", "Fee", "Tax", "Credit", "Refund", "BundledDiscount", "EdpDiscount", "PrivateRateDiscount", "NewType",
]  # fmt: skip

rows = st.builds(
    lambda type_, quanta, hour, plan: charge(
        type_,
        float(Decimal(quanta).scaleb(-10)),
        at=f"2026-10-05T{hour:02}:00:00",
        savings_plan_savings_plan_a_r_n=plan if "SavingsPlan" in type_ else None,
        reservation_reservation_a_r_n=plan if type_ in ("RIFee", "DiscountedUsage") else None,
    ),
    st.sampled_from(TYPES),
    st.integers(-(10**13), 10**13),
    st.integers(0, 3),
    st.sampled_from(["plan-1", "plan-2"]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(rows, min_size=1, max_size=40),
    chunks=st.integers(1, 3),
    kind=st.sampled_from(["parquet", "csv"]),
    seed=st.randoms(),
)
def test_whatever_was_exported_is_billed_to_the_last_digit(
    rows: list[dict[str, Any]], chunks: int, kind: str, seed: random.Random
) -> None:
    exported = sum(Decimal(repr(row["line_item_unblended_cost"])) for row in rows)
    fees = sum(row["line_item_line_item_type"] in ("RIFee", "SavingsPlanRecurringFee") for row in rows)
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(folder / "world")
        with LakeWriter(world.config) as lake:
            ingested = Ingested(world, lake)
            sides = []
            for execution in ("one", "two"):
                world.bill(rows, chunks=chunks, kind=kind, execution=execution)
                (outcome,) = ingested.load()
                assert (outcome.state, outcome.rows, outcome.billed_cost) == ("loaded", len(rows), exported)
                ((count, billed),) = [
                    tuple(row.values()) for row in ingested.rows("SELECT count(*), sum(billed_cost) FROM line_items")
                ]
                assert (count, billed) == (len(rows) + fees, exported)
                sides.append(
                    ingested.rows("SELECT charge_category, billed_cost, effective_cost FROM line_items ORDER BY ALL")
                )
                seed.shuffle(rows)
            # The order of rows and files decides nothing but which of equal negations carries the residual.
            assert sides[0] == sides[1] or any("Negation" in row["line_item_line_item_type"] for row in rows)
    finally:
        shutil.rmtree(folder)
