"""README's table of exit codes, walked with real commands."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlcost_assets_tests.cli.program import environment, mlcost
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS: dict[int, list[tuple[str, ...]]] = {
    0: [("tables",), ("query", "SELECT 1"), ("doctor",), ("explain", "endpoint/mystery"), ("attribution", "gaps")],
    1: [
        ("query", "SELECT nothing FROM team_costs"),
        ("query", "SELEKT 1"),
        ("query", "FROM no_such_table"),
        ("query", "DROP TABLE team_costs"),
        ("explain", "no-such-resource"),
        ("explain", "--model", "no-such-model"),
        ("lineage", "no-such-resource"),
        ("attribution", "diff", "1", "999"),
    ],
    2: [
        ("no-such-command",),
        ("tables", "no_such_table"),
        ("query",),
        ("query", "SELECT 1", "--format", "xml"),
        ("query", "SELECT 1", "--output", "x.xlsx"),
        ("query", "SELECT 1", "--config", "nowhere.yaml"),
        ("refresh", "--period", "2026-13"),
        ("refresh", "--period", "2020-01"),
        ("export", "focus", "--period", "2020-01", "--output", "out"),
    ],
    3: [("refresh", "--all", "--quiet")],
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An installation whose ML spend has no owner, so that an ERROR check fails."""
    world = World(tmp_path_factory.mktemp("codes"))
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/mystery", 1.0)])
    world.refresh()
    return world


def test_the_table_names_every_code_once() -> None:
    table = README.partition("| exit code | means |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == [str(code) for code in (*COMMANDS, 130)]


@pytest.mark.parametrize(
    ("code", "command"), [(code, command) for code, commands in COMMANDS.items() for command in commands]
)
def test_commands_exit_as_the_table_says(installed: World, code: int, command: tuple[str, ...]) -> None:
    done = mlcost(*command, cwd=installed.folder)
    assert done.returncode == code, done.stderr
    if code in (1, 2):
        assert done.stderr
        assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_interrupted_command_exits_with_130(installed: World) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mlcost_assets", "refresh", "--all"],
        cwd=installed.folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr
        process.stderr.readline()  # it is at work
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert said.endswith("mlcost: interrupted; the version published before stays.\n")
