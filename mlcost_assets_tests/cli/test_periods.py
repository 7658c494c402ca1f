"""One rule for --period in every command: what is no month and a month that is not published are refused with code 2."""

import re
from pathlib import Path

import click
import pytest

from mlcost_assets.billing.bill_ends import NO_INVOICE
from mlcost_assets.cli.main import cli
from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World

COMMANDS = {
    "attribution diff": (),
    "attribution gaps": (),
    "explain": ("churn",),
    "explain --model churn": (),
    "export focus": ("--output", "focus"),
    "refresh": (),
    "tags audit": (),
    "verify": (),
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two refreshes of a bill: September without ML spend, November with a model, and nothing of October."""
    world = World(tmp_path_factory.mktemp("periods"))
    world.bill([charge(cost=5.0, at="2026-09-05T00:00:00")], period="2026-09")
    world.refresh()
    hosted = sagemaker("Host:ml.m5.large", "endpoint/churn", 9.0, at="2026-11-05T00:00:00")
    world.bill([hosted | {"resource_tags": {"user_model": "churn"}}], period="2026-11")
    world.refresh()
    return world


def with_period(group: click.Group, path: tuple[str, ...] = ()) -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= with_period(command, (*path, name))
        elif any("--period" in option.opts for option in command.params):
            found.add(" ".join((*path, name)))
    return found


def test_these_are_all_commands_that_take_a_period() -> None:
    assert with_period(cli) == {command.partition(" --")[0] for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("october", "write a billing period as YYYY-MM"),
        ("2026-13", "write a billing period as YYYY-MM"),
        ("0000-00", "write a billing period as YYYY-MM"),
        ("2020-01", "known are 2026-09 to 2026-11"),
    ],
)
def test_a_wrong_period_is_refused_in_one_line(installed: World, command: str, period: str, said: str) -> None:
    done = mlcost(*command.split(), *COMMANDS[command], "--period", period, cwd=installed.folder)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"mlcost: --period {period}: ")
    assert said in line


def test_a_month_between_others_is_refused_with_those_that_there_are(installed: World) -> None:
    done = mlcost("verify", "--period", "2026-10", cwd=installed.folder)
    assert "known are 2026-09, 2026-11" in done.stderr


def test_a_month_in_which_a_model_cost_nothing_is_no_wrong_argument(installed: World) -> None:
    done = mlcost("explain", "--model", "churn", "--period", "2026-09", cwd=installed.folder)
    assert done.returncode == 1
    assert "it did in 2026-11" in done.stderr


@pytest.mark.parametrize("command", ["attribution gaps", "tags audit"])
@pytest.mark.parametrize("format_", ["table", "json"])
def test_a_month_without_ml_spend_is_said_to_be_one(installed: World, command: str, format_: str) -> None:
    done = mlcost(*command.split(), "--period", "2026-09", "--format", format_, cwd=installed.folder)
    assert done.returncode == 0, done.stderr
    if command == "tags audit" or format_ == "table":
        assert "2026-09 (until 09-05, not final) has no ML spend" in done.stderr
    if format_ == "json":
        assert done.stdout == "[]\n"


def test_help_shows_how_a_period_is_written(tmp_path: Path) -> None:
    assert re.search(r"--period YYYY-MM", mlcost("explain", "--help", cwd=tmp_path).stdout)


def test_sums_over_all_months_say_which_of_them_are_in_progress(installed: World) -> None:
    sql = "SELECT team, sum(effective_cost) AS cost FROM team_costs GROUP BY team"
    assert mlcost("query", sql, cwd=installed.folder).stderr == (
        f"among the months: 2026-09 (until 09-05, not final): {NO_INVOICE}\n"
        f"among the months: 2026-11 (until 11-05, not final): {NO_INVOICE}\n"
    )
    chosen = sql.replace("GROUP", "WHERE billing_period = '2026-09' GROUP")
    assert mlcost("query", chosen, cwd=installed.folder).stderr == ""
    assert mlcost("query", sql, "--format", "csv", cwd=installed.folder).stderr == ""
