"""The commands as a user runs them: exit codes, what goes to standard output, and what is said when something is wrong."""

import csv
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mlcost_assets.billing.bill_ends import NO_INVOICE
from mlcost_assets.lake.registry import tables
from mlcost_assets_tests.cli.program import environment, mlcost
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An installation that was refreshed once by the command."""
    world = World(tmp_path_factory.mktemp("cli"))
    world.bill(
        [
            sagemaker(
                "Host:ml.m5.large", "endpoint/churn", 30.0, resource_tags={"user_model": "churn", "user_team": "growth"}
            ),
            charge(cost=70.0, line_item_resource_id="i-0fed", resource_tags={"user_team": "web"}),
        ]
    )
    world.land(record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn"}))
    done = mlcost("refresh", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    assert "2026-10 (until 10-05, not final)  billed 100.00 USD" in done.stdout
    assert "line_items" in done.stderr  # progress is said, but not where results go
    return world


def test_nothing_to_do_is_said_and_is_fine(installed: World) -> None:
    done = mlcost("refresh", cwd=installed.folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Nothing changed since the last refresh.")


def test_json_keeps_every_digit_and_nothing_else_is_printed(installed: World) -> None:
    sql = "SELECT model, sum(effective_cost) AS cost, max(charge_date) AS day FROM attributed_costs WHERE is_ml GROUP BY 1"
    done = mlcost("query", sql, "--format", "json", "--config", str(installed.config.path))
    assert json.loads(done.stdout) == [{"model": "churn", "cost": "30.0000000000", "day": "2026-10-05"}]
    assert (done.returncode, done.stderr) == (0, "")


def test_csv_parquet_and_files(installed: World, tmp_path: Path) -> None:
    sql = "SELECT team, effective_cost FROM team_costs ORDER BY 1"
    done = mlcost("query", sql, "--format", "csv", cwd=installed.folder)
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["team", "effective_cost"],
        ["growth", "30.0000000000"],
        ["web", "70.0000000000"],
    ]
    target = tmp_path / "out.parquet"
    assert mlcost("query", sql, "--format", "parquet", "--output", str(target), cwd=installed.folder).returncode == 0
    import pyarrow.parquet as pq

    assert str(pq.read_schema(target).field("effective_cost").type) == "decimal128(28, 10)"
    assert mlcost("query", sql, "--format", "parquet", cwd=installed.folder).returncode == 2


@pytest.mark.parametrize(("suffix", "begins"), [("csv", b"team,"), ("JSON", b"[\n{"), ("parquet", b"PAR1")])
def test_the_name_of_the_output_says_its_format(installed: World, tmp_path: Path, suffix: str, begins: bytes) -> None:
    target = tmp_path / f"out.{suffix}"
    done = mlcost("query", "SELECT team, effective_cost FROM team_costs", "--output", str(target), cwd=installed.folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert target.read_bytes().startswith(begins)


@pytest.mark.parametrize("format_", ["table", "json", "parquet"])
def test_a_format_that_the_name_of_the_output_contradicts_is_refused(
    installed: World, tmp_path: Path, format_: str
) -> None:
    target = tmp_path / "out.csv"
    done = mlcost("query", "SELECT 1", "--format", format_, "--output", str(target), cwd=installed.folder)
    assert (done.returncode, target.exists()) == (2, False)
    assert f"--format {format_} and --output {target} differ" in done.stderr


def test_files_keep_every_digit_that_a_table_for_people_rounds(installed: World) -> None:
    sql = "SELECT effective_cost, is_ml, NULL AS nothing FROM team_costs ORDER BY 1"
    assert mlcost("query", sql, cwd=installed.folder).stdout.splitlines()[2:] == [
        "         30.00  true   (none)",
        "         70.00  false  (none)",
    ]
    csv_ = mlcost("query", sql, "--format", "csv", cwd=installed.folder).stdout
    assert csv_.splitlines()[1:] == ["30.0000000000,true,", "70.0000000000,false,"]


@pytest.mark.parametrize("sql", ["SHOW TABLES", " show  tables; "])
def test_show_tables_shows_what_is_published(installed: World, sql: str) -> None:
    done = mlcost("query", sql, "--format", "json", cwd=installed.folder)
    shown = {row["name"] for row in json.loads(done.stdout)}
    assert shown == {table.name for table in tables().values() if table.published}


@pytest.mark.parametrize("sql", ["DESCRIBE model_costs", " describe lake.main.Model_Costs; ", "DESC model_costs"])
def test_describe_shows_what_a_column_means(installed: World, sql: str) -> None:
    done = mlcost("query", sql, "--format", "json", cwd=installed.folder)
    assert json.loads(done.stdout) == [
        {"name": column.name, "type": column.type, "meaning": column.meaning}
        for column in tables()["model_costs"].columns
    ]


def test_a_table_that_shows_a_month_in_progress_says_until_when_its_bill_goes(installed: World) -> None:
    sql = "SELECT billing_period, sum(effective_cost) AS cost FROM team_costs GROUP BY ALL"
    told = f"2026-10 (until 10-05, not final): {NO_INVOICE}\n"
    assert mlcost("query", sql, cwd=installed.folder).stderr == told
    assert mlcost("query", sql, "--format", "csv", cwd=installed.folder).stderr == ""
    assert mlcost("query", "SELECT 1 AS billing_period", cwd=installed.folder).stderr == ""


def test_columns_of_one_name_are_told_apart_in_files_and_that_is_said(installed: World, tmp_path: Path) -> None:
    sql = "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS A"
    done = mlcost("query", sql, "--format", "json", cwd=installed.folder)
    assert json.loads(done.stdout) == [{"a": 1, "a_2": 2, "a_1": 3, "A": 4}]
    assert "Several columns are called a: one is written as a_2." in done.stderr
    done = mlcost("query", sql, "--format", "csv", cwd=installed.folder)
    assert done.stdout.splitlines() == ["a,a_2,a_1,A", "1,2,3,4"]
    target = tmp_path / "out.parquet"
    assert mlcost("query", sql, "--output", str(target), cwd=installed.folder).returncode == 0
    import pyarrow.parquet as pq

    assert pq.read_schema(target).names == ["a", "a_2", "a_1", "A"]


def test_an_empty_result_is_an_empty_array(installed: World) -> None:
    done = mlcost("query", "SELECT 1 AS a WHERE false", "--format", "json", cwd=installed.folder)
    assert json.loads(done.stdout) == []


def test_sql_may_begin_with_a_comment(installed: World) -> None:
    done = mlcost("query", "-- How many?\nSELECT 1 AS one", "--format", "json", cwd=installed.folder)
    assert json.loads(done.stdout) == [{"one": 1}]


def test_a_query_that_fails_says_why_in_plain_words(installed: World) -> None:
    done = mlcost("query", "SELECT nonsense FROM attributed_costs", cwd=installed.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_period_is_exported_as_focus(installed: World, tmp_path: Path) -> None:
    done = mlcost("export", "focus", "--period", "2026-10", "--output", str(tmp_path), cwd=installed.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BilledCost 100.0000000000" in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["focus-2026-10.parquet"]
    done = mlcost("export", "focus", "--period", "2020-01", "--output", str(tmp_path), cwd=installed.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "not published; only 2026-10 is known" in done.stderr


def test_explain_tells_who_and_why(installed: World) -> None:
    done = mlcost("explain", "churn", cwd=installed.folder)
    assert done.returncode == 0
    assert "model churn, team growth" in done.stdout
    assert "tagged model = churn in the bill" in done.stdout
    assert "records.jsonl:1" in done.stdout
    (explained,) = json.loads(mlcost("explain", "churn", "--format", "json", cwd=installed.folder).stdout)
    assert explained["costs"][0]["effective_cost"] == "30.0000000000"


def test_explain_takes_the_evidence_of_a_row(installed: World) -> None:
    ((evidence,),) = installed.query("SELECT DISTINCT evidence_id FROM attributed_costs WHERE team = 'growth'")
    done = mlcost("explain", evidence, cwd=installed.folder)
    assert done.returncode == 0, done.stderr
    assert "tagged model = churn in the bill" in done.stdout


def test_gaps_say_what_would_tell(installed: World) -> None:
    done = mlcost("attribution", "gaps", "--dimension", "environment", cwd=installed.folder)
    assert done.returncode == 0, done.stderr
    assert "No environment  30.00 USD of the ML effective cost of 2026-10 (until 10-05, not final)" in done.stdout
    rows = json.loads(mlcost("attribution", "gaps", "--format", "json", cwd=installed.folder).stdout)
    assert {row["dimension"] for row in rows} == {"environment"}
    done = mlcost("attribution", "gaps", "--period", "2020-01", cwd=installed.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "only 2026-10 is known" in done.stderr


def test_a_difference_needs_two_refreshes(installed: World) -> None:
    done = mlcost("attribution", "diff", cwd=installed.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is only one refresh" in done.stderr


def test_explain_names_what_is_near_when_nothing_is_called_so(installed: World) -> None:
    done = mlcost("explain", "chrun", cwd=installed.folder)
    assert done.returncode == 1
    assert "endpoint/churn" in done.stderr


def test_explain_tells_what_a_model_costs_by_stage_and_evidence(installed: World) -> None:
    done = mlcost("explain", "--model", "churn", "--period", "2026-10", cwd=installed.folder)
    assert done.returncode == 0, done.stderr
    assert "tagged model = churn in the bill" in done.stdout
    (explained,) = json.loads(mlcost("explain", "--model", "churn", "--format", "json", cwd=installed.folder).stdout)
    months = [(row["billing_period"], row["stage"], Decimal(row["effective_cost"])) for row in explained["months"]]
    costs = "SELECT billing_period, stage, sum(effective_cost) FROM model_costs WHERE model = 'churn' GROUP BY ALL"
    assert sorted(months) == sorted(installed.query(costs))


@pytest.mark.parametrize(("arguments", "drawn"), [(("churn",), "model churn"), (("--model", "churn"), "inference")])
def test_explain_draws_the_chain_and_the_model(installed: World, arguments: tuple[str, ...], drawn: str) -> None:
    done = mlcost("explain", *arguments, "--format", "svg", cwd=installed.folder)
    assert done.returncode == 0, done.stderr
    assert drawn in "".join(ElementTree.fromstring(done.stdout).itertext())  # noqa: S314  our own output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--model", "chrun"), 1, "Near it: churn"),
        ((), 2, "Give a RESOURCE_ID or --model NAME."),
    ],
)
def test_explain_says_what_is_near(installed: World, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = mlcost("explain", *arguments, cwd=installed.folder)
    assert done.returncode == code
    assert said in done.stderr


def test_names_that_may_be_one_are_pointed_to(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.bill([sagemaker("Host:ml.m5.large", f"endpoint/e{number}", 30.0 + number, resource_tags={"user_team": team})
                for number, team in enumerate(["storefront"] * 3 + ["storefont"])])  # fmt: skip
    line = "1 pair of names may be one name, first storefont and storefront: `mlcost tags review`"
    for command in ("refresh", "refresh", "doctor"):
        assert line in mlcost(command, cwd=world.folder).stdout, command


def test_verify_prints_money_as_people_read_it_and_says_what_a_method_is(installed: World) -> None:
    done = mlcost("verify", cwd=installed.folder)
    assert done.returncode == 0, done.stdout
    assert re.search(
        r"^tag +30\.00 +30\.00  USD +a tag in the bill or on a resource says so$", done.stdout, re.MULTILINE
    )
    assert "0E-10" not in done.stdout


def test_an_audit_says_that_the_month_is_not_a_whole_one(installed: World) -> None:
    assert "2026-10 (until 10-05, not final)" in mlcost("tags", "audit", cwd=installed.folder).stderr
    page = mlcost("tags", "audit", "--format", "md", cwd=installed.folder).stdout
    assert page.startswith("# Required tags, 2026-10 (until 10-05, not final)\n")


def test_an_audit_asks_for_what_is_left_in_whole_sentences(installed: World) -> None:
    rows = json.loads(mlcost("tags", "audit", "--format", "json", cwd=installed.folder).stdout)
    assert {row["mend"] for row in rows if row["finding"] == "missing"} == {"ask whose it is"}


@pytest.mark.parametrize("day", ["yesterday", "2020-01-01"])
def test_a_difference_takes_a_day(installed: World, day: str) -> None:
    done = mlcost("attribution", "diff", day, cwd=installed.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"No refresh of 20\d\d-\d\d-\d\d or before can be read.* The newest: \d+ \(", done.stderr)
    done = mlcost("attribution", "diff", "octember", cwd=installed.folder)
    assert done.returncode == 2
    assert "'octember' is no refresh: give a snapshot (4), a day (2026-10-31) or yesterday." in done.stderr


def test_doctor_looks_at_everything(installed: World) -> None:
    done = mlcost("doctor", cwd=installed.folder)
    assert done.returncode == 0, done.stdout
    assert "1 billing period, " in done.stdout
    assert re.search(r"\b1 \w+s\b", done.stdout) is None
    assert "Everything is in place." in done.stdout


def test_doctor_says_how_to_mend(tmp_path: Path) -> None:
    world = World(tmp_path / "empty")
    done = mlcost("doctor", cwd=world.folder)
    assert done.returncode == 1
    assert "is empty. Put a bill there" in done.stdout
    assert "mlcost refresh" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("refresh", "--config", "nowhere.yaml"), "nowhere.yaml does not exist"),
        (("refresh", "--period", "October"), "YYYY-MM"),
        (("refresh", "--period", "2020-01"), "no export has this billing period"),
        (("refresh", "--all", "--period", "2026-10"), "not both"),
        (("query",), "Missing argument"),
        (("nonsense",), "No such command"),
    ],
)
def test_wrong_arguments_are_said_in_one_line_and_exit_with_2(
    installed: World, arguments: tuple[str, ...], said: str
) -> None:
    done = mlcost(*arguments, cwd=installed.folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_rule_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.bill([charge()])
    world.rules("splits: [{name: s, when: {team: t}, by: fixed, to: {a: 60}}]")
    done = mlcost("refresh", cwd=world.folder)
    assert done.returncode == 2
    assert "sum to 60" in done.stderr
    assert not world.config.home.exists()


def test_an_error_check_that_failed_exits_with_3(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/mystery", 1.0)])
    done = mlcost("refresh", "--quiet", cwd=world.folder)
    assert done.returncode == 3
    assert "ERROR    attributed_costs · ml_spend_has_owners" in done.stdout
    assert done.stderr == ""


def test_a_place_without_a_bill_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    done = mlcost("refresh", cwd=world.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "billing/payer is empty. Put a bill there" in done.stderr


def test_a_query_does_not_import_dagster_or_anything_heavy(installed: World) -> None:
    code = (
        "import sys; sys.argv = ['mlcost', 'query', 'SELECT 1', '--format', 'json'];"
        "from mlcost_assets.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'dagster', 'pyarrow', 'boto3', 'pandas', 'rich', 'sqlglot', 'statsforecast'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=installed.folder,
        env=environment(),
        check=True,
    )
    assert done.stderr.strip() == "[]"
