"""What the numbers of a page have to be: sums over the published tables, by SQL of these tests' own, not of the page.

`WHOLES` says by path what its first table is made of: the published table, the columns that name a row of it, and the
expression of each column of numbers.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from mlcost_assets.dashboard.tables import ROWS
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.dashboard.shown import Cell, Part, Shown
from mlcost_assets_tests.dashboard.site import Site

AMOUNT = {"effective": "effective_cost", "billed": "billed_cost", "list": "list_cost"}
BUILT = "stage IN ('training', 'tuning', 'experimentation')"
_OWNERS = ("model", "team", "environment")


def _if(condition: str, amount: str = "AMOUNT") -> str:
    return f"coalesce(sum({amount}) FILTER ({condition}), 0)"


@dataclass(frozen=True)
class Whole:
    """A table of numbers: AMOUNT is the cost of the kind that is asked for. `filters` are columns by which an address
    narrows it, `where` holds always. With `months` it is of no one month."""

    table: str
    keys: Sequence[str]
    columns: Mapping[str, str]
    filters: Mapping[str, str] = field(default_factory=lambda: {name: name for name in _OWNERS})
    where: str = "true"
    of_month: bool = True


def _money(**columns: str) -> dict[str, str]:
    return {name: f"sum({column})" for name, column in columns.items()}


_OF_CHARGES = {name: name for name in (*_OWNERS, "project", "is_ml")}
_TAGS = {name: f"sum({name})" for name in ("effective_cost", "compliant_cost", "wrong_cost", "missing_cost")}
WHOLES = {
    "/models": Whole("model_costs", ["model"], {
        "cost": "sum(AMOUNT)", "training": _if(BUILT), "inference": _if("stage = 'inference'"),
        "all_else": _if(f"NOT {BUILT} AND stage <> 'inference'"),
    }),
    "/models/NAME": Whole("attributed_costs", ["stage", "environment", "team"], {"cost": "sum(AMOUNT)"},
        {"NAME": "model"}, "is_ml"),
    "/teams": Whole("attributed_costs", ["team"], {
        "cost": "sum(AMOUNT)", "ml": _if("is_ml"), "experiments": _if("is_ml AND stage = 'experimentation'"),
        "inference": _if("is_ml AND stage = 'inference'"), "not_ml": _if("NOT is_ml"),
    }, {}),
    "/teams/NAME": Whole("attributed_costs", ["model", "project", "stage", "is_ml"], {"cost": "sum(AMOUNT)"},
        {"NAME": "team"}),
    "/environments": Whole("attributed_costs", ["environment", "is_ml"], {"cost": "sum(AMOUNT)"}, {"team": "team"}),
    "/charges": Whole("attributed_costs",
        ["resource_id", "service_code", "usage_type", "model", "team", "environment", "stage", "method"],
        {"cost": "sum(AMOUNT)", "days_and_parts": "count(*)", "least_confidence": "min(confidence)"}, _OF_CHARGES),
    "/bill": Whole("line_items", ["file", "row"],
        _money(billed_cost="billed_cost", effective_cost="effective_cost", list_cost="list_cost"),
        {"resource": "resource_id", "usage_type": "x_usage_type"}, "NOT is_split_cost"),
    "/chargeback": Whole("chargeback", ["invoice_id", "team", "kind", "shared_by"],
        _money(billed_cost="billed_cost", effective_cost="effective_cost"), {"team": "team"}),
    "/tags": Whole("tag_compliance", ["tag", "account_id", "team", "service_code"], _TAGS, {"team": "team"}),
    "/gaps": Whole("evidence_gaps", ["dimension", "reason", "statement", "mend"],
        _money(effective_cost="effective_cost", billed_cost="billed_cost"), {"dimension": "dimension"}),
    "/forecast": Whole("forecasts", ["scope", "name"], {"expected": "sum(mean)", "days": "count(*)"}, {},
        of_month=False),
    "/reports/models": Whole("attributed_costs", ["model", "environment"], {
        "cost": "sum(effective_cost)", "training": _if(BUILT, "effective_cost"),
        "inference": _if("stage = 'inference'", "effective_cost"), "billed": "sum(billed_cost)",
        "at_list_price": "sum(list_cost)",
    }, {name: name for name in ("model", "environment")}, "is_ml"),
    "/reports/teams": Whole("attributed_costs", ["team", "project", "is_ml"], {
        "cost": "sum(effective_cost)", "experiments": _if("stage = 'experimentation'", "effective_cost"),
        "billed": "sum(billed_cost)", "at_list_price": "sum(list_cost)",
    }, {"team": "team"}),
    "/reports/environments": Whole("attributed_costs", ["environment", "team", "is_ml"], {
        "cost": "sum(effective_cost)", "billed": "sum(billed_cost)", "at_list_price": "sum(list_cost)",
    }, {name: name for name in ("team", "environment")}),
    "/reports/experiments": Whole("experiment_runs", ["team", "experiment"], {
        "cost": "sum(effective_cost)", "runs": "count(DISTINCT resource_key) FILTER (is_run)",
        "interactive": _if("NOT is_run", "effective_cost"),
    }, {name: name for name in ("team", "model")}),
    "/reports/gpu": Whole("gpu_usage", ["model", "team", "environment", "instance_type"],
        _money(cost="effective_cost", inference="inference_cost")),
    "/reports/drivers": Whole("cost_drivers", ["driver", "service_code"], {"change": "sum(change)"},
        {}, "scope = 'total'"),
    "/reports/unit-costs": Whole("unit_costs", ["model"],
        _money(inference="inference_cost", total="total_cost", requests="counted_requests"), {"model": "model"}),
    "/reports/idle": Whole("idle_resources", ["resource_key", "kind"],
        _money(cost_so_far="cost_so_far", cost_per_month="cost_per_month"), of_month=False),
    "/reports/commitments": Whole("commitment_coverage", ["commitment_id"],
        _money(committed="committed_cost", used="used_cost", unused="unused_cost", savings="savings"), {}),
}  # fmt: skip
# What any address may say, and makes no other page.
_EVERYWHERE = {*_OWNERS, "NAME", "v", "period", "cost", "sort"}
# How the columns of the published table are called on the page.
_CALLED = {"file": "x_source_file", "row": "x_source_row"}


def path_of(address: str) -> str:
    """The kind of page: `/models/NAME` of any model."""
    path = urlsplit(address).path
    return path if path.startswith("/reports/") else re.sub(r"^/(\w+)/.+", r"/\1/NAME", path)


def asked(address: str) -> dict[str, str]:
    """What an address says: its parameters, and the name in its path."""
    parts = urlsplit(address)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    name = re.fullmatch(r"/(?!reports)\w+/(.+)", parts.path)
    return given | ({"NAME": unquote(name[1])} if name else {})


def crawl(site: Site) -> dict[str, Shown]:
    """One page of each kind of address that links lead to, breadth first; to each number of each of them one leads."""
    found: dict[str, Shown] = {}
    kinds: set[str] = set()
    ahead = deque(["/", *(f"/reports/{name}" for name in reports())])
    while ahead:
        address = ahead.popleft()
        given = asked(address)
        kind = f"{path_of(address)} {sorted(given.keys() - _EVERYWHERE)}"
        if kind not in kinds and not re.search(r"\.(json|csv|xlsx)(\?|$)", address):
            kinds.add(kind)
            found[address] = Shown(site.page(address))
            ahead.extend(found[address].links)
    return found


def wrong_numbers(site: Site, reader: LakeReader, address: str, shown: Shown) -> Iterator[str]:
    """Numbers of the page's first table and of its foot that are not what the published tables hold."""
    whole = WHOLES.get(path_of(address))
    if not whole or not shown.tables or not shown.tables[0].rows:
        return
    table, given = shown.tables[0], asked(address)
    held = list(_held(reader, whole, given, whole.keys))
    rows = {tuple(map(str, row[: len(whole.keys)])): row[len(whole.keys) :] for row in held}
    sums = list(_held(reader, whole, given, ()))
    for row, exact in zip(table.dicts(table.rows), _twin(site, address), strict=True):
        key = tuple(str(exact[name]) for name in whole.keys if name in exact)
        if len(key) == len(whole.keys):
            yield from _differ(address, row, whole, rows.get(key))
    assert not any(table.total) or len(sums) == len(table.total), address
    for foot, total in zip(table.dicts(table.total), sums, strict=False):
        yield from _differ(f"{address}, all", {name: cell for name, cell in foot.items() if cell.value}, whole, total)


