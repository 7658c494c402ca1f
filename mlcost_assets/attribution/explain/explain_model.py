"""What a model's cost is made of, and what says so, read from the published tables."""

from dataclasses import dataclass

from mlcost_assets.attribution.explain.explain import Rows
from mlcost_assets.billing.bill_ends import BillEnd, bill_ends
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import Readable
from mlcost_assets.lake.sql import as_dicts, read_sql


@dataclass(frozen=True)
class ExplainedModel:
    """`months`: billing_period, stage, billed_cost, effective_cost, billing_currency.

    `parts` are of all these months together: stage, service_code, service_name, method, statement and code (what
    names the model), divided_by, least_share and largest_share (of a shared charge, else None), resources, dearest
    (resource_id, name, effective_cost of up to five), largest_sources, confidence (the lowest of the part), the four
    costs, billing_currency; stages by their cost. `bills`: how far the bill of each month goes.
    """

    model: str
    months: Rows
    parts: Rows
    bills: list[BillEnd]


def explain_model(reader: Readable, model: str, period: str | None = None) -> ExplainedModel:
    """What `model` cost, by stage and evidence.

    Raises ConfigError for a period that is not published, MlcostError when the model has no costs (in that period).
    """
    refuse_unpublished(period, published_periods(reader))
    given = {"model": model, "period": period}
    months, parts = (
        as_dicts(reader.query(read_sql(__file__, f"explain_{name}"), given)) for name in ("months", "model")
    )
    if not parts:
        raise MlcostError(_unknown(reader, model, period))
    periods = sorted({row["billing_period"] for row in months})
    return ExplainedModel(model, months, parts, list(bill_ends(reader.connection(), periods).values()))


def _unknown(reader: Readable, model: str, period: str | None) -> str:
    models = as_dicts(reader.query(read_sql(__file__, "explain_models"), {"model": model}))
    known = next((one for one in models if one["model"] == model), None)
    if known:
        return f"Model {model} cost nothing in {period}; it did in {', '.join(known['periods'])}."
    near = [one["model"] for one in models if one["is_near"]]
    some = f"Near it: {', '.join(near[:5])}." if near else f"Known are {', '.join(one['model'] for one in models)}."
    return f"No cost is attributed to a model {model!r}. {some if models else 'No model is known.'}"
