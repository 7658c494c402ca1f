"""ML spend without a model, team or environment: why, and what would settle it."""

from pathlib import Path

from mlcost_assets.dashboard.page import Asked, Page
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.reports import gaps as reported

PATH, MENU = "/gaps", "Gaps"


def page(asked: Asked) -> Page:
    """The same rows as `mlcost attribution gaps`."""
    dimension = asked.view.other.get("dimension")
    gaps = Source(
        "What nobody knows",
        Path(reported.__file__).with_suffix(".sql").read_text(encoding="utf-8"),
        {"period": asked.period, "dimension": dimension if dimension in ("model", "team", "environment") else None},
        links={
            name: lambda row: asked.link("/charges", unknown=row["dimension"], is_ml="true")
            for name in ("effective_cost", "billed_cost")
        }
        | {
            "largest_resource": lambda row: (
                asked.link("/explain", of=row["largest_resource"]) if row["largest_resource"] else None
            )
        },
        empty="All ML spend of the month has a model, a team and an environment.",
        summed=None if dimension else (),  # what has no model can have no team as well
        note="By dimension, what is mended for the most cost first; what is only shared, or used by nobody, last.",
    )
    return Page("Gaps", "Whose spend is not known, and what would tell?", tables=[gaps])
