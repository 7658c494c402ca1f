"""Every number of every page is what the published tables hold, says so exactly, and leads to what it is made of."""

from decimal import Decimal

from mlcost_assets.lake.reader import LakeReader
from mlcost_assets_tests.dashboard.numbers import (
    asked,
    numbers,
    path_of,
    wholes,
    wrong_cells,
    wrong_numbers,
)
from mlcost_assets_tests.dashboard.shown import Shown
from mlcost_assets_tests.dashboard.site import Site

# Numbers whose link leads to what is no sum of them, by page and column: to a version, to why a value is believed or
# changed, to all that is not known of a dimension (for several reasons), to all charges of which some lack a tag, to
# what a resource would cost another way.
NO_SUM = {
    "/data snapshot", "/charges least_confidence", "/models/NAME least_confidence", "/ change", "/gaps effective_cost",
    "/gaps billed_cost", "/tags missing_cost", "/whatif current_cost",
}  # fmt: skip


def test_every_number_that_is_read_has_its_exact_value(pages: dict[str, Shown]) -> None:
    assert {address: shown.loose for address, shown in pages.items() if shown.loose} == {}


def test_every_cell_is_what_its_twin_says_to_the_last_digit(odd_site: Site, pages: dict[str, Shown]) -> None:
    assert [said for address, shown in pages.items() for said in wrong_cells(odd_site, address, shown)] == []


def test_every_number_is_what_the_published_tables_hold(odd_site: Site, pages: dict[str, Shown]) -> None:
    reader = LakeReader(odd_site.world.config)
    wrong = [said for address, shown in pages.items() for said in wrong_numbers(odd_site, reader, address, shown)]
    reader.close()
    assert wrong == []


def test_a_foot_is_the_sum_of_its_rows(pages: dict[str, Shown]) -> None:
    for address, shown in pages.items():
        for table in shown.tables if "page" not in asked(address) else ():
            for name in table.columns if len(table.total) == 1 and len(table.rows) < 50 else ():
                (foot,) = table.dicts(table.total)
                if foot[name].value is not None and not foot[name].text.startswith("All"):
                    rows = [Decimal(row[name].value or 0) for row in table.dicts(table.rows)]
                    assert sum(rows) == Decimal(foot[name].value or 0), (address, table.title, name)


def test_every_number_leads_to_a_page_of_which_it_is_the_sum(odd_site: Site, pages: dict[str, Shown]) -> None:
    reached = dict(pages)
    wrong = {}
    for address, shown in pages.items():
        cells = [(name, cell) for table in shown.tables for name, cell in numbers(table)]
        for name, cell in [*cells, *shown.figures]:
            kind = f"{path_of(address)} {name}"
            if not cell.link or cell.value is None or kind in NO_SUM:
                continue
            if cell.link not in reached:
                reached[cell.link] = Shown(odd_site.page(cell.link))
            if Decimal(cell.value) not in wholes(reached[cell.link]):
                wrong[kind] = f"{cell.value} on {address} leads to {cell.link}"
    assert not wrong, "\n".join(f"{kind}: {said}" for kind, said in wrong.items())
