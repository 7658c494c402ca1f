"""The environments of a month: the rows sum to the bill."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source

PATH, MENU = "/environments", "Environments"


def page(asked: Asked) -> Page:
    """ML and the rest of each environment."""
    environments = Source(
        "Environments",
        statement(__file__, "environments"),
        asked.given,
        links={
            "environment": lambda row: asked.to_environment(row) or asked.link("/charges", unknown="environment"),
            "cost": lambda row: asked.to_charges(row, "environment", "is_ml"),
        },
        note="The rows sum to the bill. The row (none) is of no known environment.",
    )
    return Page(
        "Environments",
        "What does each environment cost in a month?",
        tables=[environments],
        filters=("team",),
        of_cost=True,
    )
