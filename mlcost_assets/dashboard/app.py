"""The web application: an address, a page; the same address with .json, .csv or .xlsx, its rows."""

import contextlib
import io
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from mlcost_assets.config import Config
from mlcost_assets.dashboard.access import OwnPagesOnly, SafePages, UnderPrefix
from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.dashboard.pages import (
    anomalies,
    anomaly,
    bill,
    chargeback,
    charges,
    data,
    environment,
    environments,
    explain,
    forecast,
    gaps,
    model,
    models,
    overview,
    people,
    reports,
    tags,
    team,
    teams,
    whatif,
)  # fmt: skip
from mlcost_assets.dashboard.people import Access, Person
from mlcost_assets.dashboard.sheet import sheet
from mlcost_assets.dashboard.tables import Rows, Source, Table, in_view, of_part, offered, shown, table
from mlcost_assets.dashboard.templates import page_templates
from mlcost_assets.dashboard.versions import Versions
from mlcost_assets.dashboard.view import COSTS, FILTERS, asked
from mlcost_assets.documents import write_workbook
from mlcost_assets.errors import MlcostError
from mlcost_assets.reports.answers import reports as known_reports
from mlcost_assets.text import as_json, csv_cell, plain

if TYPE_CHECKING:
    from mlcost_assets.dashboard.sign_in import Show, SignIn

