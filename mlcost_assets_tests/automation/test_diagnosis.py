"""`mlcost doctor` after a refresh that could not load everything: it names each drop, and is not content."""

from pathlib import Path

from mlcost_assets.automation.diagnosis import diagnose
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

CONTENT = "everything that was delivered is loaded"


def test_what_is_rejected_shadowed_waiting_or_set_aside_is_named_with_its_mend(tmp_path: Path) -> None:
    world = World(tmp_path / "world", exports=("good", "cut", "twin", "late"))
    world.bill([charge(cost=1.0), charge(cost="convertible")], export="good", kind="csv")  # type: ignore[arg-type]
    world.bill([charge(bill_payer_account_id="333333333333")], export="cut")
    world.bill([charge(cost=1.0)], export="twin")
    world.bill([charge(bill_payer_account_id="444444444444")], export="late")
    (cut,) = (world.root("cut") / "data").rglob("*.parquet")
    cut.write_bytes(cut.read_bytes()[:-100])
    (late,) = (world.root("late") / "data").rglob("*.parquet")
    late.unlink()
    with LakeWriter(world.config) as lake:
        Ingested(world, lake).load()
        lake.publish()
    wrong = [finding for finding in diagnose(world.config) if not finding.ok and "2026-10" in finding.what]
    assert [finding.what.split(":")[0] for finding in wrong] == [
        "good 2026-10", "twin 2026-10 does not count", "cut 2026-10 is rejected", "late 2026-10 is waiting",
    ]  # fmt: skip
    assert all(finding.mend for finding in wrong)
    assert CONTENT not in [finding.what for finding in diagnose(world.config)]


def test_it_is_content_where_nothing_is_wrong(world: World) -> None:
    world.bill([charge()])
    with LakeWriter(world.config) as lake:
        Ingested(world, lake).load()
        lake.publish()
    assert CONTENT in [finding.what for finding in diagnose(world.config)]
