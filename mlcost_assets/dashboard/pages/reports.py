"""Every report of `mlcost report`, as a page."""

from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import DIMENSIONS
from mlcost_assets.reports.answers import reports

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


def page(asked: Asked) -> Page:
    """The rows of a report for the month, or for all since another. Raises NotThereError for one that there is not."""
    report = reports().get(asked.path["name"])
    if not report:
        raise NotThereError(f"No report is called {asked.path['name']!r}.")
    narrowed = {name: asked.view.narrowed.get(name) or asked.view.other.get(name) for name in report.filters}
    answer = Source(
        report.question,
        report.statement.read_text(encoding="utf-8"),
        {"periods": asked.span} | narrowed,
        links={
            "model": asked.to_model,
            "team": asked.to_team,
            "resource_id": asked.to_resource,
        },
    )
    filters = tuple(one for one in report.filters if one in DIMENSIONS)
    title = report.name.replace("-", " ").capitalize()
    return Page(title, report.question, tables=[answer], sentences=report.assumes, filters=filters, spans_months=True)
