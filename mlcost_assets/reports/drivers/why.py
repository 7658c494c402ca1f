"""Why the cost of a month is not that of the month before, read from the published tables."""

from dataclasses import dataclass
from typing import Any

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import published_period
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import as_dicts, read_sql
from mlcost_assets.reports.answers import refuse_unknown

_LARGEST = 12
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Why:
    """The change of `scope` (total, model, team, environment) `name` from `period_before` to `period`.

    `until_day` is the last day that counts in both months, None where all do. `totals`, one a currency: cost_before,
    cost_after, change, drivers (driver, change; the largest first). `largest`: the largest rows of cost_drivers, the
    largest first, each with since (None where no day stands out), deployed_at, deployment, deployed_by,
    deployment_names, deployment_record and people.
    """

    period: str
    period_before: str
    until_day: int | None
    scope: str
    name: str | None
    totals: Rows
    largest: Rows


def find_why(reader: LakeReader, period: str | None, scope: str, name: str | None) -> Why:
    """Why `scope` costs in `period` (None: the newest) what it did not in the month before.

    Raises ConfigError for a month that is not published and for a name that owns nothing, MlcostError where the month
    before is not published.
    """
    month = published_period(reader, period)
    if name is not None:
        refuse_unknown(reader, scope, name)
    compared = {before: until for _, before, until in _compared(reader, month)}
    if not compared:
        raise MlcostError(f"{month} cannot be compared: the bill of the month before is not published.")
    ((before, until),) = compared.items()
    given = {
        "period": month, "period_before": before, "until_day": until, "scope": scope, "name": name, "rows": _LARGEST,
    }  # fmt: skip
    totals, largest = (as_dicts(reader.query(read_sql(__file__, one), given)) for one in ("why_totals", "why_largest"))
    return Why(month, before, until, scope, name, totals, largest)


def _compared(reader: LakeReader, period: str) -> list[tuple[str, str, int | None]]:
    compared = f"FROM ({statement_of('compared_days')}) WHERE billing_period = $period"
    return reader.query(compared, {"period": period}).fetchall()
