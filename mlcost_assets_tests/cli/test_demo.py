"""What the demo prints at its end can be pasted: every command runs as it stands, and asks for what there is."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from mlcost_assets.cli.demo import _program, _write_epilogue
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets_tests.cli.program import environment, mlcost
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World


def program(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_every_command_of_the_epilogue_runs_as_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path / "a folder with spaces")
    tags = {"user_model": "churn", "user_team": "growth"}
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 30.0, resource_tags=tags)])
    world.refresh()
    reader = LakeReader(world.config)
    _write_epilogue(reader, world.config.path)
    reader.close()
    printed = capsys.readouterr().out.splitlines()
    commands = [after for before, after in pairwise(printed) if before.startswith("# ")]
    assert [command for command in commands if "endpoint/churn" in command], printed
    assert [command for command in commands if "--model churn" in command], printed
    (entering,) = [command for command in commands if command.startswith("export ")]
    asked = [command for command in commands if not re.search(" (dagster|dashboard)", command) and command != entering]
    assert len(asked) == 5
    for command in [*asked, f"{entering}; mlcost query 'SELECT 1'"]:
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment(), check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_another_seed_than_that_of_the_example_that_is_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "summary.json").write_text('{"seed": 7}')
    (tmp_path / "mlcost.yaml").write_text("billing: {exports: [{name: payer, uri: .}]}\n")
    done = mlcost("demo", "--folder", str(tmp_path), "--seed", "9", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--seed 9: {tmp_path} holds the example of seed 7; name another --folder" in done.stderr
    (tmp_path / "truth" / "summary.json").write_text("{}")  # as versions before wrote it
    done = mlcost("demo", "--folder", str(tmp_path), "--seed", "9", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds the example of another version; name another --folder" in done.stderr


@pytest.mark.parametrize("held", ["thesis.tex", "mlcost.yaml"])
def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, held: str) -> None:
    (tmp_path / held).write_text("billing: {exports: [{name: mine, uri: .}]}\n")
    done = mlcost("demo", "--folder", str(tmp_path), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"holds other files, first {held}; name a new or an empty folder" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == [held]


@pytest.mark.parametrize(
    ("called", "on_path", "named"),
    [
        ("venv/bin/mlcost", True, ["mlcost"]),
        ("venv/bin/mlcost", False, ["{venv}/mlcost"]),
        ("lib/mlcost_assets/__main__.py", False, ["{venv}/mlcost"]),
        ("lib/mlcost_assets/__main__.py", True, ["mlcost"]),
    ],
)
def test_commands_name_the_program_as_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str, on_path: bool, named: list[str]
) -> None:
    venv = tmp_path / "venv" / "bin"
    program(venv / "mlcost")
    monkeypatch.setattr(sys, "executable", str(venv / "python"))
    monkeypatch.setattr(sys, "argv", [str(tmp_path / called)])
    monkeypatch.setenv("PATH", str(venv) if on_path else str(tmp_path))
    assert _program() == [part.format(venv=venv) for part in named]


def test_another_program_of_that_name_on_the_path_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "other" / "mlcost")
    ours = program(tmp_path / "venv" / "bin" / "mlcost")
    monkeypatch.setattr(sys, "argv", [ours])
    monkeypatch.setenv("PATH", str(tmp_path / "other"))
    assert _program() == [ours]


def test_without_an_installed_program_python_runs_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sys, "argv", ["mlcost_assets/__main__.py"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _program() == [str(tmp_path / "python"), "-m", "mlcost_assets"]
