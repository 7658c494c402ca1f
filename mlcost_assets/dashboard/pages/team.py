"""One team: what its models, projects and stages cost, month by month."""

from mlcost_assets.dashboard.page import Asked, Bar, Chart, NotThereError, Page, statement
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import part

PATH = "/teams/{name:path}"


def page(asked: Asked) -> Page:
    """Raises NotThereError for a team that no published charge has."""
    name = asked.path["name"]
    months = asked.rows(__file__, "team_months", named=name)
    if not months:
        raise NotThereError(f"No charge has the team {name!r}.")
    models = Source(
        f"{name} in {asked.period}",
        statement(__file__, "team_models"),
        asked.given | {"named": name},
        links={
            "model": asked.to_model,
            "cost": lambda row: asked.link("/charges", team=name, model=row["model"], stage=row["stage"]),
        },
        empty=f"The team {name} cost nothing in {asked.period}.",
    )
    trend = Chart(
        "Month by month",
        months[0]["billing_currency"],
        [
            Bar(row["billing_period"], row["cost"], asked.link(f"/teams/{part(name)}", period=row["billing_period"]))
            for row in months
            if row["billing_currency"] == months[0]["billing_currency"]
        ],
    )
    return Page(name, "What did this team spend, and on what?", charts=[trend], tables=[models])
