"""Why a resource's or a charge's cost has its owner: costs, every reason, what is known of it, and a picture of all."""

from collections.abc import Sequence
from typing import Any

from mlcost_assets.attribution.explain.explain import Explained, explain_resource
from mlcost_assets.attribution.explain.explain_picture import resource_picture
from mlcost_assets.dashboard.page import Asked, NotThereError, Page, Step
from mlcost_assets.dashboard.pages import explained_model
from mlcost_assets.dashboard.tables import Row, Rows
from mlcost_assets.errors import MlcostError
from mlcost_assets.lineage.drawing import svg
from mlcost_assets.text import one_line

PATH, MENU = "/explain", "Explain"


def page(asked: Asked) -> Page:
    """What `mlcost explain` knows of what `of` names, a resource or an evidence_id; without it, of the `model`.

    Raises NotThereError.
    """
    named = asked.view.other.get("of", "")
    if not named and asked.view.narrowed.get("model"):
        return explained_model.page(asked, asked.view.narrowed["model"])
    if not named:
        return Page("Explain", "Why does a resource's cost have its owner?", form="of", of_month=False)
    month = asked.view.period or None
    try:
        explained = asked.version.once(
            ("explained", named, month), lambda version: explain_resource(version, named, month)
        )
    except MlcostError as error:
        raise NotThereError(str(error)) from None
    return Page(
        one_line(explained.resource_id),
        "Why does its cost have its owner?",
        form="of",
        of_month=False,
        tables=list(_tables(asked, explained)),
        # What several months or charges have for a reason is told once.
        steps=list({repr(one): one for one in map(_step, explained.evidence)}.values()),
        picture=svg(*resource_picture(explained), f"Whose {one_line(explained.resource_id)} is, and why"),
        picture_title="The way from the bill to the owner",
    )


def _tables(asked: Asked, explained: Explained) -> Sequence[Rows]:
    def whose(row: Row) -> str:
        return asked.link("/bill", resource=explained.resource_id, period=row["billing_period"])

    return [
        Rows(
            "What it cost, and whose that is",
            [_cost_first(row) for row in explained.costs],
            {"effective_cost": whose, "billed_cost": whose},
        ),
        Rows("What lost", explained.lost, empty="Nothing spoke against it."),
        Rows("What metadata knows of it", explained.lives, empty="Metadata never listed it."),
        Rows("Its tags", explained.tags, empty="It has no tags, or none were read."),
        Rows("What it is related to", explained.edges, empty="No record relates it to anything."),
    ]


def _cost_first(row: Row) -> dict[str, Any]:
    """The row as people read it: the amount in sight beside its month, whatever the width of the page."""
    first = {name: row[name] for name in ("billing_period", "effective_cost", "billing_currency")}
    return first | {name: value for name, value in row.items() if name != "is_ml"}


def _step(row: Row) -> Step:
    factors = [(one["factor"], one["what"]) for one in row["factors"] or ()]
    return Step(
        row["dimension"] or "share",  # how what several use is divided is of no dimension
        row["value"],
        row["method"],
        row["confidence"],
        row["statement"],
        factors,
        row["sources"] or (),
    )
