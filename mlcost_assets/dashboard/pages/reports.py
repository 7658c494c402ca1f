"""Every report of `mlcost report`, as a page."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from mlcost_assets.dashboard.page import Asked, Bar, Chart, NotThereError, Page
from mlcost_assets.dashboard.tables import Link, Row, Source, narrowed
from mlcost_assets.dashboard.view import DIMENSIONS
from mlcost_assets.errors import excerpt
from mlcost_assets.reports.answers import Report, reports

PATH = "/reports/{name}"
# Reports that stand in the menu, as they are called there.
IN_MENU = {
    "drivers": "Why",
    "experiments": "Experiments",
    "agents": "Agents",
    "unit-costs": "Unit costs",
    "gpu": "GPU",
    "idle": "Idle",
    "scenarios": "Savings",
    "commitments": "Commitments",
}
_CALLED = {"gpu": "GPU"}
_BARS = 12


def page(asked: Asked) -> Page:
    """The rows of a report for the month, or for all since another. Raises NotThereError for one that there is not."""
    report = reports().get(asked.path["name"])
    if not report:
        near = [(one.question, asked.link(f"/reports/{one.name}")) for one in reports().values()]
        raise NotThereError(f"No report is called {excerpt(asked.path['name'])!r}.", near)
    rows = answer(asked, report.name)
    return Page(
        _CALLED.get(report.name, report.name.replace("-", " ").capitalize()),
        report.question,
        charts=_drawn(asked, report, rows),
        tables=[rows],
        near=[
            *(_quarters(asked, report) if report.spans else ()),
            *((reports()[one].question, asked.link(f"/reports/{one}")) for one in report.beside),
        ],
        sentences=report.assumes,
        filters=tuple(one for one in report.filters if one in DIMENSIONS),
        spans_months=report.spans,
        of_month=report.spans,
    )


def _quarters(asked: Asked, report: Report) -> Iterator[tuple[str, str]]:
    """The report of the two newest quarters, as far as their months are published."""
    quarters: dict[str, list[str]] = {}
    for month in asked.periods:
        quarters.setdefault(f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}", []).append(month)
    for quarter, own in list(quarters.items())[:-3:-1]:
        narrowed = {one: asked.view.other.get(one) for one in report.filters if one not in DIMENSIONS}
        yield quarter, asked.link(f"/reports/{report.name}", period=own[-1], since=own[0], **narrowed)


def answer(asked: Asked, name: str, **also: Any) -> Source:
    """The rows of the report `name` as the view narrows them, and as they are narrowed `also`."""
    report = reports()[name]
    filters = {one: asked.view.narrowed.get(one) or asked.view.other.get(one) for one in report.filters}
    return Source(
        report.question,
        report.statement.read_text(encoding="utf-8"),
        {"periods": asked.span} | filters | also,
        links=_links(asked),
        summed=report.summed,
    )


def _links(asked: Asked) -> dict[str, Link]:
    """Where a cell of any report leads, by its column: what has a name has a page."""

    def to_resource(row: Row) -> str | None:
        of = next((row[name] for name in ("resource_key", "resource", "run") if row.get(name)), None)
        return asked.link("/explain", of=of) if of else None

    def to_scenario(row: Row) -> str:
        return asked.link("/whatif", of=row["resource"], to=row["scenario"])

    def to_runs(row: Row) -> str | None:
        if not row["experiment"]:
            return None
        return asked.link(
            "/reports/experiment-runs", experiment=row["experiment"], team=row["team"], since=asked.span[0]
        )

    return {
        "model": lambda row: asked.to_model(row) if "," not in (row["model"] or "") else None,
        "team": asked.to_team,
        "environment": asked.to_environment,
        "resource_id": asked.to_resource,
        "run": to_resource,
        "resource": to_resource,
        "resource_key": to_resource,
        "scenario": to_scenario,
        "experiment": to_runs,
        "commitment_id": lambda row: asked.link("/charges", commitment=row["commitment_id"]),
    }


def _drawn(asked: Asked, report: Report, rows: Source) -> Sequence[Chart]:
    """The largest sums of what the report draws, as bars that lead to their rows, a chart a currency."""
    if not report.drawn:
        return []
    value, by = report.drawn
    source = narrowed(asked.version, rows, asked.view)
    sums = asked.version.ask(
        f"SELECT {by} AS name, CAST(sum({value}) AS DECIMAL(28,10)) AS value, billing_currency"
        f" FROM (\n{source.statement}\n) AS every GROUP BY ALL HAVING value > 0 ORDER BY value DESC, name",
        source.given,
    ).rows
    return [
        Chart(
            f"{value.replace('_', ' ').capitalize()} by {by}",
            currency,
            [
                Bar(row["name"] or "(none)", Decimal(row["value"]), _of_bar(asked, report, by, row["name"]))
                for row in [one for one in sums if one["billing_currency"] == currency][:_BARS]
            ],
        )
        for currency in sorted({row["billing_currency"] for row in sums})
    ]


def _of_bar(asked: Asked, report: Report, by: str, name: str | None) -> str:
    """The rows of one bar: the report narrowed to it. Those of no name cannot be asked for."""
    if name is None or by not in report.filters:
        return ""
    since = asked.view.other.get("since") if report.spans else None
    return asked.link(f"/reports/{report.name}", **{by: name, "since": since})
