"""What a page is asked with: the what-if form, filters, and rows that lead to the charges they are the sum of."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.dashboard.pages.whatif import OPTIONS
from mlcost_assets.reports.whatif.given import SCENARIOS
from mlcost_assets.reports.whatif.scenario import kinds
from mlcost_assets_tests.dashboard.site import Site, served
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.reports.test_whatif import hosted, requested
from mlcost_assets_tests.world import World, arn, record

OTHER = "210987654321"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days of an endpoint of a model, training in another account, and what has no model or no environment."""
    world = World(tmp_path_factory.mktemp("forms"))
    dev = {"user_model": "churn", "user_environment": "dev", "user_team": "risk"}
    live = {"user_model": "churn", "user_environment": "prod", "user_team": "risk"}
    world.bill(
        [
            *hosted("endpoint/churn", "ml.m5.large", 0.5, tags=dev),
            sagemaker("Train:ml.m5.large", "training-job/t", 7.0, resource_tags=live, account=OTHER),
            sagemaker("Host:ml.m5.large", "endpoint/unknown", 3.0, resource_tags={"user_team": "risk"}),
            charge(cost=70.0, line_item_resource_id="i-0fed", resource_tags={"user_team": "web"}),
        ]
    )
    world.land(
        record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn"}),
        requested("churn", {"2026-10-30T09:00:00": 60, "2026-10-30T20:00:00": 40, "2026-10-31T09:00:00": 10}),
    )
    world.refresh()
    yield from served(world)


def asked(site: Site, *arguments: str) -> list[dict[str, Any]]:
    config = ["--config", str(site.world.folder / "mlcost.yaml"), "--format", "json"]
    return list(json.loads(CliRunner().invoke(cli, ["whatif", *arguments, *config], catch_exceptions=False).stdout))


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("of=churn", ["churn"]),
        ("of=churn&to=schedule&opens=9&closes=17&zone=Europe/Berlin",
         ["churn", "--to", "schedule", "--hours", "9-17", "--time-zone", "Europe/Berlin"]),
        ("of=churn&to=async&reserve_percent=45", ["churn", "--to", "async", "--reserve", "45"]),
        ("of=churn&to=distilled&size_ratio=0.2&one_off=10",
         ["churn", "--to", "distilled", "--size-ratio", "0.2", "--one-off", "10"]),
        ("of=churn&to=distilled", ["churn", "--to", "distilled", "--size-ratio", "0.5"]),
        ("of=churn&to=savings-plan=30%25&coverage=0.4",
         ["churn", "--to", "savings-plan=30%", "--coverage", "0.4"]),
    ],
)  # fmt: skip
def test_the_form_answers_what_the_command_answers(site: Site, address: str, arguments: list[str]) -> None:
    told = asked(site, *arguments)
    rows = site.get(f"/whatif.json?{address}").json()
    names = ("resource", "scenario", "current_cost", "cost_low", "cost_expected", "cost_high", "refused_because")
    assert [[row[name] for name in names] for row in rows] == [[row[name] for name in names] for row in told]
    assert told
    page = site.page(f"/whatif?{address}")
    for one in told[0]["assumptions"]:
        assert f"{one['what']}: {one['value']} ({one['source']})" in unescape(page)


def test_the_form_asks_for_what_a_scenario_reads() -> None:
    every = {name for names in OPTIONS.values() for name in names}
    assert tuple(OPTIONS) == SCENARIOS
    for scenario, names in OPTIONS.items():
        read = {name for name in every if re.search(rf"\b{name}\b", kinds(scenario))}
        # One statement makes both, and only the user names the type of the one.
        assert set(names) == (read - {"target_type"} if scenario == "graviton" else read), scenario


def test_a_slider_has_its_number_beside_it_and_keeps_what_was_asked(site: Site) -> None:
    page = site.page("/whatif?of=churn&to=schedule&opens=7")
    assert re.search(r'type="range" name="opens"[^>]* value="7" min="0" max="23"[^>]*><output[^>]*>7</output>', page)
    assert '<option value="schedule" selected>' in page
    assert '<option value="churn"></option>' in page
    assert '<script src="/static/fields.js" defer></script>' in page


def test_waking_and_what_is_paid_once_stand_apart(site: Site) -> None:
    page = unescape(site.page("/whatif?of=churn&to=async&one_off=12"))
    (row,) = site.get("/whatif.json?of=churn&to=async&one_off=12").json()
    waking = Decimal(row["cost_expected"]) - Decimal(row["cost_low"])
    assert waking > 0
    assert re.search(rf'of which waking costs</dt>\s*<dd><span data-value="{waking}"', page)
    assert re.search(r'Once</dt>\s*<dd><span data-value="12', page)


