"""`mlcost report` as a user runs it: which reports there are, how they are narrowed and written, what is refused."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mlcost_assets.documents import write_workbook
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two months: a model of the team growth, one of no team, and what is not ML."""
    world = World(tmp_path_factory.mktemp("reports"))
    for month, cost in (("2026-09", 20.0), ("2026-10", 30.0)):
        at = f"{month}-05T14:00:00"
        tags = {"user_model": "churn", "user_team": "growth", "user_environment": "prod"}
        world.bill(
            [
                sagemaker("Host:ml.m5.large", "endpoint/churn", cost, at=at, resource_tags=tags),
                sagemaker("Host:ml.m5.large", "endpoint/odd", 5.0, at=at, resource_tags={"user_model": "odd"}),
                charge(cost=70.0, at=at, line_item_resource_id="i-0fed", resource_tags={"user_team": "web"}),
            ],
            period=month,
        )
    world.land(record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn"}))
    done = mlcost("refresh", cwd=world.folder)
    assert done.returncode == 3, done.stderr  # half of the ML spend has no owner
    return world


def rows(world: World, *asked: str) -> list[dict[str, str]]:
    done = mlcost("report", *asked, "--format", "json", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_every_report_answers_for_one_month_and_for_several(installed: World) -> None:
    for name in reports():
        rows(installed, name)
        rows(installed, name, "--from", "2026-08", "--to", "2026-10")


def test_a_report_says_what_it_assumes_and_takes_the_newest_month(installed: World) -> None:
    done = mlcost("report", "models", cwd=installed.folder)
    assert "churn" in done.stdout
    assert "20.00" not in done.stdout
    assert "sum to the ML spend" in done.stderr
    assert "sum to the ML spend" in " ".join(mlcost("report", "models", "--help").stdout.split())


def test_the_reports_of_several_months_hold_their_bills(installed: World) -> None:
    found = rows(installed, "teams", "--from", "2026-09")
    assert sum(Decimal(row["cost"]) for row in found) == 200
    assert {row["billing_period"] for row in found} == {"2026-09", "2026-10"}
    assert [row["team"] for row in rows(installed, "teams", "--team", "web")] == ["web"]
    assert sum(Decimal(row["cost"]) for row in rows(installed, "environments", "--period", "2026-09")) == 95


def test_a_spreadsheet_holds_the_numbers_and_no_formula(installed: World, tmp_path: Path) -> None:
    file = tmp_path / "models.xlsx"
    done = mlcost("report", "models", "--output", str(file), cwd=installed.folder)
    assert (done.returncode, done.stdout) == (0, "")
    book = openpyxl.load_workbook(file)
    head, *found = [[cell.value for cell in line] for line in book["Rows"].rows]
    assert [line[head.index("cost")] for line in found] == [30, 5]
    assert book["About"]["A1"].value == reports()["models"].question


def test_a_name_is_no_formula(tmp_path: Path) -> None:
    write_workbook(
        ["model", "cost"], [(FORMULA, Decimal("0.0000000001")), (None, None)], ["About it"], tmp_path / "x.xlsx"
    )
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Rows"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == (FORMULA, "s", 1e-10)
    assert (sheet["A3"].value, sheet["B3"].value) == (None, None)


def test_a_page_and_a_file_of_data(installed: World, tmp_path: Path) -> None:
    page = mlcost("report", "models", "--format", "md", cwd=installed.folder).stdout
    assert page.startswith("# What does each model cost in a month, fully loaded?\n\n| billing\\_period")
    assert "| churn | growth |" in page
    assert page.rstrip().endswith("the ML spend of the month.")
    file = tmp_path / "models.csv"
    assert mlcost("report", "models", "--output", str(file), cwd=installed.folder).returncode == 0
    with file.open(newline="") as opened:
        assert [row["cost"] for row in csv.DictReader(opened)] == ["30.0000000000", "5.0000000000"]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("modls",), 2, "No report is called 'modls'. Near it: models."),
        (("models", "--model", "chrun"), 2, "No charge has the model 'chrun'. Near it: churn."),
        (("models", "--team", "gro"), 2, "No charge has the team 'gro'. Near it: growth."),
        (("models", "--team", "zebra"), 2, "No charge has the team 'zebra'.\n"),
        (("models", "--period", "2026-01"), 2, "known are 2026-09 to 2026-10"),
        (("models", "--from", "2027-01"), 2, "no such billing period is published"),
        (("models", "--period", "2026-10", "--from", "2026-09"), 2, "not both"),
        (("models", "--format", "xlsx"), 2, "--output FILE.xlsx"),
        (("models", "--output", "models.doc"), 2, "name it .md, .csv, .json, .xlsx or .txt"),
        (("models", "--output", "nowhere/models.xlsx"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_answered_is_said_with_the_mend(
    installed: World, asked: tuple[str, ...], code: int, said: str
) -> None:
    done = mlcost("report", *asked, cwd=installed.folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
