"""The audit of required tags in a month: findings ranked by dollars, their resources, the trend, and each mend."""

from dataclasses import dataclass
from typing import Any

import duckdb

from mlcost_assets.billing.bill_ends import BillEnd, bill_ends
from mlcost_assets.lake.periods import published_period
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql

Rows = list[dict[str, Any]]

BRIEF_ROWS = 20
_BRIEF = (
    "rank, finding, tag, coalesce(tag_key, service_group) AS about, team, account_id AS account, resources,"
    " CAST(effective_cost AS DECIMAL(18,2)) AS cost, array_to_string(suggestions[:3], ', ') AS suggested, mend"
)


@dataclass(frozen=True)
class Audit:
    """What is lacking in the month of `bill`. `confidence` is from how sure on what attribution found is written into
    files."""

    bill: BillEnd
    confidence: float
    findings: Rows
    resources: Rows
    trend: Rows
    groups: Rows


def audit_tags(reader: LakeReader, period: str | None = None, confidence: float = 0.8) -> Audit:
    """The audit of `period`, or of the newest month. Raises ConfigError for a month that is not published."""
    month = published_period(reader, period)
    given = {"period": month, "confidence": confidence}
    findings, resources, trend, groups = (
        as_dicts(_run(reader, read_sql(__file__, part), given)) for part in ("findings", "resources", "trend", "groups")
    )
    bill = bill_ends(reader.connection(), [month])[month]
    return Audit(bill, confidence, findings, resources, trend, groups)


def has_states(reader: LakeReader, period: str) -> bool:
    """Whether `period` has anything that an audit looks at: ML spend or a GPU machine."""
    return bool(reader.query("FROM tag_states WHERE billing_period = $period LIMIT 1", {"period": period}).fetchall())


def findings(
    reader: LakeReader, period: str, confidence: float = 0.8, *, brief: bool = False
) -> duckdb.DuckDBPyConnection:
    """The findings of `period` as a result; `brief`: the dearest, in the columns that a person reads first."""
    sql = read_sql(__file__, "findings")
    if brief:
        sql = f"SELECT {_BRIEF} FROM ({sql}) ORDER BY rank LIMIT {BRIEF_ROWS}"
    return _run(reader, sql, {"period": period, "confidence": confidence})


def _run(reader: LakeReader, sql: str, given: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    return reader.query(sql, {name: value for name, value in given.items() if f"${name}" in sql})
