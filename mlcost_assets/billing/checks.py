"""The checks of the billing assets: what is wrong with drops, and what is worth a look in those that are loaded.

They speak of all periods, not only of those that a run rewrote, so that a finding stands until it is mended.
"""

from collections.abc import Iterator
from typing import NamedTuple

import dagster as dg

from mlcost_assets.billing.ledger import drop_problems
from mlcost_assets.billing.plan import Plan
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.runtime.checks import Severity, evaluated, several, spec
from mlcost_assets.runtime.lake import LakeResource

# Some usage names no resource in every bill; where most of it does not, the export leaves resource ids out.
_MOST_UNNAMED = 0.5


class _Check(NamedTuple):
    asset: str
    name: str
    finding: str
    severity: Severity
    promise: str
    otherwise: str


_CHECKS = [
    _Check(
        "line_items",
        "conserves_total",
        "off",
        "ERROR",
        "What line_items holds of each drop is what a plain scan of its files gave.",
        "every loaded drop ties out to the last digit",
    ),
    _Check(
        "billing_drops",
        "every_drop_is_loaded",
        "unusable",
        "ERROR",
        "No drop is waiting, rejected or out of reach.",
        "every drop is loaded",
    ),
    _Check(
        "billing_drops",
        "one_export_per_payer",
        "shadowed",
        "ERROR",
        "No two exports tell of one account in one period.",
        "every account and period has one export",
    ),
    _Check(
        "billing_drops",
        "fresh",
        "stale",
        "WARN",
        "The newest drop of every export that has manifests is younger than 36 hours.",
        "every export delivered lately",
    ),
    _Check(
        "quarantined_rows",
        "nothing_set_aside",
        "set_aside",
        "ERROR",
        "Every row of every loaded drop is a charge, or one of another cloud provider.",
        "no row was set aside",
    ),
    _Check(
        "line_items",
        "one_currency",
        "currencies",
        "WARN",
        "Every loaded drop is in one currency; several are kept apart and never added up.",
        "every drop is in one currency",
    ),
    _Check(
        "line_items",
        "types_are_known",
        "types",
        "WARN",
        "The mapping knows the line-item type of every row; another one is kept, as usage or adjustment.",
        "every type of row is known",
    ),
    _Check(
        "line_items",
        "rows_are_told_once",
        "duplicates",
        "WARN",
        "No two rows of a drop carry the same line-item id and time interval; all are kept.",
        "no line-item id stands twice",
    ),
    _Check(
        "line_items",
        "tags_are_read",
        "tags",
        "WARN",
        "Every value of a column of tags or cost categories is read.",
        "every tag is read",
    ),
    _Check(
        "line_items",
        "every_day_has_usage",
        "days",
        "WARN",
        "No day of a loaded period is without usage.",
        "no day is without usage",
    ),
    _Check(
        "line_items",
        "usage_names_resources",
        "unnamed",
        "WARN",
        f"At most {_MOST_UNNAMED:.0%} of a period's usage cost names no resource.",
        "usage names its resources",
    ),
    _Check(
        "line_items",
        "commitments_amortise",
        "amortisation",
        "WARN",
        "In a final month, what reservations and savings plans covered and left unused costs what their fees and the"
        " month's part of their upfront fees come to.",
        "the commitments of every final month amortise to what was paid for them",
    ),
    _Check(
        "line_items",
        "commitments_end_even",
        "lives",
        "WARN",
        "Over its life a commitment costs effectively what was billed of it, and never more than that.",
        "no commitment costs more than was paid for it, nor less once it has ended",
    ),
    _Check(
        "line_items",
        "effective_cost_is_told",
        "untold",
        "WARN",
        "The exports have the columns that spread commitments over what they cover; without them, what is billed"
        " counts.",
        "every export tells effective cost",
    ),
    _Check(
        "line_items",
        "currency_is_told",
        "currency",
        "WARN",
        "Every row names its currency; one that does not is taken as USD, or as CNY where it is billed in China.",
        "every row names its currency",
    ),
    _Check(
        "line_items",
        "every_charge_has_costs",
        "unpriced",
        "ERROR",
        "Every charge has an effective, a list and a contracted cost.",
        "every charge has its costs",
    ),
    _Check(
        "line_items",
        "types_tie_out",
        "moved",
        "ERROR",
        "Each type of row is billed what a plain scan of the files gave, to the last digit.",
        "every type of row is billed what its rows hold",
    ),
    _Check(
        "line_items",
        "everything_counts_once",
        "counted",
        "ERROR",
        "Usage, taxes, discounts, credits and refunds are effectively what the files say; fees that come back count for"
        " nothing.",
        "everything counts once",
    ),
    _Check(
        "line_items",
        "list_cost_is_highest",
        "above",
        "WARN",
        "Usage costs effectively no more than its list price, within 1 % of a drop's usage; unused commitments, fees"
        " and taxes have none.",
        "no usage costs more than its list price",
    ),
    _Check(
        "line_items",
        "discounts_tie_out",
        "discounts",
        "WARN",
        "The discounts that an export tells by name are what its net costs leave out, within 1 %.",
        "discounts are what net costs leave out",
    ),
]

SPECS = [spec(one.asset, one.name, one.promise, blocking=one.finding == "off") for one in _CHECKS]


def check_drops(lake: LakeResource, plan: Plan, rewritten: list[str]) -> Iterator[dg.AssetCheckResult]:
    """Evaluates every check; sums are compared for the `rewritten` periods."""
    found: dict[str, list[str]] = {}
    found_by_sql = [
        row
        for statement in ("standing_totals", "standing_costs")
        for row in run(
            lake.connection, read_sql(__file__, statement), {"periods": rewritten, "most_unnamed": _MOST_UNNAMED}
        ).fetchall()
    ]
    for finding, text in [*drop_problems(lake.connection, rewritten), *found_by_sql]:
        found.setdefault(finding, []).append(text)
    found["unusable"] = found.get("unusable", []) + plan.problems
    for one in _CHECKS:
        problems = found.get(one.finding, [])
        said = several(problems) or one.otherwise
        yield evaluated(lake, one.asset, one.name, not problems, said, severity=one.severity)
