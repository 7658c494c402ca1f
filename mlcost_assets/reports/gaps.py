"""The gaps of the evidence in a month, by what would mend them."""

from dataclasses import dataclass

from mlcost_assets.attribution.explain import Rows
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql


@dataclass(frozen=True)
class Gaps:
    """`rows`: dimension, reason, effective_cost, billed_cost, billing_currency, statement, mend, largest_service,
    largest_resource, accounts, resources; the dearest of a dimension first."""

    period: str
    rows: Rows


def find_gaps(reader: LakeReader, period: str | None = None, dimension: str | None = None) -> Gaps:
    """The gaps of `period`, or of the newest month. Raises MlcostError for a month that is not published."""
    months = [
        month for (month,) in reader.query("SELECT DISTINCT billing_period FROM attributed_costs ORDER BY 1").fetchall()
    ]
    if not months or (period and period not in months):
        raise MlcostError(f"No bill of {period or 'any month'} is published. There is: {', '.join(months) or 'none'}.")
    month = period or months[-1]
    given = {"period": month, "dimension": dimension}
    return Gaps(month, as_dicts(reader.query(read_sql(__file__, "gaps"), given)))
