"""The models of a month, dearest first."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Row, Source
from mlcost_assets.dashboard.view import part

PATH, MENU = "/models", "Models"
_STAGES = {"training": "training", "inference": "inference"}


def page(asked: Asked) -> Page:
    """A row for each model, and one for the ML spend of no known model."""

    def of_model(row: Row) -> str:
        return asked.link(f"/models/{part(row['model'])}") if row["model"] else asked.link("/gaps", dimension="model")

    models = Source(
        "Models",
        statement(__file__, "models"),
        asked.given,
        links=dict.fromkeys(("model", "cost", "training", "inference", "all_else"), of_model) | {"team": asked.to_team},
        note="Fully loaded: a model's own resources, and its parts of what is shared. (none) is of no known model.",
    )
    return Page(
        "Models",
        "What does each model cost in a month?",
        tables=[models],
        filters=("team", "environment"),
        of_cost=True,
    )
