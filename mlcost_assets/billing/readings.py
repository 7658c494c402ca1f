"""How the costs of a drop are to be read: decided once for all its rows, from what they tell together."""

from dataclasses import dataclass

import duckdb

from mlcost_assets.billing.formats import Format
from mlcost_assets.lake.sql import read_sql, run, step


@dataclass(frozen=True)
class Readings:
    """Whether costs are taken `net` of discounts, whether what savings plans and reservations cover tells its part of
    their cost (`plans_amortise`, `reservations_amortise`), and whether some fee does not tell what was left unused."""

    net: bool = False
    plans_amortise: bool = True
    reservations_amortise: bool = True
    unused_lacks: bool = False


def read_types(connection: duckdb.DuckDBPyConnection, export_format: Format, missing: tuple[str, ...]) -> Readings:
    """Scans the rows plainly, by currency and type (temporary table `told_types`); `missing` as in Source.

    FOCUS tells costs as they are, and leaves nothing to decide.
    """
    scan = read_sql(__file__, f"told_types_{'focus' if export_format.name == 'focus' else 'cur'}")
    step(connection, "told_types", select=scan)
    if export_format.name == "focus":
        return Readings()
    selected = {
        "plan_columns": "savings_plan_savings_plan_effective_cost" not in missing,
        "reservation_columns": "reservation_effective_cost" not in missing,
    }
    return Readings(*run(connection, read_sql(__file__, "readings"), selected).fetchone() or ())
