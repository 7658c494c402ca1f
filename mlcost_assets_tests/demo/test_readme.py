"""README can be followed: after `make demo` and its next line, every command runs as printed and prints what is shown."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from mlcost_assets.quality.samples import current, pages
from mlcost_assets_tests.cli.program import environment

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# What each command of README must print, on the example organisation.
FACTS = {
    "mlcost query SELECT team": "search        87,",
    "mlcost explain --model": "visual-search",
    "mlcost why": "157,292.39 → 148,531.07 USD",
    "mlcost report idle": "production-support-assistant-pilot",
    "mlcost lineage": "model/production-visual-search-mdyhyv",
    "mlcost attribution gaps": "4,759",
    "mlcost tags audit": "team",
    "mlcost tags review": "storefont",
    "mlcost tables": "model_costs",
    "mlcost query DESCRIBE": "shared_cost       DECIMAL(28,10)  effective cost of its parts",
    "mlcost verify": "Everything replays.",
    "mlcost doctor": "2 pairs of names may each be one name",
    "mlcost refresh": "Nothing changed since the last refresh.",
    "mlcost query SELECT billing_period": "2026-10         visual-search",
}


@dataclass(frozen=True)
class Clone:
    """A clone after `make demo`: `bin` is its environment's, `said` what the demo printed."""

    folder: Path
    said: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """`command` in a shell that stands in the clone, without anything of mlcost in its environment."""
        return subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=self.folder,
            env=environment(), timeout=1800,
        )  # fmt: skip


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    folder = tmp_path_factory.mktemp("clone")
    program = folder / ".venv" / "bin" / "mlcost"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m mlcost_assets "$@"\n')
    program.chmod(0o755)
    done = Clone(folder, "").run(".venv/bin/mlcost demo --folder demo")
    assert done.returncode == 0, done.stderr
    return Clone(folder, done.stdout)


def commands() -> Iterator[str]:
    """Every line of README's shell blocks, also of those in lists."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines())


ENTERING = next(line for line in commands() if line.startswith("export "))
ASKED = [line for line in commands() if line.startswith("mlcost ")]


def test_every_other_command_is_a_target_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in commands():
        if line not in (ENTERING, *ASKED):
            program, target = line.split("#")[0].split()
            assert program == "make"
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), line


@pytest.mark.parametrize("command", ASKED)
def test_every_command_runs_as_printed(clone: Clone, command: str) -> None:
    (fact,) = [fact for start, fact in FACTS.items() if " ".join(shlex.split(command)).startswith(start)]
    done = clone.run(f"{ENTERING}\n{command}")
    assert done.returncode == 0, done.stderr
    assert fact in done.stdout


def test_what_the_demo_prints_at_its_end_can_be_pasted(clone: Clone) -> None:
    printed = [after for before, after in pairwise(clone.said.splitlines()) if before.startswith("# ")]
    entering = next(command for command in printed if command.startswith("export "))
    assert clone.run(f"{entering}\nmlcost query 'FROM refreshes'").returncode == 0
    # What serves until it is stopped has tests of its own.
    asked = [command for command in printed if command != entering and not re.search(" (dagster|dashboard) ", command)]
    assert len(asked) == 5
    for command in asked:
        done = clone.run(command)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout


@pytest.mark.parametrize("page", [page for page in pages(ROOT) if "$ mlcost " in page.read_text(encoding="utf-8")])
def test_samples_in_the_documents_are_what_the_commands_print(clone: Clone, page: Path) -> None:
    shown = page.read_text(encoding="utf-8")
    assert shown == current(shown, clone.folder / "demo"), (
        "run: make demo && python -m mlcost_assets.quality.samples demo"
    )
