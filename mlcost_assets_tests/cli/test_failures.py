"""When the machine refuses (disk full, a limit, a path that cannot be) or we are wrong: one line, exit 1, no traceback."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcost_assets_tests.cli.program import environment
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

MANY = "SELECT md5(i::VARCHAR) AS one, md5((i + 1)::VARCHAR) AS other FROM range(200000) t(i)"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("failures"))
    world.bill([charge(cost=1.0)])
    world.refresh()
    return world


def run(
    world: World, command: str, limit: Callable[[], None] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """`mlcost` in a shell, as a person pipes and redirects it."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=world.folder, env=environment() | {"mlcost": f"{sys.executable} -m mlcost_assets"} | variables,
        capture_output=True, text=True, check=False, preexec_fn=limit, timeout=300,
    )  # fmt: skip


def files_of_at_most(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    lines = [line for line in done.stderr.splitlines() if line.startswith("mlcost: ")]
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert len(lines) == 1, done.stderr
    return lines[0]


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@needs_full
@pytest.mark.parametrize("format_", ["table", "csv", "json"])
@pytest.mark.parametrize("sql", ["SELECT 1", MANY], ids=["little", "much"])
def test_a_full_disk_behind_the_output(published: World, format_: str, sql: str) -> None:
    done = run(published, f'$mlcost query "{sql}" --format {format_} > /dev/full')
    assert one_line(done) == "mlcost: what was to be written could not be: No space left on device"


@needs_full
@pytest.mark.parametrize("command", ["doctor", "explain nothing", "refresh", "verify", "tables"])
def test_every_command_says_so(published: World, command: str) -> None:
    done = run(published, f"$mlcost {command} > /dev/full 2> said.txt; code=$?; cat said.txt; exit $code")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout
    assert "Exception ignored" not in done.stdout


@pytest.mark.parametrize("format_", ["csv", "json", "parquet"])
def test_a_file_that_may_not_grow(published: World, tmp_path: Path, format_: str) -> None:
    target = tmp_path / "out"
    command = f'$mlcost query "{MANY}" --format {format_} --output {target}'
    done = run(published, command, files_of_at_most(4_000_000))
    assert one_line(done) == f"mlcost: {target} cannot be written: File too large"


@pytest.mark.parametrize("format_", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["mlcost.yaml/out", "nowhere/out"])
def test_an_output_that_cannot_be_written(published: World, format_: str, name: str) -> None:
    done = run(published, f'$mlcost query "SELECT 1 AS one" --format {format_} --output {name}')
    assert one_line(done).startswith(f"mlcost: {name} cannot be written: ")


@pytest.mark.parametrize("size", [30_000, 300_000])
def test_a_refresh_whose_files_may_not_grow(tmp_path: Path, size: int) -> None:
    world = World(tmp_path)
    world.bill([charge(cost=float(cost)) for cost in range(1, 3000)])
    said = one_line(run(world, "$mlcost refresh --quiet", files_of_at_most(size)))
    assert said == "mlcost: Dagster's database in `home` cannot be used: disk I/O error"
    assert run(world, "$mlcost refresh --quiet").returncode == 0


def test_a_home_below_a_file(tmp_path: Path) -> None:
    world = World(tmp_path, settings="home: mlcost.yaml/home\n")
    world.bill([charge(cost=1.0)])
    for command in ("refresh", "dagster"):
        assert "Not a directory" in one_line(run(world, f"$mlcost {command}"))


def test_a_lake_below_a_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.configure(lake="mlcost.yaml/lake")
    world.bill([charge(cost=1.0)])
    done = run(world, "$mlcost refresh --quiet")
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("database", ["history/runs.db", "schedules/schedules.db"])
def test_a_database_of_dagsters_that_cannot_be_opened(tmp_path: Path, database: str) -> None:
    world = World(tmp_path)
    world.bill([charge(cost=1.0)])
    (tmp_path / ".mlcost" / "dagster" / database).mkdir(parents=True)
    said = one_line(run(world, "$mlcost refresh --quiet"))
    assert said == "mlcost: Dagster's database in `home` cannot be used: unable to open database file"


def test_a_reader_that_goes_away_is_nothing_to_speak_of(published: World) -> None:
    done = run(published, f'$mlcost query "{MANY}" --format csv | head -c 1 > /dev/null')
    assert (done.returncode, done.stderr) == (1, "")


OURS = """
import mlcost_assets.config, mlcost_assets.cli.main
def load_config(_):
    raise KeyError("first\\nsecond \\x1b[2J")
mlcost_assets.config.load_config = load_config
mlcost_assets.cli.main.main()
"""


def test_a_fault_of_ours_says_that_it_is_one(published: World) -> None:
    call = f"{sys.executable} -c '{OURS}' doctor"
    assert one_line(run(published, call)) == (
        "mlcost: this is a fault of mlcost: KeyError: 'first\\nsecond \\x1b[2J';"
        " run it again with MLCOST_DEBUG=1 for the traceback"
    )
    done = run(published, call, MLCOST_DEBUG="1")
    assert "Traceback (most recent call last)" in done.stderr
    assert done.returncode == 1
