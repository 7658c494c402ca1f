"""The charges of a month, by resource and usage type, each with its owner and how that is known."""

from typing import Any

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.view import DIMENSIONS

PATH, MENU = "/charges", "Charges"
_UNKNOWN = (*DIMENSIONS, "project", "stage")


def page(asked: Asked) -> Page:
    """All that is narrowed by filters, by `project`, `commitment` and `is_ml`, and by dimensions that are `unknown`."""
    return Page(
        "Charges",
        "What was billed, and whose is it?",
        tables=[charges(asked)],
        of_cost=True,
        filters=("model", "team", "environment"),
    )


def charges(asked: Asked, title: str = "Charges", **narrowed: Any) -> Source:
    """The charges of the month, dearest first, as the address narrows them or as they are `narrowed` here."""
    other = asked.view.other
    unknown = [name for name in other.get("unknown", "").split(",") if name in _UNKNOWN]
    given = {
        "project": other.get("project"),
        "commitment": other.get("commitment"),
        "is_ml": other["is_ml"] if other.get("is_ml") in ("true", "false") else None,
        "unknown": unknown,
    }
    return Source(
        title,
        statement(__file__, "charges"),
        asked.given | given | narrowed,
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
            "environment": asked.to_environment,
        },
        hidden=("evidence_id",),
        note="A row sums the days of the month; its cost leads to the lines of the bill, its method to the evidence.",
    )
