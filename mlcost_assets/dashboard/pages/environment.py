"""One environment: what runs there, of which team and model, month by month."""

from mlcost_assets.dashboard.page import Asked, Page, months_drawn, statement
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import part

PATH = "/environments/{name:path}"


def page(asked: Asked) -> Page:
    """Raises NotThereError for an environment that no published charge has."""
    name = asked.path["name"]
    months = asked.rows(__file__, "environment_months", named=name)
    if not months:
        raise asked.no_such("environment", name)
    spent = Source(
        f"{name} in {asked.period}",
        statement(__file__, "environment"),
        asked.given | {"named": name},
        links={
            "team": asked.to_team,
            "model": asked.to_model,
            "cost": lambda row: asked.to_charges(row, "team", "model", "stage", "is_ml", environment=name),
        },
        empty=f"Nothing in {name} cost anything in {asked.period}.",
    )
    return Page(
        name,
        "What does this environment cost, and who uses it?",
        of_cost=True,
        charts=months_drawn(asked, f"/environments/{part(name)}", months),
        tables=[spent],
    )
