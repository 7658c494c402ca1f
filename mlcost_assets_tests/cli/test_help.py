"""`--help` can be read on a terminal of 80 columns: no sentence is cut, and the words and exit codes are explained."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli


def paths(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from paths(command, (*above, name))
        else:
            yield (*above, name)


@pytest.mark.parametrize("path", list(paths(cli)), ids=" ".join)
def test_no_sentence_is_cut_at_80_columns(path: tuple[str, ...]) -> None:
    text = CliRunner().invoke(cli, [*path, "--help"], terminal_width=80).output
    assert "..." not in text.replace("[ARGS]...", "").replace("k8s, ...", "")
    described = [line for line in text.splitlines() if not line.startswith("  mlcost ")]  # examples are to be pasted
    assert max(map(len, described)) <= 80
    for line in text.partition("\nCommands:\n")[2].splitlines():
        assert line.endswith((".", "?")), "each command has one line"


def test_exit_codes_and_glossary_are_named() -> None:
    text = " ".join(CliRunner().invoke(cli, ["--help"], terminal_width=80).output.split())
    for said in ("0 done", "1 failed", "2 wrong", "3 refreshed", "130 interrupted", "docs/glossary.md"):
        assert said in text
