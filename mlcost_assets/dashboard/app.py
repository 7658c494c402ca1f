"""The web application: an address, a page; the same address with .json, .csv or .xlsx, its rows."""

import contextlib
import io
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

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
from mlcost_assets.dashboard.access import OwnPagesOnly, SafePages
from mlcost_assets.dashboard.lake import Versions
from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.dashboard.pages import (
    bill,
    chargeback,
    charges,
    data,
    environments,
    explain,
    forecast,
    gaps,
    model,
    models,
    overview,
    reports,
    tags,
    team,
    teams,
)  # fmt: skip
from mlcost_assets.dashboard.tables import Rows, Source, shown, table
from mlcost_assets.dashboard.view import COSTS, asked
from mlcost_assets.documents import write_workbook
from mlcost_assets.errors import MlcostError
from mlcost_assets.figures import texts
from mlcost_assets.reports.answers import reports as known_reports
from mlcost_assets.text import as_json, csv_cell, plain

_HERE = Path(__file__).parent
# In the order of the menu; of two paths that fit, the first one counts.
PAGES: tuple[ModuleType, ...] = (
    overview, models, model, teams, team, environments, reports, chargeback, forecast, tags, charges, bill, explain,
    gaps, data,
)  # fmt: skip
_TWINS = {
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MOST = 1_048_575  # rows of a download, as many as a sheet holds


def application(config: Config) -> Starlette:
    """The dashboard of an installation; it reads what is published, and writes nothing."""
    versions = Versions(config)
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader([_HERE / "components"]), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    templates.filters["written"] = lambda value: texts([value])[0]
    templates.filters["exact"] = plain  # as in the downloads, so never 2.6E-8

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        with contextlib.suppress(MlcostError):  # nothing is published yet: the pages say so
            await run_in_threadpool(versions.at, None)
        yield
        versions.close()

    def answer(module: ModuleType, suffix: str) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            request_of = _asked(versions, request)
            page: Page = module.page(request_of)
            return _download(request_of, page, suffix) if suffix else _html(templates, request, request_of, page)

        return endpoint

    def failed(request: Request, error: Exception) -> Response:
        status = (
            404 if isinstance(error, NotThereError) else error.status_code if isinstance(error, HTTPException) else 503
        )
        said = error.detail if isinstance(error, HTTPException) else str(error)
        html = templates.get_template("failed.html").render(
            said=said, root=request.scope.get("root_path", ""), menu=_menu()
        )
        return HTMLResponse(html, status)

    routes: list[BaseRoute] = [Mount("/static", StaticFiles(directory=_HERE / "static"), name="static")]
    for module in PAGES:
        # A name in a path may end as a download does, so that the downloads' paths stand first.
        for suffix in (*_TWINS, ""):
            path = f"/overview{suffix}" if suffix and module.PATH == "/" else f"{module.PATH}{suffix}"
            routes.append(Route(path, answer(module, suffix)))
    return Starlette(
        routes=routes,
        lifespan=life,
        middleware=[Middleware(OwnPagesOnly), Middleware(SafePages), Middleware(GZipMiddleware)],
        exception_handlers={MlcostError: failed, HTTPException: failed},
    )


def _asked(versions: Versions, request: Request) -> Asked:
    view = asked(request.scope.get("root_path", ""), request.query_params)
    return Asked(versions.at(view.version), view, request.path_params)


def _html(templates: jinja2.Environment, request: Request, given: Asked, page: Page) -> Response:
    path = request.url.path.removeprefix(given.view.root)
    tables = [table(given.version, one, given.view) if isinstance(one, Source) else shown(one) for one in page.tables]
    downloads = {
        suffix[1:]: given.view.here(f"{'/overview' if path == '/' else path}{suffix}", page=None)
        for suffix in _TWINS
        if page.tables
    }
    html = templates.get_template("page.html").render(
        page=page, tables=tables, downloads=downloads, asked=given, view=given.view, path=path, costs=COSTS,
        link=given.view.link, here=lambda **changed: given.view.here(path, **changed), menu=_menu(),
        reports=list(known_reports().values()), root=given.view.root,
        pinned=given.view.version is not None, choices=_choices(given, page),
    )  # fmt: skip
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _choices(given: Asked, page: Page) -> dict[str, list[str]]:
    """The names that each filter of the page offers."""
    return {
        one: [row["name"] for row in given.version.ask(
            f"SELECT DISTINCT {one} AS name FROM {'model_costs' if one == 'model' else 'environment_costs'}"
            f" WHERE {one} IS NOT NULL ORDER BY 1"
        ).rows]
        for one in page.filters
    }  # fmt: skip


def _menu() -> list[tuple[str, str]]:
    """The addresses of the menu, with their names: the pages, after the environments the reports asked for most."""
    pages = [(module.PATH, module.MENU) for module in PAGES if hasattr(module, "MENU")]
    asked_most = [(f"/reports/{name}", said) for name, said in reports.IN_MENU.items()]
    place = next(place for place, (path, _) in enumerate(pages, 1) if path == environments.PATH)
    return pages[:place] + asked_most + pages[place:]


def _download(given: Asked, page: Page, suffix: str) -> Response:
    """The rows of the page's first table, all of them, in the order of the view."""
    if not page.tables:
        raise NotThereError("This page has no rows to download.")
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
    found = given.version.ask(f"{source.statement}\nLIMIT {_MOST}", source.given)
    return [name for name in found.types if name not in source.hidden], found.rows


def _csv(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    import csv

    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(map(csv_cell, names))
    for row in rows:
        values = [row[name] for name in names]
        writer.writerow(csv_cell(one) if isinstance(one, str) else "" if one is None else plain(one) for one in values)
    return written.getvalue().encode()
