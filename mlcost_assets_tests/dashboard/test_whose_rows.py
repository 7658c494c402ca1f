"""Whose rows a role sees: every page and download of each, and no way around the filters."""

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest
import requests

from mlcost_assets.dashboard import row_filters
from mlcost_assets.dashboard.app import PAGES
from mlcost_assets.dashboard.versions import Versions
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.registry import tables
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.dashboard.guarded import TEAMS, Visitor
from mlcost_assets_tests.world import World, arn

pytestmark = pytest.mark.xdist_group("login")
# What each team has of the machine that they share.
PARTS = {"risk": "42.3141", "search": "29.7099", "growth": "18.006"}


@pytest.mark.parametrize(
    ("claims", "seen", "suffixes"),
    [
        ({"groups": ["ml-risk"]}, {"risk"}, ("", ".json", ".csv", ".xlsx")),
        ({"groups": ["leads", "search", "risk"]}, {"risk", "search"}, ("",)),
        ({"groups": ["finops"]}, set(TEAMS), ("",)),
    ],
    ids=["one team", "own teams", "all"],
)
def test_every_page_and_download_shows_whose_rows_the_role_may_see_and_nobody_elses(
    visitor: Visitor, lake: World, claims: dict[str, Any], seen: set[str], suffixes: tuple[str, ...]
) -> None:
    assert visitor.enter(**claims).status_code == 200
    read = dict(_walk(visitor, lake, suffixes, [TEAMS[team][0] for team in seen]))
    assert len(read) > 30 * len(suffixes)
    others = {}
    for team, (model, cost) in TEAMS.items():
        for text in (rf"\b{team}\b(?!-)", rf"\b{model}\b", rf"\b{cost:.2f}", re.escape(PARTS[team])):
            others[text] = team not in seen
    # What is of nobody known, and what is of all together.
    for text in ("11.17", "i-0nobody", f"{sum(cost for _, cost in TEAMS.values()) + 90.03 + 11.17:.2f}"):
        others[re.escape(text)] = seen != set(TEAMS)
    for text, hidden in others.items():
        found = [path for path, told in read.items() if re.search(text, told)]
        assert bool(found) != hidden, (text, found)
    assert all(("totals are of these" in told) == (seen != set(TEAMS)) for told in read.values() if "<html" in told)
    # Whether others have a thing is not told either: it is as if there were none.
    for kind, missing in (
        ("models/churn", 404),
        ("explain?of=endpoint/churn", 404),
        ("explain?model=churn", 404),
        ("whatif?of=churn", 200),
        ("whatif?of=churn&to=schedule&opens=9", 200),
        ("charges?find=churn", 200),
    ):
        theirs, none = (visitor.get(f"/{one}") for one in (kind, kind.replace("churn", "qqqqq")))
        same = theirs.text.replace("churn", "qqqqq") == none.text
        assert (theirs.status_code, same) == ((200, False) if seen == set(TEAMS) else (missing, True)), kind
    assert "totals are of these" in visitor.get("/components").text or seen == set(TEAMS)


def _walk(visitor: Visitor, lake: World, suffixes: tuple[str, ...], own: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every page and its downloads, of every thing that there is, as text; what has no such page is left out."""
    names = [*TEAMS, *(model for model, _ in TEAMS.values()), "prod"]
    evidence = [one for (one,) in lake.query("SELECT DISTINCT evidence_id FROM attributed_costs")]
    asked = [*(arn(f"endpoint/{model}") for model, _ in TEAMS.values()), "i-0shared", "i-0nobody", *evidence]
    paths = [
        re.sub(r"\{.*\}", name, module.PATH)
        for module in PAGES
        for name in (reports() if "reports" in module.PATH else names if "{" in module.PATH else ("",))
    ]
    for path, query in [
        *((one, "") for one in paths),
        *(("/explain", f"?of={one}") for one in asked),
        *(("/explain", f"?model={model}") for model, _ in TEAMS.values()),
        # What was asked for stands in the answer, so that others' are asked for below.
        *(("/whatif", f"?of={model}{how}") for model in own for how in ("", "&to=schedule&opens=9", "&to=spot")),
        ("/bill", "?resource=i-0shared"),
        ("/charges", "?find=endpoint&account=123456789012"),
    ]:
        for suffix in suffixes:
            answer = visitor.get(f"{'/overview' if suffix and path == '/' else path}{suffix}{query}")
            assert answer.status_code in ((200, 403) if path == "/people" else (200, 404)), (path, answer.text)
            if answer.status_code == 200:
                yield f"{path}{suffix}{query}", _text(answer)


def _text(answer: requests.Response) -> str:
    """What an answer shows, its exact values and the cells of a spreadsheet too."""
    if "spreadsheetml" in answer.headers["content-type"]:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        return "\n".join(str(cell.value) for sheet in book for line in sheet.rows for cell in line)
    # What was asked for stands in the form that asked, and a field to search with is no team.
    return re.sub(r'<input [^>]*name="(of|find)"[^>]*>', "", html.unescape(answer.text))


def test_nothing_reads_past_the_rows_that_are_seen(lake: World) -> None:
    versions = Versions(lake.config)
    narrowed = versions.at(None, ("risk",))
    assert narrowed.query("SELECT DISTINCT team FROM attributed_costs").fetchall() == [("risk",)]
    for around in (
        "FROM lake.main.team_costs", "FROM lake.team_costs", "FROM main.team_costs", "FROM internal.owners", "SHOW TABLES",
        "FROM duckdb_tables()", "FROM query('FROM lake.main.team_costs')", "FROM read_csv('/etc/hostname')", "SELECT 1; SELECT 2",
        "SELECT (SELECT count(*) FROM lake.main.team_costs)", "WITH a AS (FROM lake.main.team_costs) FROM a", "SET search_path = 'lake.main'",
    ):  # fmt: skip
        with pytest.raises(MlcostError):
            narrowed.query(around)
        with pytest.raises(MlcostError):
            narrowed.connection().execute(around)
    # The same thread serves somebody else next, and the answers that are kept are of one of them alone.
    question = "SELECT count(DISTINCT team) AS teams FROM team_costs"
    counted = [
        versions.at(None, teams).ask(question).rows[0]["teams"]
        for teams in (("risk",), None, ("risk", "search"), ("risk",))
    ]
    assert counted == [1, 3, 2, 1]
    versions.close()


def test_a_table_that_no_filter_names_shows_nothing_and_a_filter_names_columns_that_there_are(lake: World) -> None:
    assert row_filters.filters().keys() <= tables().keys()
    versions = Versions(lake.config)
    everybody = versions.at(None, tuple(TEAMS))
    for name in tables():
        found = everybody.query(f"SELECT count(*) FROM {name}").fetchone()
        assert found == (0,) or name in row_filters.filters(), name
    versions.close()
