"""The models of a month, dearest first."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Link, Row, Source
from mlcost_assets.dashboard.view import part

PATH, MENU = "/models", "Models"
# The stages of each column, as models.sql sums them.
_STAGES = {
    "training": "training,tuning,experimentation",
    "inference": "inference",
    "all_else": "data_preparation,evaluation,storage,monitoring,networking,platform,commitment,other",
}


def page(asked: Asked) -> Page:
    """A row for each model, and one for the ML spend of no known model."""

    def of_model(row: Row) -> str:
        return asked.link(f"/models/{part(row['model'])}") if row["model"] else asked.link("/gaps", dimension="model")

    def charges(stages: str | None) -> Link:
        return lambda row: asked.link(
            "/charges",
            is_ml="true",
            stage=stages,
            **({"model": row["model"]} if row["model"] else {"unknown": "model"}),
        )

    models = Source(
        "Models",
        statement(__file__, "models"),
        asked.given,
        links={"model": of_model, "cost": lambda row: of_model(row) if row["model"] else charges(None)(row)}
        | {column: charges(stages) for column, stages in _STAGES.items()}
        | {"team": asked.to_team},
        note="Fully loaded: a model's own resources, and its parts of what is shared. (none) is of no known model.",
    )
    return Page(
        "Models",
        "What does each model cost in a month?",
        tables=[models],
        filters=("team", "environment"),
        of_cost=True,
    )
