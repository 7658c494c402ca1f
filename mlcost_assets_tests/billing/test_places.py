"""A place without a bill: what was found there, and what to do about it."""

import shutil
from pathlib import Path

import pytest

from mlcost_assets.billing.plan import make_plan
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World


def said(world: World, uri: str = "billing/payer") -> str:
    """Why no bill is found at `uri`."""
    (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{{name: payer, uri: '{uri}'}}]}}\n")
    plan = make_plan(world.config, None)
    assert plan.known_periods == ()
    assert list(plan.problems) == [f"payer: {plan.unreachable['payer']}"]
    return plan.unreachable["payer"]


def legacy(root: Path) -> Path:
    """A legacy report below `root`, as AWS lays it out; gives the folder of its month."""
    month = root / "prefix" / "report" / "20261001-20261101"
    month.mkdir(parents=True)
    (month / "report-Manifest.json").write_text('{"reportKeys": ["20261001-20261101/report-00001.csv.gz"]}')
    (month / "report-00001.csv.gz").write_bytes(b"")
    return month


def test_an_empty_folder_is_empty(world: World) -> None:
    assert "is empty. Put a bill there (.csv, .csv.gz, .zip or .parquet)" in said(world)


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_so_is_an_empty_bucket_and_a_file_that_is_not_there(world: World, s3: S3Server) -> None:
    assert f"s3://{s3.bucket} is empty" in said(world, f"s3://{s3.bucket}")
    assert f"s3://{s3.bucket}/bill.csv is empty" in said(world, f"s3://{s3.bucket}/bill.csv")


def test_files_of_other_kinds_are_named(world: World) -> None:
    for name in ("bill.xlsx", "bill.pdf", "notes.txt", "x.txt"):
        (world.root() / name).write_text("")
    assert "holds no bill, only bill.pdf, bill.xlsx, notes.txt and 1 more. A bill is a .csv" in said(world)


def test_the_folder_of_data_without_a_manifest_says_how_to_read_it_all_the_same(world: World) -> None:
    world.bill([charge()])
    shutil.rmtree(world.root() / "metadata")
    found = said(world)
    assert "has data files of 2026-10 as AWS lays them out, but no manifest" in found
    named = found.rpartition("name their folder: ")[2]
    assert named == str(world.root() / "data")
    (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{{name: payer, uri: '{named}'}}]}}\n")
    assert make_plan(world.config, None).known_periods == ("2026-10",)


def test_a_legacy_report_without_a_manifest_is_told_like_that(world: World) -> None:
    month = legacy(world.root())
    (month / "report-Manifest.json").unlink()
    found = said(world)
    assert "has data files of 2026-10 as AWS lays them out" in found
    assert found.endswith(str(month))


@pytest.mark.parametrize("inside", ["metadata", "metadata/BILLING_PERIOD=2026-10"])
def test_a_folder_inside_an_export_names_the_one_above(world: World, inside: str) -> None:
    world.bill([charge()])
    assert f"Name the export's own: {world.root()}, the folder that holds" in said(world, f"billing/payer/{inside}")


def test_so_does_a_month_of_a_legacy_report(world: World) -> None:
    month = legacy(world.root())
    found = said(world, str(month))
    assert f"Name the export's own: {month.parent}, the folder that holds" in found
    assert "one folder a month (20261001-20261101/ with <report>-Manifest.json)" in found
    for place in (month.parent, month.parents[1], world.root()):
        (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{{name: payer, uri: '{place}'}}]}}\n")
        assert make_plan(world.config, None).known_periods == ("2026-10",)