def _held(reader: LakeReader, whole: Whole, given: Mapping[str, str], keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    amount = AMOUNT[given.get("cost", "effective")]
    where = [whole.where]
    bound: dict[str, Any] = {}
    if whole.of_month:
        ((newest,),) = reader.query("SELECT max(billing_period) FROM team_costs").fetchall()
        where, bound = [*where, "billing_period = $period"], {"period": given.get("period", newest)}
    for name, column in whole.filters.items():
        if given.get(name):
            where.append(f"CAST({column} AS VARCHAR) = ${name.lower()}")
            bound[name.lower()] = given[name]
    where += [f"{name} IS NULL" for name in given.get("unknown", "").split(",") if name]
    if given.get("stage") and whole.table != "line_items":  # a line of the bill has no stage
        where.append("list_contains(string_split($stage, ','), stage)")
        bound["stage"] = given["stage"]
    named = [_CALLED.get(name, name) for name in keys]
    sums = [expression.replace("AMOUNT", amount) for expression in whole.columns.values()]
    group = ", ".join([*named, "billing_currency"])
    yield from reader.query(
        f"SELECT {', '.join([*named, *sums])} FROM {whole.table} WHERE {' AND '.join(where)}"
        f" GROUP BY {group} ORDER BY billing_currency", bound,
    ).fetchall()  # fmt: skip


def _differ(where: str, row: Mapping[str, Cell], whole: Whole, held: Sequence[Any] | None) -> Iterator[str]:
    if held is None:
        yield f"{where}: no row of {whole.table} is {[cell.text for cell in row.values()]}"
        return
    for (name, _), value in zip(whole.columns.items(), held, strict=True):
        shown = row[name].value if name in row else None
        if name in row and not same(shown, value):
            yield f"{where}: {name} is {shown}, {whole.table} holds {value}"


def same(shown: str | None, held: Any) -> bool:
    """Whether they are one number; of fractions to the twelfth digit."""
    if shown is None or held is None:
        return shown is None and held is None
    if isinstance(held, float):
        return abs(float(shown) - held) < 1e-12
    return Decimal(shown) == Decimal(str(held))


def _twin(site: Site, address: str) -> list[dict[str, Any]]:
    """The rows of the page's twin that the page shows as well."""
    path, _, query = address.partition("?")
    twin = site.get(f"{'/overview' if path == '/' else path}.json{f'?{query}' if query else ''}").json()
    start = ROWS * (int(asked(address).get("page", "1")) - 1)
    rows: list[dict[str, Any]] = twin if path.startswith("/explain") else twin[start : start + ROWS]
    return rows


def wrong_cells(site: Site, address: str, shown: Shown) -> Iterator[str]:
    """Cells of the first table that are not what its twin says, to the last digit."""
    if not shown.tables or not shown.tables[0].rows:
        return
    table = shown.tables[0]
    for place, (row, exact) in enumerate(zip(table.dicts(table.rows), _twin(site, address), strict=True)):
        for name, cell in row.items():
            if cell.value is not None and str(exact[name]) != cell.value:
                yield f"{address}, row {place}: {name} is {cell.value}, its twin says {exact[name]}"


def numbers(part: Part) -> Iterator[tuple[str, Cell]]:
    """Every number of a table with the name of its column."""
    for row in part.dicts([*part.rows, *part.total]):
        yield from ((name, cell) for name, cell in row.items() if cell.value is not None)


def wholes(shown: Shown) -> set[Decimal]:
    """What a page says of all that it shows: the feet of its tables (nothing sums to 0), its figures, its bars."""
    cells = [cell for table in shown.tables for row in table.total for cell in row]
    cells += [cell for _, cell in shown.figures]
    cells += [cell for chart in shown.charts for row in chart.rows for cell in row]
    nothing = {Decimal(0)} if not all(table.rows for table in shown.tables) else set()
    return nothing | {Decimal(cell.value) for cell in cells if cell.value is not None}
