"""Asset checks: how one is declared, evaluated in its asset's own step, and kept for `data_quality`."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dagster as dg

from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import run
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


def finds_nothing(
    asset: str,
    name: str,
    description: str,
    *,
    statement: str,
    told: Callable[..., str],
    well: str,
    blocking: bool = False,
) -> Check:
    """The check that a `statement` finds nothing wrong in the rewritten $periods. Each row that it finds is `told` as a
    sentence, which takes its columns; `well` is said where there is none."""

    def evaluate(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
        off = [told(*row) for row in run(lake.connection, statement, {"periods": periods}).fetchall()]
        return evaluated(lake, asset, name, not off, several(off) or well)

    return spec(asset, name, description, blocking=blocking), evaluate


def conserves_total(asset: str, of: str = "line_items", *, part: str = "") -> Check:
    """The check that `asset` holds the total that the registry says it holds, as `of` has it, to the last digit.

    With `part`, an SQL condition, it is the total of those rows of `of`.
    """
    whose = "ML spend" if tables()[asset].holds == "ml" else f"charges with {part}" if part else "bill"
    declared = spec(
        asset,
        "conserves_total",
        f"Per billing period and currency, all costs sum to exactly those of the {whose} in {of}"
        f"{' (split-cost rows aside)' if of == 'line_items' else ''}.",
        blocking=True,
    )
    return declared, lambda lake, periods: _conservation(lake, asset, of, part, periods)


def _conservation(lake: LakeResource, asset: str, of: str, part: str, periods: Sequence[str]) -> dg.AssetCheckResult:
    """Compares the costs of `asset` with those of `of` per rewritten period and currency, exactly."""
    if not periods:
        return evaluated(lake, asset, "conserves_total", True, _UNCHANGED, metadata={"off_by": 0.0})
    table = tables()[asset]
    columns = {column.name for column in table.columns}
    costs = {cost: cost for cost in COSTS if cost in columns}
    if {"direct_cost", "shared_cost"} <= columns:
        costs["direct_cost + shared_cost"] = "effective_cost"
    if "total_cost" in columns:
        costs["total_cost"] = "effective_cost"
    whole = "NOT is_split_cost" if of == "line_items" else "is_ml" if table.holds == "ml" else "true"
    counted = f"({part})" if part else whole
    names = [f"cost{number}" for number in range(len(costs))]
    of_table, of_bill = (
        ", ".join(f"coalesce(sum({cost}), 0) AS {name}" for cost, name in zip(summed, names, strict=True))
        for summed in (costs.keys(), costs.values())
    )
    key = "billing_period, billing_currency"
    differing = lake.connection.execute(
        f"""
        WITH bill AS (
            SELECT {key}, {of_bill} FROM {tables()[of].qualified}
            WHERE {counted} AND list_contains($periods, billing_period) GROUP BY ALL
        ),
        made AS (
            SELECT {key}, {of_table} FROM {table.qualified}
            WHERE list_contains($periods, billing_period) GROUP BY ALL
        )
        SELECT billing_period, {", ".join(f"coalesce(made.{name}, 0) - coalesce(bill.{name}, 0)" for name in names)}
        FROM bill FULL JOIN made USING ({key})
        WHERE {" OR ".join(f"made.{name} IS DISTINCT FROM bill.{name}" for name in names)}
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
        said or f"{len(periods)} rewritten periods hold {', '.join(costs)} of {of} to the last digit",
        metadata={"off_by": float(max((abs(amount) for _, *off in differing for amount in off), default=0))},
    )
