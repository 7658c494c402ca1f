"""The teams of a month: the rows sum to the bill."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Link, Row, Source
from mlcost_assets.dashboard.view import part

PATH, MENU = "/teams", "Teams"


def page(asked: Asked) -> Page:
    """A row for each team, and one for what is of no known team."""

    def of_team(row: Row) -> str:
        return asked.link(f"/teams/{part(row['team'])}") if row["team"] else asked.link("/charges", unknown="team")

    def charges(is_ml: str, stage: str | None = None) -> Link:
        return lambda row: asked.link(
            "/charges", is_ml=is_ml, stage=stage, **({"team": row["team"]} if row["team"] else {"unknown": "team"})
        )

    teams = Source(
        "Teams",
        statement(__file__, "teams"),
        asked.given,
        links={
            "team": of_team,
            "cost": of_team,
            "ml": charges("true"),
            "not_ml": charges("false"),
            "experiments": charges("true", "experimentation"),
            "inference": charges("true", "inference"),
        },
        note="The rows sum to the bill. The row (none) is of no known team.",
    )
    return Page("Teams", "What does each team's work cost in a month?", tables=[teams], of_cost=True)
