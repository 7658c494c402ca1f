"""Why costs are a model's: its stages, what is billed for each, and what says so, as rows and as a picture."""

from mlcost_assets.attribution.explain.explain_model import explain_model
from mlcost_assets.attribution.explain.explain_picture import model_picture
from mlcost_assets.attribution.explain.explain_words import part_in_words
from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.dashboard.tables import Row, Rows
from mlcost_assets.errors import MlcostError
from mlcost_assets.lineage.drawing import svg
from mlcost_assets.text import one_line


def page(asked: Asked, model: str) -> Page:
    """What `mlcost explain --model` knows of the month. Raises NotThereError for a model without costs in it."""
    month = asked.period
    try:
        explained = asked.version.once(
            ("explained model", model, month), lambda version: explain_model(version, model, month)
        )
    except MlcostError as error:
        raise NotThereError(str(error)) from None
    products = {part["service_code"]: part["service_name"] or part["service_code"] for part in explained.parts}
    parts = [_part(part, products) for part in explained.parts]
    return Page(
        one_line(model),
        "Why are these costs this model's?",
        tables=[
            Rows(
                f"What {one_line(model)} cost in {asked.period}, and what says so",
                parts,
                links={
                    "stage": lambda row: asked.link("/charges", model=model, stage=row["stage"]),
                    "dearest": lambda row: asked.link("/explain", of=row["dearest"]) if row["dearest"] else None,
                },
                note="Confidence is the lowest of the part; the records are those of its dearest resource.",
            )
        ],
        near=[("What it cost", asked.to_model({"model": model}) or "")],
        picture=svg(*model_picture(explained), f"What {one_line(model)} costs, and why"),
    )


def _part(part: Row, products: dict[str, str]) -> Row:
    told = {name: part[name] for name in ("stage", "method", "confidence", "resources", "effective_cost")}
    dearest = part["dearest"][0]["resource_id"] if part["dearest"] else None
    return told | {
        "product": products[part["service_code"]],
        "because": part_in_words(part, products),
        "dearest": dearest,
        "records": ", ".join(part["largest_sources"] or ()),
        "billing_currency": part["billing_currency"],
    }
