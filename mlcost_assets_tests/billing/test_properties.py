"""For any set of line items, in any format, split over any files in any order: rows and totals are the export's, and
loading again changes nothing."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlcost_assets.billing import ledger
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import Row, charge, write_export
from mlcost_assets_tests.same_month import FOCUS_1_0, FOCUS_1_2, PLAN, RESERVATION, as_focus, write_focus, write_report
from mlcost_assets_tests.world import World

TYPES = [
    "Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee",
    "RIFee", "Fee", "Tax", "Credit", "Refund", "BundledDiscount", "EdpDiscount", "PrivateRateDiscount", "NewType",
]  # fmt: skip


def line_item(type_: str, quanta: int, hour: int, plan: str, tags: dict[str, str], resource: str) -> Row:
    return charge(
        type_,
        float(Decimal(quanta).scaleb(-10)),
        at=f"2026-10-05T{hour:02}:00:00",
        savings_plan_savings_plan_a_r_n=PLAN + plan if "SavingsPlan" in type_ else None,
        savings_plan_savings_plan_effective_cost=0.5,
        savings_plan_total_commitment_to_date=2.0,
        savings_plan_used_commitment=1.5,
        reservation_reservation_a_r_n=RESERVATION if type_ in ("RIFee", "DiscountedUsage") else None,
        reservation_effective_cost=0.25,
        reservation_unused_amortized_upfront_fee_for_billing_period=0.125,
        reservation_unused_recurring_fee=0.125,
        line_item_resource_id=resource,
        line_item_availability_zone=None,
        product_sku="SKU1",
        pricing_rate_code="SKU1.JRTC.6YS6",
        resource_tags={f"user_{key}": value for key, value in tags.items()},
    )


line_items = st.builds(
    line_item,
    st.sampled_from(TYPES),
    st.integers(-(10**13), 10**13),
    st.integers(0, 3),
    st.sampled_from(["1", "2"]),
    st.dictionaries(st.sampled_from(["team", "model"]), st.sampled_from(["risk", "churn, v2", "Über"])),
    st.sampled_from(["i-1", "i-2", ""]),
)


def exported_as_is(row: Row) -> list[Decimal]:
    return [Decimal(repr(row["line_item_unblended_cost"]))]


def exported_as_focus(row: Row) -> list[Decimal]:
    return [Decimal(repr(one["billed_cost"])) for one in as_focus(row)]


# How each format is delivered, and what a line item is in it: the costs of its rows.
FORMATS: dict[str, tuple[Callable[..., Any], Callable[[Row], list[Decimal]]]] = {
    "cur": (write_report, exported_as_is),
    "cur2": (write_export, exported_as_is),
    "focus-1.0": (lambda root, rows, **how: write_focus(root, rows, FOCUS_1_0, **how), exported_as_focus),
    "focus-1.2": (lambda root, rows, **how: write_focus(root, rows, FOCUS_1_2, **how), exported_as_focus),
}
# A fee that holds two charges becomes two; FOCUS exports have both already.
TWO_CHARGES = ("RIFee", "SavingsPlanRecurringFee")
# Which of equal negations carries the residual is decided by the order of files.
CHARGES = """
    SELECT * EXCLUDE (export_name, x_source_file, x_source_row, billed_cost),
        CASE WHEN x_line_item_type IS DISTINCT FROM 'SavingsPlanNegation' THEN billed_cost END AS billed_cost
    FROM line_items
    ORDER BY ALL
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingested]:
    """One working copy for all examples; each loads an export of its own and retires it."""
    world = World(tmp_path_factory.mktemp("properties") / "world")
    with LakeWriter(world.config) as lake:
        yield Ingested(world, lake)


def new_export(shared: Ingested) -> tuple[str, Path]:
    name = f"export-{len(list((shared.world.folder / 'billing').iterdir()))}"
    shared.world.root(name).mkdir()
    shared.world.configure(exports=(name,))
    return name, shared.world.root(name)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(line_items, min_size=3, max_size=60),
    chunks=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    order=st.randoms(),
)
def test_whatever_was_exported_is_billed_to_the_last_digit(
    shared: Ingested, format_: str, kind: str, rows: list[Row], chunks: tuple[int, int], order: random.Random
) -> None:
    deliver, exported = FORMATS[format_]
    for number, row in enumerate(rows):  # two files of the same content would be twins
        row |= {"identity_line_item_id": f"item-{number}", "line_item_line_item_description": f'a, "b"\n{number}'}
    costs = [cost for row in rows for cost in exported(row)]
    split = 0 if "focus" in format_ else sum(row["line_item_line_item_type"] in TWO_CHARGES for row in rows)
    export, root = new_export(shared)
    sides = []
    for execution, files in zip(("one", "two"), chunks, strict=True):
        deliver(root, rows, kind=kind, chunks=files, execution=execution)
        (outcome,) = shared.load()
        assert (outcome.state, outcome.rows, outcome.billed_cost) == ("loaded", len(costs), sum(costs)), outcome.reason
        count = "SELECT count(*) AS rows, coalesce(sum(billed_cost), 0) AS billed FROM line_items"
        assert shared.rows(count) == [{"rows": len(costs) + split, "billed": sum(costs)}]
        assert shared.load() == []
        sides.append(shared.rows(CHARGES))
        order.shuffle(rows)
    assert sides[0] == sides[1]
    ledger.retire(shared.lake.connection, export, "2026-10")
