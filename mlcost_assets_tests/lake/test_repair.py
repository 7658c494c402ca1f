"""A lake with a lost data file or a damaged catalog is mended from exports and records, and what is lost is said."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

TOTALS = "SELECT billing_period, sum(billed_cost), any_value(team) FROM attributed_costs GROUP BY 1 ORDER BY 1"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two months and a record, refreshed twice."""
    world = World(tmp_path_factory.mktemp("sound"))
    job = sagemaker("Train:ml.g5.xlarge", "training-job/churn-1", 5.0)
    world.bill([charge(cost=1.0, at="2026-09-05T00:00:00")] * 200, period="2026-09")
    world.bill([job] * 200)
    world.land(record("sagemaker:DescribeTrainingJob", arn("training-job/churn-1"), {"TrainingJobName": "churn-1"}, tags={"team": "risk"}))  # fmt: skip
    world.refresh()
    world.bill([job] * 300, execution="second")
    world.refresh()
    return world


@pytest.fixture
def world(sound: World, tmp_path: Path) -> World:
    return sound.copy(tmp_path / "copy")


def mlcost(world: World, *arguments: str) -> tuple[int, str]:
    given = [*arguments, "--config", str(world.folder / "mlcost.yaml")]
    done = CliRunner().invoke(cli, given, standalone_mode=False)
    return done.exit_code if done.exception else int(done.return_value or 0), done.output


def data_files(world: World, table: str) -> list[Path]:
    return sorted((Path(world.config.lake) / "data").glob(f"*/{table}/**/*.parquet"))


def remove(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def scribble(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4] + b"\xff" * (len(content) - 8) + content[-4:])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "harm"),
    [("line_items", cut), ("line_items", scribble), ("*", remove)],
    ids=["cut", "scribbled", "all removed"],
)
def test_lost_data_files_are_made_anew(world: World, table: str, harm: Callable[[Path], None]) -> None:
    files = data_files(world, table)
    assert files
    for file in files:
        harm(file)
    if harm is not scribble:  # whose size is right: only reading tells
        assert "of the lake are lost" in mlcost(world, "doctor")[1]
    code, said = mlcost(world, "doctor", "--repair")
    assert code in (0, 3), said
    assert table == "*" or f"lost     {table}" in said
    assert world.query(TOTALS) == [("2026-09", 200, None), ("2026-10", 1500, "risk")]
    assert world.query("SELECT sum(billed_cost) FROM line_items") == [(1700,)]
    assert mlcost(world, "verify")[0] == 0
    assert "The lake is sound" in mlcost(world, "doctor", "--repair")[1]
    assert "Nothing changed" in mlcost(world, "refresh")[1]


@pytest.mark.slow
def test_what_no_export_holds_any_more_is_said_to_be_lost(world: World) -> None:
    shutil.rmtree(world.root() / "data" / "BILLING_PERIOD=2026-09")
    shutil.rmtree(world.root() / "metadata" / "BILLING_PERIOD=2026-09")
    for file in data_files(world, "line_items"):
        file.unlink()
    code, said = mlcost(world, "doctor", "--repair")
    assert code == 3, said
    assert "payer 2026-09 is lost: a data file of the lake was lost, and no export holds this period any more" in said
    assert world.query("SELECT sum(billed_cost) FROM line_items") == [(1500,)]
    assert world.query(TOTALS) == [("2026-10", 1500, "risk")]
    world.bill([charge(cost=1.0, at="2026-09-05T00:00:00")] * 200, period="2026-09")
    world.refresh()
    assert world.query(TOTALS) == [("2026-09", 200, None), ("2026-10", 1500, "risk")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "spare", "command"),
    [("damaged", "sound", ("doctor", "--repair")), ("gone", "damaged", ("refresh", "--all"))],
)
def test_a_lost_catalog_is_brought_back(world: World, lost: str, spare: str, command: tuple[str, ...]) -> None:
    lake = Path(world.config.lake)
    if lost == "damaged":
        (lake / "catalog.ducklake").write_bytes(b"\0" * 4096)
    else:
        (lake / "catalog.ducklake").unlink()
    if spare == "damaged":
        (lake / "catalog.before.ducklake").write_bytes(b"no catalog")
    refused, said = mlcost(world, "refresh")
    assert refused == 1
    code, said = mlcost(world, *command)
    assert code in (0, 3), said
    expected = "brought back: the newest refresh is lost" if spare == "sound" else "everything is made anew"
    assert expected in said
    assert world.query(TOTALS) == [("2026-09", 200, None), ("2026-10", 1500, "risk")]
    assert mlcost(world, "verify")[0] == 0
    kept = list(lake.glob("catalog.damaged-*.ducklake"))
    assert len(kept) == (lost == "damaged")
