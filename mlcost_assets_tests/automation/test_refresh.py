"""A refresh does what changed and nothing else, and its checks say what they found."""

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.runtime.partitions import contiguous
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, record


def made(world: World) -> dict[tuple[str, str], str]:
    rows = world.query("SELECT table_name, billing_period, version FROM internal.made")
    return {(table, period): version for table, period, version in rows}


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An installation of two months, refreshed."""
    world = World(tmp_path_factory.mktemp("two") / "months")
    world.bill([charge(cost=1.0, at="2026-09-05T00:00:00", line_item_resource_id="i-1")], period="2026-09")
    world.bill([charge(cost=2.0, line_item_resource_id="i-2")], period="2026-10")
    world.refresh()
    return world


@pytest.fixture
def standing(two_months: World, tmp_path: Path) -> World:
    """A copy of it, to go on with."""
    return two_months.copy(tmp_path / "standing")


def test_a_second_refresh_does_nothing_and_a_changed_manifest_only_its_period(standing: World) -> None:
    world = standing
    version, before = Catalog(world.config).version(), made(world)
    assert "Nothing changed" in world.refresh().headline
    assert Catalog(world.config).version() == version
    world.bill([charge(cost=3.0)], period="2026-10", execution="2")
    world.refresh()
    after = made(world)
    assert {key for key in after if after[key] != before.get(key)} == {key for key in after if key[1] == "2026-10"}


def test_new_metadata_attributes_only_the_months_whose_evidence_it_changes(standing: World) -> None:
    world = standing
    before = made(world)
    world.land(record("ec2:DescribeInstances", "i-2", {"InstanceId": "i-2"}, tags={"team": "risk"}))
    world.refresh()
    after = made(world)
    assert after["attributed_costs", "2026-10"] != before["attributed_costs", "2026-10"]
    assert after["attributed_costs", "2026-09"] == before["attributed_costs", "2026-09"]
    told = CliRunner().invoke(cli, ["attribution", "diff", "--config", str(world.folder / "mlcost.yaml")]).output
    assert "changed hands  2.00" in told
    assert "(i-2): team nobody → risk" in told
    assert "now: tagged team = risk on the resource" in told
    assert "2026-09" not in told


def test_other_rules_are_applied_by_the_next_refresh_and_change_only_the_months_of_which_they_speak(
    standing: World,
) -> None:
    world = standing
    before = made(world)
    world.rules("rules: [{name: two, when: {resource_id: i-2}, set: {team: risk}}]")
    assert "2026-09 to 2026-10" in world.refresh().headline
    after = made(world)
    assert after["attributed_costs", "2026-10"] != before["attributed_costs", "2026-10"]
    assert after["attributed_costs", "2026-09"] == before["attributed_costs", "2026-09"]
    assert "Nothing changed" in world.refresh().headline
    world.rules("splits: [{name: both, when: {resource_id: i-2}, by: even, to: [risk, growth]}]")
    world.refresh()
    teams = world.query("SELECT team, effective_cost FROM attributed_costs WHERE resource_id = 'i-2' ORDER BY team")
    assert teams == [("growth", Decimal(1)), ("risk", Decimal(1))]


def test_checks_name_what_is_wrong(world: World) -> None:
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/mystery", 90.0), charge(cost=10.0)])
    done = world.refresh()
    assert any(
        "ml_spend_has_owners: 100.0% of the ML charges of 2026-10" in line and "90.00 of 90.00 USD" in line
        for line in done.failed_checks
    )
    assert [line for line in done.warnings if "tags_comply" in line] == [
        "tag_compliance · tags_comply: Tags of 2026-10: environment 0%, model 0%, project 0%, team 0% (wanted 80%)."
        " Largest gap: environment of SageMaker of no known team in 222222222222 (90.00 USD). See `mlcost tags audit`."
    ]
    found = world.query("SELECT check_name, passed FROM data_quality WHERE asset = 'attributed_costs' ORDER BY 1")
    assert found == [("conserves_total", True), ("ml_spend_has_owners", False)]


def test_a_blocking_check_stops_the_run_before_anything_is_published(
    standing: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = standing
    version = Catalog(world.config).version()
    world.bill([charge(cost=7.0)], period="2026-10", execution="2")
    from mlcost_assets.attribution.settle import attribute
    from mlcost_assets.automation.run import refresh_now

    real = attribute.attribute_period

    def loses_a_cent(lake: object, period: str) -> None:
        real(lake, period)  # type: ignore[arg-type]
        lake.connection.execute("UPDATE attributed_costs SET effective_cost = effective_cost - 0.01")  # type: ignore[attr-defined]

    monkeypatch.setattr("mlcost_assets.attribution.assets.attribute_period", loses_a_cent)
    done = refresh_now(world.config, [], everything=False, quiet=True)
    assert "conserves_total: 2026-10 is off by 0E-10, -0.0100000000" in done.failures[0]
    assert Catalog(world.config).version() == version
    assert world.query("SELECT sum(effective_cost) FROM attributed_costs") == [(Decimal(3),)]


def test_an_export_that_left_the_configuration_leaves_the_bill(standing: World) -> None:
    world = standing
    (world.folder / "billing" / "renamed").mkdir()
    world.bill([charge(cost=2.0)], export="renamed")
    world.configure(exports=("renamed",))
    world.refresh()
    assert world.query("SELECT export_name, sum(billed_cost) FROM attributed_costs GROUP BY 1") == [
        ("renamed", Decimal(2))
    ]


@pytest.mark.parametrize(
    ("wanted", "known", "ranges"),
    [
        (["2026-10"], ["2026-10"], [("2026-10", "2026-10")]),
        (["2026-08", "2026-10"], ["2026-08", "2026-09", "2026-10"], [("2026-08", "2026-10")]),
        (["2018-11", "2026-10"], ["2018-11", "2026-10"], [("2018-11", "2018-11"), ("2026-10", "2026-10")]),
        (["2025-12", "2026-01"], [], [("2025-12", "2026-01")]),
    ],
)
def test_periods_run_together_where_no_unknown_month_lies_between(
    wanted: list[str], known: list[str], ranges: list[tuple[str, str]]
) -> None:
    assert contiguous(wanted, known) == ranges
