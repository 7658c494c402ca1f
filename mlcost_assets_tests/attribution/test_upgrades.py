"""An upgrade reaches closed months: what a table's code reads is part of its version, and no month is left behind."""

import re
from pathlib import Path

import pytest

import mlcost_assets
from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.automation.run import refresh_now
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime import versions
from mlcost_assets.runtime.versions import FILLED, code_version
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

PACKAGE = Path(mlcost_assets.__file__).parent


def reworded(monkeypatch: pytest.MonkeyPatch, name: str, sql: str) -> bool:
    """Whether `sql` has another version when the macro (`name(`) or file that `name` stands for is another."""
    before = code_version(sql)
    monkeypatch.setitem(versions._pieces(), name, versions._pieces()[name] + " another")
    return code_version(sql) != before


def test_a_version_covers_the_macros_and_the_files_that_a_statement_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    things = (PACKAGE / "attribution/resolve/billed_things.sql").read_text(encoding="utf-8")
    charges = (PACKAGE / "billing/cur2.sql").read_text(encoding="utf-8")
    assert reworded(monkeypatch, "usage_classes", things)
    assert reworded(monkeypatch, "billed_thing(", things)
    assert reworded(monkeypatch, "resource_key(", things)
    assert reworded(monkeypatch, "sagemaker_resource_type(", things)  # which resource_key uses
    assert reworded(monkeypatch, "services", charges)
    assert not reworded(monkeypatch, "flows", things)
    assert not reworded(monkeypatch, "is_gpu_machine(", things)


def test_a_comment_makes_no_month_anew() -> None:
    assert code_version("-- one\nSELECT 1") == code_version("-- another\nSELECT 1") != code_version("SELECT 2")


def test_every_macro_and_every_file_of_words_is_known() -> None:
    macros = {
        name
        for file in PACKAGE.rglob("*.sql")
        if file.name != "lines.sql"  # how bytes of a plain file become lines
        for name in re.findall(r"CREATE OR REPLACE (?:TEMP )?MACRO (\w+)", file.read_text(encoding="utf-8"))
    }
    assert {f"{name}(" for name in macros} <= versions._pieces().keys()
    files = {str(file.relative_to(PACKAGE)) for kind in ("yaml", "csv") for room in ("attribution", "tags", "billing") for file in (PACKAGE / room).rglob(f"*.{kind}")}  # fmt: skip
    assert files - {f"{room}/tables.yaml" for room in ("attribution", "tags", "billing")} <= set(FILLED.values())


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("three") / "months")
    for period in ("2026-08", "2026-09", "2026-10"):
        world.bill([charge(cost=1.0, at=f"{period}-05T14:00:00")], period=period)
    world.refresh()
    return world


@pytest.fixture
def world(three_months: World, tmp_path: Path) -> World:
    """A copy of it, to go on with."""
    return three_months.copy(tmp_path / "world")


def made_by(world: World, table: str) -> set[tuple[str, str]]:
    """When and by what code each month of the table was made."""
    return set(world.query("SELECT billing_period, version FROM made WHERE table_name = $table", table=table))


def made_before(world: World, table: str, period: str) -> None:
    """Lets a month of the table be made by the code of another version."""
    with LakeWriter(world.config) as lake:
        lake.connection.execute(
            "UPDATE made SET made_from = regexp_replace(made_from, '[0-9a-f]{12}$', 'an0therc0de1') WHERE table_name = ? AND billing_period = ?",
            [table, period],
        )
        lake.publish()


@pytest.mark.parametrize("table", ["billed_things", "model_costs", "line_items"])
def test_a_closed_month_that_other_code_made_is_made_anew_and_the_others_stay(world: World, table: str) -> None:
    assert plan_refresh(world.config, look_at_files=True).periods == []
    made_before(world, table, "2026-08")
    assert plan_refresh(world.config, look_at_files=True).periods == ["2026-08"]
    before = made_by(world, table)
    world.refresh()
    assert {period for period, _ in made_by(world, table) - before} == {"2026-08"}
    assert plan_refresh(world.config, look_at_files=True).periods == []


def test_a_refresh_says_before_it_starts_what_an_upgrade_makes_anew(world: World) -> None:
    made_before(world, "billed_things", "2026-08")
    made_before(world, "billed_things", "2026-09")
    said: list[str] = []
    refresh_now(world.config, [], everything=False, quiet=True, say=said.append)
    assert said == ["This version makes 2 months (2026-08 to 2026-09) anew, which another version made."]
