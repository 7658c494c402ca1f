"""The same month exported as a legacy report, as CUR 2.0 and as FOCUS gives the same attributed_costs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from mlcost_assets.automation.instance import open_instance
from mlcost_assets.automation.run import refresh_now
from mlcost_assets_tests import same_month
from mlcost_assets_tests.exports import write_export
from mlcost_assets_tests.same_month import FOCUS_1_0, FOCUS_1_2, month, write_focus, write_report
from mlcost_assets_tests.world import World

FORMATS: dict[str, Callable[[Path], Any]] = {
    "CUR": lambda root: write_report(root, month()),
    "CUR 2.0": lambda root: write_export(root, month()),
    "FOCUS 1.0": lambda root: write_focus(root, month(), FOCUS_1_0),
    "FOCUS 1.2": lambda root: write_focus(root, month(), FOCUS_1_2),
}
# docs/focus.md, "What the formats themselves force".
ROWS = """
    SELECT * EXCLUDE (export_name, evidence_id)
    FROM attributed_costs
    WHERE (billed_cost, effective_cost, list_cost, contracted_cost) <> (0, 0, 0, 0)
    ORDER BY ALL
"""


def attributed(folder: Path, format_: str) -> list[dict[str, Any]]:
    world = World(folder)
    FORMATS[format_](world.root())
    refresh_now(world.config, [], everything=False, quiet=True)
    told = {"CUR": "cur", "CUR 2.0": "cur2"}.get(format_, "focus")
    assert drop_in_the_ui(world)["format"] == told  # nobody configured it
    assert world.query("SELECT state, quarantined_rows FROM billing_drops") == [("loaded", 0)]
    return world.dicts(ROWS)


def drop_in_the_ui(world: World) -> dict[str, Any]:
    """What Dagster shows of the one drop that the newest run took up."""
    event = open_instance(world.config).get_latest_materialization_event(dg.AssetKey("billing_drops"))
    assert event is not None
    assert event.asset_materialization is not None
    table = event.asset_materialization.metadata["drops"]
    assert isinstance(table, dg.TableMetadataValue)
    (record,) = table.records
    return dict(record.data)


@pytest.fixture(scope="module")
def as_cur_2(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return attributed(tmp_path_factory.mktemp("cur2") / "world", "CUR 2.0")


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "CUR 2.0"])
def test_every_format_gives_the_same_attributed_costs(
    as_cur_2: list[dict[str, Any]], tmp_path: Path, format_: str
) -> None:
    assert attributed(tmp_path / "world", format_) == as_cur_2


def test_the_month_has_every_kind_of_charge_that_all_formats_tell() -> None:
    types = {row["line_item_line_item_type"] for row in same_month.month()}
    assert types == {
        "Usage", "DiscountedUsage", "RIFee", "Fee", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee",
        "SavingsPlanUpfrontFee", "Tax", "Credit",
    }  # fmt: skip