def test_what_cannot_be_asked_is_said_with_its_mend(site: Site) -> None:
    for address, said, link in (
        ("of=chrun", "No endpoint, notebook or model is called 'chrun'.", "/whatif?of=churn"),
        ("of=churn&to=inference-components", "churn cannot be inference-components", "/whatif?of=churn"),
        ("of=churn&to=schedule&opens=20", "20-18: write the first and the last hour", "/whatif?of=churn"),
        ("of=churn&to=schedule&zone=Mars", "Mars: no such time zone", "/whatif?of=churn"),
        ("of=churn&to=nothing", "No scenario is called 'nothing'", "/whatif?of=churn"),
        ("of=churn&to=async&reserve_percent=91", "a whole number from 0 to 90", "/whatif?of=churn"),
        ("of=churn&to=instance-type", "instance-type needs Instance type", "/whatif?of=churn"),
        ("", "Which model or resource?", "/whatif?of=churn"),
    ):
        page = unescape(site.page(f"/whatif?{address}"))
        assert said in page, (address, page)
        assert f'href="{link}' in page, address


def test_filters_narrow_every_table_that_has_the_column(site: Site) -> None:
    for path, column in (("/charges", "cost"), ("/bill", "effective_cost")):
        assert [row[column] for row in site.get(f"{path}.json?account={OTHER}").json()] == ["7.0000000000"]
        assert f'<option value="{OTHER}" selected>' in site.page(f"{path}?account={OTHER}")
    assert [row["stage"] for row in site.get("/teams/risk.json?stage=training").json()] == ["training"]
    assert [row["model"] for row in site.get("/models.json?stage=training").json()] == ["churn"]
    narrowed = [row["cost"] for row in site.get("/teams.json?currency=USD").json()]
    assert narrowed == [row["cost"] for row in site.get("/teams.json").json()]
    assert site.get("/teams.json?currency=EUR").json() == []
    page = site.page("/charges")
    assert 'name="account"' in page
    assert 'name="currency"' not in page  # there is only one


def test_a_sum_leads_to_the_charges_that_it_is_of(site: Site) -> None:
    followed = 0
    for path in ("/teams/risk", "/environments", "/environments/dev", "/environments/prod", "/models/churn"):
        rows = re.findall(r'data-value="([^"]+)"><a href="(/charges[^"]*)"', site.page(path))
        for value, address in rows:
            link = urlsplit(unescape(address))
            charges = site.get(f"/charges.json?{link.query}").json()
            assert sum(Decimal(row["cost"]) for row in charges) == Decimal(value), (path, parse_qs(link.query))
            followed += 1
    assert followed > 8


def test_rows_that_do_not_add_up_have_no_total(site: Site) -> None:
    for path in ("/reports/scenarios", "/reports/commitments", "/tags", "/gaps", "/forecast"):
        assert "<tfoot>" not in site.page(path), path
    assert "<tfoot>" in site.page("/gaps?dimension=model")


def test_a_report_of_months_offers_quarters_and_one_of_now_no_month(site: Site) -> None:
    assert '<a href="/reports/teams?period=2026-10&amp;since=2026-10">2026-Q4</a>' in site.page("/reports/teams")
    assert 'name="period"' not in site.page("/reports/idle")


def test_an_environment_has_a_page(site: Site) -> None:
    ((cost,),) = site.world.query("SELECT sum(effective_cost) FROM environment_costs WHERE environment = 'dev'")
    assert sum(Decimal(row["cost"]) for row in site.get("/environments/dev.json").json()) == cost
    assert str(cost) in site.page("/environments/dev")
    missing = site.get("/environments/dve")
    assert (missing.status_code, 'href="/environments/dev"' in missing.text) == (404, True)


def test_a_model_is_explained_and_drawn(site: Site) -> None:
    page = site.page("/explain?model=churn")
    assert "<svg" in page
    assert "training" in page
    ((cost,),) = site.world.query("SELECT sum(effective_cost) FROM model_costs WHERE model = 'churn'")
    assert sum(Decimal(row["effective_cost"]) for row in site.get("/explain.json?model=churn").json()) == cost
    assert 'href="/explain?model=churn"' in site.page("/models/churn")


def test_anomalies_say_that_there_are_none_yet_and_what_tells_until_then(site: Site) -> None:
    page = site.page("/anomalies")
    assert "No table of anomalies exists yet" in page
    assert {"/reports/drivers", "/forecast"} <= set(re.findall(r'href="([^"]*)"', page.partition("<main")[2]))
    assert "<table" not in page
    one = site.get("/anomalies/7")
    assert (one.status_code, "none are detected yet" in one.text, 'href="/anomalies"' in one.text) == (404, True, True)


def test_the_first_page_says_what_checks_complain_about(site: Site) -> None:
    complaints = site.world.query("SELECT DISTINCT check_name FROM data_quality WHERE NOT passed")
    page = site.page("/")
    assert complaints
    assert all(name in page for (name,) in complaints)
