"""An upgrade reaches closed months: what a table's code reads is part of its version, and no month is left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mlcost_assets
from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.automation.run import refresh_now
from mlcost_assets.lake import sources
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime.versions import LOOKED_AT, code_version, whole_version
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

PACKAGE = Path(mlcost_assets.__file__).parent


def forget() -> None:
    """What was found of a text is not kept."""
    for found in (code_version, whole_version, sources.sources, sources.macros, sources._text):
        found.cache_clear()


def reworded(
    monkeypatch: pytest.MonkeyPatch, path: str, table: str, old: str = "", new: str = "another",
    version: Callable[[], str] | None = None,
) -> bool:  # fmt: skip
    """Whether `table` has another version when the file at `path` has `new` in place of `old`, or at its end."""
    version = version or (lambda: code_version(table))
    before, read = version(), Path.read_text

    def read_another(file: Path, *given: Any, **options: Any) -> str:
        text = read(file, *given, **options)
        if file != PACKAGE / path:
            return text
        assert old in text
        return text.replace(old, new) if old else f"{text}\n{new}"

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", read_another)
        forget()
        after = version()
    forget()
    return after != before


def test_a_version_covers_the_macros_and_the_files_that_a_statement_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = "macros/resource_keys.sql"
    assert reworded(monkeypatch, "attribution/resolve/usage_classes.yaml", "billed_things")
    assert reworded(
        monkeypatch,
        "attribution/macros.sql",
        "billed_things",
        "MACRO billed_thing(c) AS",
        "MACRO billed_thing(c) AS 1 +",
    )
    assert reworded(monkeypatch, keys, "billed_things", "MACRO resource_key(", "MACRO resource_key(one, ")
    assert reworded(
        monkeypatch, keys, "billed_things", "MACRO sagemaker_resource_type(", "MACRO sagemaker_resource_type(one, "
    )
    assert reworded(monkeypatch, "billing/services.csv", "line_items")
    assert not reworded(monkeypatch, "attribution/claims/flows.yaml", "billed_things")
    assert not reworded(monkeypatch, "attribution/macros.sql", "billed_things", "MACRO divided(", "MACRO divided(one, ")


def test_a_version_covers_every_statement_on_the_way_and_the_tables_of_its_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for path in (
        "settle/direct_parts.sql",
        "settle/pooled_costs.sql",
        "settle/split_counts.sql",
        "settle/attribution_evidence.sql",
    ):
        assert reworded(monkeypatch, f"attribution/{path}", "attributed_costs")
    assert reworded(monkeypatch, "billing/daily_charges.sql", "attributed_costs")
    assert reworded(monkeypatch, "reports/tag_states.sql", "tag_compliance")
    assert reworded(monkeypatch, "metadata/kinds/ec2.yaml", "sightings")
    assert not reworded(monkeypatch, "attribution/decide/owners.sql", "attributed_costs")


@pytest.mark.parametrize(
    ("path", "comment"), [("resolve/billed_things.sql", "-- another"), ("resolve/usage_classes.yaml", "# another")]
)
def test_a_comment_makes_no_month_anew(monkeypatch: pytest.MonkeyPatch, path: str, comment: str) -> None:
    assert not reworded(monkeypatch, f"attribution/{path}", "billed_things", new=comment)


def test_every_file_of_words_is_named_by_a_relation() -> None:
    rooms = ("attribution", "tags", "billing", "metadata")
    files = {str(file.relative_to(PACKAGE)) for kind in ("yaml", "csv") for room in rooms for file in (PACKAGE / room).rglob(f"*.{kind}")}  # fmt: skip
    named = {part for name in relations() for part in sources.made_of(name)}
    assert files - {f"{room}/tables.yaml" for room in rooms} <= named


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


@pytest.mark.parametrize(
    "path", ["attribution/names/name_dictionary.sql", "tags/words.yaml", "lineage/stated/around.sql", "metadata/kinds/ec2.yaml"]
)  # fmt: skip
def test_a_version_covers_what_is_made_whole(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert reworded(monkeypatch, path, "", version=whole_version)


def test_after_other_code_of_names_and_claims_every_month_is_looked_at_and_only_what_changed_is_made(
    world: World,
) -> None:
    for period in ("2026-08", "2026-09", "2026-10"):
        made_before(world, LOOKED_AT, period)
    before = made_by(world, "thing_owners")
    assert plan_refresh(world.config, look_at_files=True).periods == ["2026-08", "2026-09", "2026-10"]
    world.refresh("2026-08")
    assert plan_refresh(world.config, look_at_files=True).periods == ["2026-09", "2026-10"]
    world.refresh()
    assert plan_refresh(world.config, look_at_files=True).periods == []
    # A month that is asked for by name is made anew whatever it was made by.
    assert {period for period, _ in made_by(world, "thing_owners") - before} == {"2026-08"}


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
    assert said == ["This version looks at 2 months (2026-08 to 2026-09) again, which another version made."]
