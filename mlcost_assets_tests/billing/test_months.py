"""Folders that name months which cannot be: each is told as a problem of its export, and the other months load."""

from datetime import UTC, datetime

import pytest

from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.runtime import months
from mlcost_assets.runtime.months import no_month
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

IMPOSSIBLE = ("0000-00", "2014-11", "2026-13", "9999-12")


def test_months_that_cannot_be_are_problems_of_their_export_and_the_rest_loads(world: World) -> None:
    for month in IMPOSSIBLE:
        world.bill([charge(cost=9.0)], period=month)
    world.bill([charge(cost=1.0)])
    (world.root() / "data" / "BILLING_PERIOD=2026-00").mkdir()  # data files without a manifest
    done = world.refresh()
    (said,) = (line for line in done.failed_checks if "every_drop_is_loaded" in line)
    for month in (*IMPOSSIBLE, "2026-00"):
        assert f"payer {month} is left out: " in said
    assert world.query("SELECT billing_period, sum(billed_cost) FROM attributed_costs GROUP BY 1") == [("2026-10", 1)]
    again = world.refresh()
    assert "Nothing changed" in again.headline
    assert any("payer 2026-13 is left out: there is no such month" in line for line in again.failed_checks)
    plan = plan_refresh(world.config)  # what sensors and doctor look at
    assert plan.known_periods == ("2026-10",)
    assert len(plan.problems) == len(IMPOSSIBLE)


@pytest.mark.parametrize("month", ["2015-01", "2026-10", "2026-12", "2027-01"])
def test_months_up_to_the_next_one_can_be(month: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class December(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "December":
            return cls(2026, 12, 31, 23, 59, tzinfo=UTC)

    monkeypatch.setattr(months, "datetime", December)
    assert no_month(month) is None
    assert no_month("2027-02") is not None
