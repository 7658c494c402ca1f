"""Asset checks: how one is declared, evaluated in its asset's own step, and kept for `data_quality`."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dagster as dg

from mlcost_assets.lake.registry import tables
from mlcost_assets.runtime.lake import LakeResource

Severity = Literal["ERROR", "WARN"]
# A check and how it is evaluated for the periods of a run.
Check = tuple[dg.AssetCheckSpec, Callable[[LakeResource, list[str]], dg.AssetCheckResult]]
COSTS = ("billed_cost", "effective_cost", "list_cost", "contracted_cost")


_UNCHANGED = "no period was rewritten; each was checked when it was"


def spec(asset: str, name: str, description: str, *, blocking: bool = False) -> dg.AssetCheckSpec:
    """A check that the step of `asset` evaluates itself; a failed blocking one stops what depends on it."""
    return dg.AssetCheckSpec(name=name, asset=asset, description=description, blocking=blocking)


def several(problems: Sequence[str]) -> str:
    """The first of `problems` and how many more there are, for a description; '' where there are none."""
    more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
    return "; ".join(problems[:5]) + more


def evaluated(
    lake: LakeResource,
    asset: str,
    name: str,
    passed: bool,
    description: str,
    *,
    severity: Severity = "ERROR",
    metadata: dict[str, Any] | None = None,
) -> dg.AssetCheckResult:
    """The outcome of a check, also noted for `data_quality`. `description` says what was found, for a person."""
    shown = metadata or {}
    lake.note_check(
        {
            "asset": asset,
            "check_name": name,
            "passed": passed,
            "severity": severity,
            "description": description,
            "details": json.dumps(shown, default=str),
        }
    )
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity[severity],
        description=description,
        metadata=shown,
    )


def conserves_total(asset: str) -> Check:
    """The check that `asset` holds the bill's money to the last digit."""
    declared = spec(
        asset,
        "conserves_total",
        "Per billing period, all four costs sum to exactly those of line_items (split-cost rows aside).",
        blocking=True,
    )
    return declared, lambda lake, periods: _conservation(lake, asset, periods)


def _conservation(lake: LakeResource, asset: str, periods: Sequence[str]) -> dg.AssetCheckResult:
    """Compares the four costs of `asset` with those of line_items per rewritten period and currency, exactly."""
    sums = ", ".join(f"coalesce(sum({cost}), 0) AS {cost}" for cost in COSTS)
    key = "billing_period, billing_currency"
    differing = lake.connection.execute(
        f"""
        WITH bill AS (
            SELECT {key}, {sums} FROM line_items
            WHERE NOT is_split_cost AND list_contains($periods, billing_period) GROUP BY ALL
        ),
        made AS (
            SELECT {key}, {sums} FROM {tables()[asset].qualified}
            WHERE list_contains($periods, billing_period) GROUP BY ALL
        )
        SELECT billing_period, {", ".join(f"coalesce(made.{cost}, 0) - coalesce(bill.{cost}, 0)" for cost in COSTS)}
        FROM bill FULL JOIN made USING ({key})
        WHERE {" OR ".join(f"made.{cost} IS DISTINCT FROM bill.{cost}" for cost in COSTS)}
        ORDER BY ALL
        """,
        {"periods": list(periods)},
    ).fetchall()
    said = "; ".join(f"{period} is off by {', '.join(map(str, off))}" for period, *off in differing[:3])
    return evaluated(
        lake,
        asset,
        "conserves_total",
        not differing,
        said
        or (
            f"{len(periods)} rewritten periods hold the bill's four costs to the last digit" if periods else _UNCHANGED
        ),
        metadata={"periods": len(periods), "periods_off": len(differing)},
    )
