"""What a model's cost is made of, and what says so, read from the published tables."""

from dataclasses import dataclass

from mlcost_assets.attribution.explain import Rows
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql


@dataclass(frozen=True)
class ExplainedModel:
    """`parts`: billing_period, stage, service_code, method, statement, resources, largest_resource, largest_sources,
    confidence (the lowest of the part), the four costs, billing_currency; the stages of a month by their cost."""

    model: str
    parts: Rows


def explain_model(reader: LakeReader, model: str, period: str | None = None) -> ExplainedModel:
    """What `model` cost, by stage and evidence.

    Raises ConfigError for a period that is not published, MlcostError when the model has no costs (in that period).
    """
    refuse_unpublished(period, published_periods(reader))
    given = {"model": model, "period": period}
    parts = as_dicts(reader.query(read_sql(__file__, "explain_model"), given))
    if parts:
        return ExplainedModel(model, parts)
    near = as_dicts(reader.query(read_sql(__file__, "explain_models"), given))
    known = next((one for one in near if one["model"] == model), None)
    if known:
        raise MlcostError(f"Model {model} cost nothing in {period}; it did in {', '.join(known['periods'])}.")
    some = ", ".join(one["model"] for one in near)
    raise MlcostError(f"No cost is attributed to a model {model!r}. Near it: {some or 'none, no model is known'}.")
