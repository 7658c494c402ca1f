"""Names of somebody else's are text on every page and in every download, and their links lead to them alone."""

import csv
import io
from urllib.parse import quote

import openpyxl
import pytest

from mlcost_assets_tests.dashboard.hostile import EVIL, NAMES
from mlcost_assets_tests.dashboard.shown import Shown
from mlcost_assets_tests.dashboard.site import Site
from mlcost_assets_tests.dashboard.test_dashboard import Parts

# Pages on which such a name stands: as model, team, environment, resource, tag.
STANDS_ON = ("/models", "/teams", "/environments", "/charges", "/bill", "/tags", "/chargeback", "/reports/models")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_page_of_a_name_shows_that_one_alone(odd_site: Site, name: str) -> None:
    ((cost,),) = odd_site.world.query(
        "SELECT sum(effective_cost) FROM model_costs WHERE billing_period = '2026-10' AND model = $name", name=name
    )
    for kind in ("models", "teams"):
        page = odd_site.page(f"/{kind}/{quote(name, safe='')}")
        assert str(cost) in Parts(page).values
        assert Parts(page).names.isdisjoint({"img", "iframe", "style"})
        (title,) = [part for part in Shown(page).tables[:1] if name[:40] in part.title or kind == "teams"]
        assert title.rows


@pytest.mark.parametrize("path", STANDS_ON)
def test_a_name_is_text_on_every_page(odd_site: Site, path: str) -> None:
    page = odd_site.page(path)
    assert EVIL not in page
    parts = Parts(page)
    assert parts.names.isdisjoint({"img", "iframe", "style"})
    assert parts.scripts == ["/static/page.js"]
    assert not {name for name in parts.attributes if name.startswith("on")}


def test_every_link_of_a_name_leads_to_it(odd_site: Site) -> None:
    shown = Shown(odd_site.page("/models"))
    rows = shown.tables[0].dicts(shown.tables[0].rows)
    links = {row["model"].text: row["model"].link for row in rows if row["model"].link.startswith("/models/")}
    assert len(links) == len(NAMES) + 1
    for address in links.values():
        answer = odd_site.get(address)
        assert (answer.status_code, "/models/" in answer.url) == (200, True), address
    costs = [row["cost"].value for row in rows if row["model"].link.startswith("/models/")]
    for cost, address in zip(costs, links.values(), strict=True):
        assert cost in Parts(odd_site.page(address)).values, address


def test_no_cell_of_a_download_is_a_formula(odd_site: Site) -> None:
    for path in STANDS_ON:
        read = csv.reader(io.StringIO(odd_site.get(f"{path}.csv").text))
        assert not [cell for row in read for cell in row if cell.startswith(("=", "@", "+"))], path
        book = openpyxl.load_workbook(io.BytesIO(odd_site.get(f"{path}.xlsx").content))
        assert all(cell.data_type != "f" for sheet in book for line in sheet.rows for cell in line), path
