"""The environments of a month: the rows sum to the bill."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Row, Source

PATH, MENU = "/environments", "Environments"


def page(asked: Asked) -> Page:
    """ML and the rest of each environment."""

    def charges(row: Row) -> str:
        whose = {"environment": row["environment"]} if row["environment"] else {"unknown": "environment"}
        return asked.link("/charges", is_ml=str(row["is_ml"]).lower(), **whose)

    environments = Source(
        "Environments",
        statement(__file__, "environments"),
        asked.given,
        links=dict.fromkeys(("environment", "cost"), charges),
        note="The rows sum to the bill. The row (none) is of no known environment.",
    )
    return Page(
        "Environments",
        "What does each environment cost in a month?",
        tables=[environments],
        filters=("team",),
        of_cost=True,
    )
