"""The gaps of the evidence in a month, by what would mend them."""

from dataclasses import dataclass

from mlcost_assets.attribution.explain.explain import Rows
from mlcost_assets.attribution.explain.spend import spend
from mlcost_assets.lake.periods import published_period
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql


@dataclass(frozen=True)
class Gaps:
    """`has_ml`: whether the month has ML spend at all.

    `rows`: dimension, reason, effective_cost, billed_cost, billing_currency, statement, mend, largest_service,
    largest_resource, accounts, resources; the dearest of a dimension first.
    """

    period: str
    has_ml: bool
    rows: Rows


def find_gaps(reader: LakeReader, period: str | None = None, dimension: str | None = None) -> Gaps:
    """The gaps of `period`, or of the newest month.

    Raises ConfigError for a month that is not published, MlcostError where none is.
    """
    month = published_period(reader, period)
    has_ml = any(one.ml is not None for one in spend(reader.connection(), [month]))
    given = {"period": month, "dimension": dimension}
    return Gaps(month, has_ml, as_dicts(reader.query(read_sql(__file__, "gaps"), given)))
