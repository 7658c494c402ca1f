"""Every page by its address: what it shows is what the tables hold, every link leads on, and nothing foreign is run."""

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import quote

import openpyxl
import pytest
from starlette.datastructures import QueryParams

from mlcost_assets.dashboard.view import asked
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.dashboard.shown import Shown
from mlcost_assets_tests.dashboard.site import EVIL, Site, served
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World


class Parts(HTMLParser):
    """The elements of a page: links, exact values with what is shown of them, and names of elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.values: list[str] = []
        self.scripts: list[str | None] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names.add(tag)
        self.attributes |= given.keys()
        if tag == "script":
            self.scripts.append(given.get("src"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if "data-value" in given:
            self.values.append(given["data-value"] or "")


def test_every_page_opens_and_every_link_on_it_leads_to_one_that_does(site: Site) -> None:
    seen, ahead = set(), ["/", *(f"/reports/{name}" for name in reports())]
    while ahead:
        path = ahead.pop()
        # One of each kind: a page, with the parameters that it alone reads.
        kind = re.sub(r"/(models|teams|environments)/[^?]*|=[^&]*", r"\1", path)
        kind = re.sub(r"(?<=[?&])(sort|page|v|period|since|cost|model|team|environment)(&|$)", "", kind)
        if kind in seen:
            continue
        seen.add(kind)
        answer = site.get(path)
        assert answer.status_code == 200, (path, answer.text)
        if "text/html" in answer.headers["content-type"]:
            parts = Parts(answer.text)
            assert parts.names.isdisjoint({"img", "iframe", "style"})
            assert [one for one in parts.scripts if one != "/static/fields.js"] == ["/static/page.js"]
            assert not {name for name in parts.attributes if name.startswith("on") or name == "style"}
            ahead += [link for link in parts.links if link.startswith("/")]
    assert len(seen) > 30


def test_every_amount_of_a_page_is_what_the_tables_hold(site: Site) -> None:
    (bill,), (ml,) = (
        site.world.query(f"SELECT sum(effective_cost) FROM team_costs WHERE billing_period = '2026-10' AND {which}")
        for which in ("true", "is_ml")
    )
    values = Parts(site.page("/?period=2026-10")).values
    assert str(bill[0]) in values
    assert str(ml[0]) in values
    by_model = site.world.query(
        "SELECT model, sum(effective_cost) FROM model_costs WHERE billing_period = '2026-10' GROUP BY ALL"
    )
    values = Parts(site.page("/models?period=2026-10")).values
    assert {str(cost) for _, cost in by_model} | {str(ml[0])} <= set(values)
    (listed,) = site.world.query("SELECT sum(list_cost) FROM model_costs WHERE billing_period = '2026-09'")
    assert str(listed[0]) in Parts(site.page("/models?period=2026-09&cost=list")).values


def test_a_page_asks_only_for_what_changes_what_it_shows(site: Site) -> None:
    for path, cost, month in (
        ("/models", True, True),
        ("/reports/models", False, True),
        ("/bill", False, True),
        ("/data", False, False),
    ):
        page = site.page(path)
        assert ('<select name="cost"' in page, '<select name="period"' in page) == (cost, month), path


def test_a_filter_narrows_and_an_order_sorts(site: Site) -> None:
    rows = site.get("/models.json?team=growth").json()
    assert [(row["model"], row["cost"]) for row in rows] == [("churn", "30.0000000000")]
    assert rows[0]["by_month"] == {"2026-09": "20.0000000000", "2026-10": "30.0000000000"}
    assert site.get("/models.json?find=CHURN").json() == rows
    assert site.get("/models.json?find=%25").json() == []
    (teams,) = Shown(site.page("/teams?sort=cost.asc")).tables
    ascending = [Decimal(row["cost"].value or 0) for row in teams.dicts(teams.rows)]
    assert ascending == sorted(ascending)
    assert len(ascending) > 1
    assert site.page("/models?sort=nothing%3B--") == site.page("/models?sort=nothing%3B--")
    assert "Nothing here in this view." in site.page("/charges?stage=training")


def test_a_report_answers_for_several_months(site: Site) -> None:
    rows = site.get("/reports/teams.json?period=2026-10&since=2026-09&team=growth").json()
    assert [(row["billing_period"], row["cost"]) for row in rows] == [
        ("2026-09", "20.0000000000"),
        ("2026-10", "30.0000000000"),
    ]
    assert [row["billing_period"] for row in site.get("/reports/teams.json?team=growth").json()] == ["2026-10"]


def test_a_large_table_has_pages_and_a_total_of_all(site: Site) -> None:
    first = site.page("/bill?period=2026-10")
    assert "All 8" in first
    assert "Nothing here" not in first
    assert site.get("/bill?period=2026-10&page=2").status_code == 200


def test_each_table_of_a_page_is_turned_for_itself_and_an_order_begins_at_the_first_rows() -> None:
    view = asked("", QueryParams("page2=3&find=x&page=0&page3=a&page4=123456789012"))
    assert view.pages == {2: 3}
    assert view.turned("/data", 1, 2) == "/data?find=x&page2=3&page=2"
    assert view.turned("/data", 2, 4) == "/data?find=x&page2=4"
    assert view.turned("/data", 2, 1) == view.here("/data", sort=None) == "/data?find=x"
    assert view.here("/data", sort="cost") == "/data?find=x&sort=cost"
    assert "page2=3" in view.here("/data", v=4)


def test_a_further_table_shows_its_own_part_and_the_first_stays(site: Site) -> None:
    every = Shown(site.page("/data?period=2026-10")).tables[0]
    turned = Shown(site.page("/data?period=2026-10&page2=2")).tables
    assert [cell.text for row in turned[0].rows for cell in row] == [cell.text for row in every.rows for cell in row]
    assert not turned[1].rows  # there are fewer deliveries than one part has
    assert "Deliveries of the exports" in turned[1].title


def test_the_twins_hold_the_rows_and_no_formula(site: Site) -> None:
    page = site.get("/models.json?period=2026-10").json()
    read = list(csv.DictReader(io.StringIO(site.get("/models.csv?period=2026-10").text)))
    assert [row["cost"] for row in read] == [row["cost"] for row in page]
    assert [json.loads(row["by_month"]) for row in read] == [row["by_month"] for row in page]
    book = openpyxl.load_workbook(io.BytesIO(site.get("/models.xlsx?period=2026-10").content))
    head, *rows = [[cell.value for cell in line] for line in book["Rows"].rows]
    assert [row[head.index("cost")] for row in rows] == [float(row["cost"]) for row in page]
    assert all(cell.data_type != "f" for line in book["Rows"].rows for cell in line)


def test_a_name_of_somebody_elses_is_text_and_nothing_more(site: Site) -> None:
    names = [name for (name,) in site.world.query("SELECT DISTINCT model FROM model_costs WHERE model IS NOT NULL")]
    assert len(names) > 1
    for name in names:
        assert quote(name) in site.page("/models") or name in site.page("/models")
        assert EVIL not in site.page(f"/models/{quote(name, safe='')}")
    assert EVIL not in site.page("/teams")


def test_what_is_not_there_says_what_is(site: Site) -> None:
    for path, said in (
        ("/models/none", "No charge has the model"),
        ("/?period=2026-01", "known are 2026-09 to 2026-10"),
        ("/reports/none", "No report is called"),
        ("/explain?of=none", "No resource is called"),
        ("/nowhere", "Not Found"),
    ):
        answer = site.get(path)
        assert (answer.status_code, said in answer.text) == (404, True), answer.text


def test_only_this_machines_own_pages_may_ask_and_a_page_loads_nothing_from_elsewhere(site: Site) -> None:
    assert site.get("/", Host="evil.example").status_code == 400
    assert site.get("/", Origin="http://evil.example").status_code == 403
    answer = site.get("/")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_a_link_with_a_version_shows_the_same_cents_after_a_refresh(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("versions"))
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 30.0, resource_tags={"user_model": "churn"})])
    world.refresh()
    for site in served(world):
        ((before,),) = world.query("SELECT max(snapshot) FROM refreshes")
        world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 50.0, resource_tags={"user_model": "churn"})])
        world.refresh()
        assert [row["cost"] for row in site.get("/models.json").json()] == ["50.0000000000"]
        assert [row["cost"] for row in site.get(f"/models.json?v={before}").json()] == ["30.0000000000"]
        assert "as this link shows it" in site.page(f"/models?v={before}")
        gone = site.get("/models?v=999999")
        assert (gone.status_code, "No refresh has published version 999999" in gone.text) == (503, True)


def test_before_the_first_refresh_it_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    for site in served(World(tmp_path_factory.mktemp("empty"))):
        answer = site.get("/")
        assert (answer.status_code, "Run `mlcost refresh`" in answer.text) == (503, True)
