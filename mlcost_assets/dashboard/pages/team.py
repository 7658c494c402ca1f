"""One team: what its models, projects and stages cost, month by month."""

from mlcost_assets.dashboard.page import Asked, Page, months_drawn, statement
from mlcost_assets.dashboard.pages.reports import answer
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import part

PATH = "/teams/{name:path}"


def page(asked: Asked) -> Page:
    """Raises NotThereError for a team that no published charge has."""
    name = asked.path["name"]
    months = asked.rows(__file__, "team_months", named=name)
    if not months:
        raise asked.no_such("team", name)
    models = Source(
        f"{name} in {asked.period}",
        statement(__file__, "team_models"),
        asked.given | {"named": name},
        links={
            "model": asked.to_model,
            "cost": lambda row: asked.to_charges(row, "model", "project", "stage", "is_ml", team=name),
        },
        empty=f"The team {name} cost nothing in {asked.period}.",
    )
    return Page(
        name,
        "What did this team spend, and on what?",
        of_cost=True,
        charts=months_drawn(asked, f"/teams/{part(name)}", months),
        tables=[models, answer(asked, "experiments", team=name)],
    )
