"""Whoever can tag a resource writes neither into the terminal nor into the spreadsheet of whoever reads its costs."""

import csv
import io
import json
import os
import pty
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mlcost_assets_tests.cli.program import environment, mlcost, run
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World, arn, record

CONTROL = "\x1b[2J\x9b31m\u202e"
HOSTILE = f"\x1b]0;gone\x07{CONTROL}|<!here>"
MODEL = f"churn{HOSTILE}"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
FORMULA = '=HYPERLINK("https://evil.example","open")'


def at_a_terminal(*arguments: str, cwd: Path) -> str:
    """What a terminal gets of both streams."""
    terminal, ours = pty.openpty()
    with ThreadPoolExecutor(1) as reader:
        got = reader.submit(_all_of, terminal)
        try:
            run(arguments, cwd, environment() | {"TERM": "xterm"}, os.ttyname(ours), os.ttyname(ours))
        finally:
            os.close(ours)  # the reader ends with it, a stopped run too
        return got.result().decode()


def _all_of(terminal: int) -> bytes:
    got = b""
    with open(terminal, "rb", buffering=0) as stream, suppress(OSError):  # Linux tells so that the other end has gone
        while part := stream.read(65536):
            got += part
    return got


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("hostile"))
    world.configure("attribution: {required_tags: [model, team, owner]}\n")
    world.bill(
        [
            sagemaker(
                "Host:ml.m5.large", "endpoint/one", 30.0, resource_tags={"user_model": MODEL, "user_team": FORMULA}
            ),
            # A name all the same; what has ; or | is a list, and a list names nobody.
            sagemaker("Host:ml.m5.large", "endpoint/two", 20.0, resource_tags={"user_team": f"web{CONTROL}"}),
        ]
    )
    body = {"EndpointName": f"one{HOSTILE}", "EndpointConfigName": f"config{HOSTILE}"}
    world.land(record("sagemaker:DescribeEndpoint", arn("endpoint/one"), body, tags={"model": MODEL}))
    world.refresh()
    return world


COMMANDS = (
    ("refresh", "--all"),
    ("query", "SELECT model, team, resource_id FROM attributed_costs"),
    ("query", "SELECT model, team FROM attributed_costs", "--format", "csv"),
    ("query", "SELECT model, team FROM attributed_costs", "--format", "json"),
    ("query", f"SELECT '{HOSTILE.replace(chr(0x9b), '')}' FROM nowhere"),
    ("explain", arn("endpoint/one")),
    ("explain", arn("endpoint/one"), "--format", "json"),
    ("explain", arn("endpoint/one"), "--format", "svg"),
    ("explain", f"nothing{HOSTILE}"),
    ("lineage", arn("endpoint/one")),
    ("lineage", arn("endpoint/one"), "--format", "dot"),
    ("attribution", "gaps"),
    ("tags", "audit"),
    ("tags", "audit", "--format", "md"),
    ("tags", "review"),
    ("verify",),
    ("doctor",),
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_terminal_gets_no_control_character_of_a_name(world: World, arguments: tuple[str, ...]) -> None:
    got = at_a_terminal(*arguments, cwd=world.folder)
    for ours in ("\r\n", "\x1b[1m", "\x1b[2m", "\x1b[0m"):  # how a terminal ends a line; what we print bold or dim
        got = got.replace(ours, "\n")
    assert not HARMFUL.findall(got)
    assert "Traceback" not in got


def test_csv_has_no_formula_of_a_name_and_numbers_stay_numbers(world: World) -> None:
    sql = "SELECT tags['team'] AS team, -1.5 AS cost FROM line_items"
    done = mlcost("query", sql, "--format", "csv", cwd=world.folder)
    assert [f"'{FORMULA}", "-1.5"] in list(csv.reader(io.StringIO(done.stdout)))


def test_json_keeps_the_name_whole(world: World) -> None:
    sql = "SELECT DISTINCT tags['model'] AS model FROM line_items WHERE tags['model'] IS NOT NULL"
    done = mlcost("query", sql, "--format", "json", cwd=world.folder)
    assert json.loads(done.stdout) == [{"model": MODEL}]


def test_pictures_are_well_formed(world: World) -> None:
    done = mlcost("explain", arn("endpoint/one"), "--format", "svg", cwd=world.folder)
    assert ElementTree.fromstring(done.stdout).tag.endswith("svg")  # noqa: S314


def test_an_audits_files_have_neither_formulas_nor_markup(world: World, tmp_path: Path) -> None:
    assert mlcost("tags", "audit", "--output", str(tmp_path), cwd=world.folder).returncode == 0
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "web" in report
    assert not HARMFUL.findall(report)
    assert "<!here>" not in report
    listed = io.StringIO((tmp_path / "resources.csv").read_text(encoding="utf-8"))
    assert FORMULA not in {cell for row in csv.reader(listed) for cell in row}
