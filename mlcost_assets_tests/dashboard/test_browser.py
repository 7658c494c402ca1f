"""Every page in a real browser, in both themes and at four widths: nothing is broken, cut off or closed to anybody.

Chromium is not downloaded: where none is installed, these tests skip.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from mlcost_assets.quality.screenshots import THEMES, WIDTHS, browser, installed
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.dashboard.site import Site
from mlcost_assets_tests.world import arn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not installed(), reason="No Chromium is installed (Debian's package chromium)."),
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TALL = 860


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page that fails its test where the browser complains of anything. What examines it may get past its policy."""
    context = chromium.new_context(bypass_csp=True, base_url=site.address, viewport={"width": 1440, "height": TALL})
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


PATHS = [
    "/components", "/", "/models", "/models/churn", "/teams", "/teams/growth", "/environments", "/environments/prod", "/chargeback", "/forecast",
    "/tags", "/charges", "/charges?find=endpoint&sort=cost.asc", "/bill", "/explain", f"/explain?of={arn('endpoint/churn')}",
    "/explain?model=churn", "/gaps", "/data", "/anomalies", "/whatif", "/whatif?of=churn&to=schedule&opens=7", *(f"/reports/{name}" for name in reports()),
]  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical, with the elements of which it says so."""
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
    )
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_and_open_to_everybody_in_each_theme_and_width(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer
    assert answer.status == 200
    page.evaluate(AXE)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size(ViewportSize(width=width, height=TALL))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (theme, width)
            if width in (max(WIDTHS), min(WIDTHS)):
                assert violations(page) == [], (theme, width)


def test_a_choice_of_a_filter_is_an_address_that_shows_it(page: Page) -> None:
    page.goto("/models")
    page.get_by_label("Team").select_option("growth")
    page.get_by_role("button", name="Show").click()
    assert "team=growth" in page.url
    assert page.locator("tbody tr").count() == 1
    page.goto("/charges")
    page.get_by_label("Find in the rows").fill("ENDPOINT/CHURN")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 1
    assert page.locator("tbody td").first.inner_text().endswith("endpoint/churn")


def test_a_heading_orders_the_rows_and_the_head_stays_in_sight(page: Page) -> None:
    page.set_viewport_size(ViewportSize(width=768, height=300))
    page.goto("/bill")
    page.get_by_role("link", name="billed cost").click()
    assert page.locator("th[aria-sort=descending]").inner_text() == "billed cost ↓"
    box = page.locator(".rows")
    box.evaluate("box => box.scrollTop = 100")
    head, top = page.locator(".rows thead th").first.bounding_box(), box.bounding_box()
    assert head
    assert top
    assert abs(head["y"] - top["y"]) < 2


def test_a_link_of_an_amount_leads_to_the_same_amount(page: Page) -> None:
    page.goto("/models")
    amount = page.locator("tbody tr", has_text="churn").locator("[data-value]").first
    value = amount.get_attribute("data-value")
    amount.get_by_role("link").click()
    assert page.locator("tfoot [data-value]").first.get_attribute("data-value") == value
    page.locator(".frame a").first.click()  # a layer of the drawing, at its middle
    assert page.locator("h1").inner_text() == "Charges"
    assert page.locator("tfoot [data-value]").first.get_attribute("data-value") == value


def test_a_download_has_the_rows_of_the_page(page: Page) -> None:
    page.goto("/models")
    shown = page.locator("tbody tr").count()
    for name in ("json", "csv", "xlsx"):
        with page.expect_download() as waited:
            page.get_by_role("link", name=name, exact=True).click()
        content = Path(waited.value.path()).read_bytes()
        if name == "json":
            assert len(json.loads(content)) == shown
        assert content


def test_a_theme_that_was_chosen_is_kept_and_without_javascript_the_system_decides(
    page: Page, chromium: Browser
) -> None:
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Theme").select_option("dark")
    dark = page.evaluate(ground)
    page.goto("/models")
    assert page.evaluate(ground) == dark != light
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    plain = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    bare = plain.new_page()
    bare.goto(page.url)
    assert bare.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == dark
    assert bare.locator(".theme").count() == 0
    plain.close()


def test_a_keyboard_alone_reaches_the_page_its_menu_and_its_rows(page: Page) -> None:
    page.goto("/charges")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "To the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "period"
    page.set_viewport_size(ViewportSize(width=390, height=TALL))
    assert not page.locator("#menu").is_visible()
    page.get_by_role("button", name="Pages").press("Enter")
    page.locator("#menu").get_by_role("link", name="Teams").press("Enter")
    page.wait_for_url("**/teams*")
    box = page.locator(".rows")
    box.press("ArrowRight")
    page.wait_for_function("document.querySelector('.rows').scrollLeft > 0")
