"""The charges of a month, by resource and usage type, each with its owner and how that is known."""

from typing import Any

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import DIMENSIONS

PATH, MENU = "/charges", "Charges"


def page(asked: Asked) -> Page:
    """All that is narrowed by model, team, environment, and by `stage`, `is_ml` or an `unknown` dimension."""
    return Page(
        "Charges",
        "What was billed, and whose is it?",
        tables=[charges(asked)],
        of_cost=True,
        filters=("model", "team", "environment"),
    )


def charges(asked: Asked, title: str = "Charges", **narrowed: Any) -> Source:
    """The charges of the month, dearest first, as the address narrows them or as they are `narrowed` here."""
    other = {name: asked.view.other.get(name) for name in ("stage", "is_ml", "unknown")}
    if other["is_ml"] not in ("true", "false"):
        other["is_ml"] = None
    if other["unknown"] not in DIMENSIONS:
        other["unknown"] = None
    return Source(
        title,
        statement(__file__, "charges"),
        asked.given | other | narrowed,
        links={
            "resource_id": asked.to_resource,
            "cost": lambda row: (
                asked.link("/bill", resource=row["resource_id"], usage_type=row["usage_type"])
                if row["resource_id"]
                else asked.link("/bill", usage_type=row["usage_type"])
            ),
            "method": lambda row: asked.link("/explain", of=row["evidence_id"]),
            "least_confidence": lambda row: asked.link("/explain", of=row["evidence_id"]),
            "model": asked.to_model,
            "team": asked.to_team,
        },
        hidden=("evidence_id",),
        note="A row sums the days of the month; its cost leads to the lines of the bill, its method to the evidence.",
    )