_HERE = Path(__file__).parent
Near = Sequence[tuple[str, str]]  # names like the one that was asked for, each with its address
# In the order of the menu; of two paths that fit, the first one counts.
PAGES: tuple[ModuleType, ...] = (
    overview, models, model, teams, team, environments, environment, reports, whatif, chargeback, forecast, anomalies,
    anomaly, tags, charges, bill, explain, gaps, data, people,
)  # fmt: skip
_TWINS = {
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The smallest table that has all names of a filter.
_NAMED_IN = {
    "model": "model_costs", "team": "environment_costs", "environment": "environment_costs", "stage": "team_costs",
    "account": "attributed_costs", "payer": "chargeback", "currency": "environment_costs",
}  # fmt: skip
_MOST = 1_048_575  # rows of a download, as many as a sheet holds


def application(config: Config) -> Starlette:
    """The dashboard of an installation; it reads what is published, and writes nothing.

    Raises ConfigError where a secret of its login is not to be had.
    """
    versions = Versions(config)
    templates = page_templates()
    templates.globals["who"] = Person()

    def says(request: Request, said: str, status: int, who: Person, near: Near = ()) -> Response:
        html = templates.get_template("failed.html").render(
            said=said, status=status, near=near, root=request.scope.get("root_path", ""), menu=_menu(who), who=who
        )
        return HTMLResponse(html, status)

    login = _login(config, says)
    access = Access(config.dashboard, login.signed_in) if login else None

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        with contextlib.suppress(MlcostError):  # nothing is published yet: the pages say so
            # With the first parameter DuckDB imports what takes half a second.
            await run_in_threadpool(lambda: versions.at(None).query("SELECT $one", {"one": 1}))
        yield
        versions.close()

    def answer(module: ModuleType, suffix: str) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            request_of = _asked(versions, request, access)
            _refuse(module, request_of)
            page: Page = module.page(request_of)
            return _download(request_of, page, suffix) if suffix else _html(templates, request, request_of, page)

        return endpoint

    def failed(request: Request, error: Exception) -> Response:
        status = (
            404 if isinstance(error, NotThereError) else error.status_code if isinstance(error, HTTPException) else 503
        )
        said = error.detail if isinstance(error, HTTPException) else str(error)
        return says(request, said, status, _who(request), getattr(error, "near", ()))

    def components(request: Request) -> Response:
        who = _who(request)
        return HTMLResponse(sheet(templates, request.scope.get("root_path", ""), _menu(who), who))

    routes: list[BaseRoute] = [
        Mount("/static", StaticFiles(directory=_HERE / "static"), name="static"),
        Route("/components", components),
    ]
    for module in PAGES:
        # A name in a path may end as a download does, so that the downloads' paths stand first.
        for suffix in (*_TWINS, ""):
            path = f"/overview{suffix}" if suffix and module.PATH == "/" else f"{module.PATH}{suffix}"
            routes.append(Route(path, answer(module, suffix)))
    return Starlette(
        routes=[*routes, *(login.routes() if login else ())],
        lifespan=life,
        middleware=[
            Middleware(UnderPrefix, prefix=config.dashboard.prefix),
            Middleware(OwnPagesOnly, public=config.dashboard.public_host),
            Middleware(SafePages),
            Middleware(GZipMiddleware),
            *(login.middleware() if login else ()),
        ],
        exception_handlers={MlcostError: failed, HTTPException: failed},
    )


def _login(config: Config, says: "Show") -> "SignIn | None":
    if not config.dashboard.oidc:
        return None
    from mlcost_assets.dashboard.sign_in import SignIn  # half a second that most do without

    return SignIn(config, says)


def _who(request: Request) -> Person:
    """Who asks; where there is no login, whoever works on this machine."""
    who: Person = request.scope.get("person") or Person()
    return who


def _asked(versions: Versions, request: Request, access: Access | None) -> Asked:
    view, who = asked(request.scope.get("root_path", ""), request.query_params), _who(request)
    if access and not who.name:  # nobody gets here who was not let through
        raise HTTPException(403)
    return Asked(versions.at(view.version, who.teams), view, request.path_params, who, access)


def _refuse(module: ModuleType, given: Asked) -> None:
    """Raises HTTPException where the page is only of a role that whoever asks has not."""
    needed = getattr(module, "ROLE", None)
    if needed and given.access and given.who.role != needed:
        contact = given.access.dashboard.contact
        raise HTTPException(403, f"You have no permission: only an {needed} sees this page. Ask {contact}.")


def _html(templates: jinja2.Environment, request: Request, given: Asked, page: Page) -> Response:
    path = request.url.path.removeprefix(given.view.root)
    tables = [_table(given, one, place) for place, one in enumerate(page.tables, 1)]
    of_all = given.view.unturned()
    downloads = {
        suffix[1:]: of_all.here(f"{'/overview' if path == '/' else path}{suffix}") for suffix in _TWINS if page.tables
    }
    html = templates.get_template("page.html").render(
        page=page, tables=tables, downloads=downloads, asked=given, view=given.view, path=path, costs=COSTS,
        link=given.view.link, here=lambda **changed: given.view.here(path, **changed), menu=_menu(given.who),
        turned=lambda place, page: given.view.turned(path, place, page), of_part=of_part,
        who=given.who, reports=list(known_reports().values()), root=given.view.root,
        pinned=given.view.version is not None, choices=_choices(given, page, tables), unfiltered=dict.fromkeys(FILTERS),
    )  # fmt: skip
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _table(given: Asked, one: Source | Rows, place: int) -> Table:
    found = table(given.version, one, given.view, place) if isinstance(one, Source) else shown(one)
    return replace(found, empty="Nothing here that you may see.") if given.who.shown else found


def _choices(given: Asked, page: Page, tables: Sequence[Table]) -> dict[str, list[str]]:
    """The names that each filter of the page offers: those of the page, and those by which its first table can be
    narrowed, where there is a choice."""
    filters = dict.fromkeys(page.filters)
    if page.tables and isinstance(page.tables[0], Source):
        filters |= dict.fromkeys(offered(page.tables[0], tables[0].columns))
    names = {
        one: [row["name"] for row in given.version.ask(
            f"SELECT DISTINCT {FILTERS[one]} AS name FROM {_NAMED_IN[one]} WHERE {FILTERS[one]} IS NOT NULL ORDER BY 1"
        ).rows]
        for one in filters
    }  # fmt: skip
    return {
        one: found
        for one, found in names.items()
        if one in page.filters or one in given.view.narrowed or len(found) > 1
    }


def _menu(who: Person) -> list[tuple[str, str]]:
    """The addresses of the menu, with their names: the pages, after the environments the reports asked for most."""
    pages = [(module.PATH, module.MENU) for module in PAGES if _is_listed(module, who)]
    asked_most = [(f"/reports/{name}", said) for name, said in reports.IN_MENU.items()]
    place = next(place for place, (path, _) in enumerate(pages, 1) if path == environments.PATH)
    return pages[:place] + asked_most + pages[place:]


def _is_listed(module: ModuleType, who: Person) -> bool:
    return hasattr(module, "MENU") and getattr(module, "ROLE", who.role) == who.role


def _download(given: Asked, page: Page, suffix: str) -> Response:
    """The rows of the page's first table, all of them, in the order of the view."""
    if not page.tables:
        raise NotThereError(page.said or "This page has no rows to download.", page.near)
    first = page.tables[0]
    names, rows = _all_rows(given, first)
    if suffix == ".json":
        content = as_json([{name: plain(row[name]) for name in names} for row in rows]).encode()
    elif suffix == ".csv":
        content = _csv(names, rows)
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.xlsx"
            about = [page.lead or page.title, f"Version {given.version.snapshot}", *page.sentences]
            about += [f"{given.who.shown}."] if given.who.shown else []
            write_workbook(names, [[row[name] for name in names] for row in rows], about, file)
            content = file.read_bytes()
    name = (
        f"mlcost-{page.title.lower()}"[:60]
        .encode("ascii", "replace")
        .decode()
        .translate(str.maketrans(' /\\":?', "------"))
    )
    return Response(
        content, media_type=_TWINS[suffix], headers={"Content-Disposition": f'attachment; filename="{name}{suffix}"'}
    )


def _all_rows(given: Asked, source: Source | Rows) -> tuple[list[str], list[dict[str, Any]]]:
    if isinstance(source, Rows):
        return (list(source.rows[0]) if source.rows else []), [dict(row) for row in source.rows]
    source = in_view(given.version, source, given.view)
    found = given.version.ask(f"{source.statement}\nLIMIT {_MOST}", source.given)
    return [name for name in found.types if name not in source.hidden], found.rows


def _csv(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    import csv

    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(map(csv_cell, names))
    for row in rows:
        writer.writerow(_csv_value(row[name]) for name in names)
    return written.getvalue().encode()


def _csv_value(value: object) -> object:
    if isinstance(value, (dict, list)):
        value = as_json(plain(value))
    return csv_cell(value) if isinstance(value, str) else "" if value is None else plain(value)
