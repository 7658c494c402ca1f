"""How gaps and differences are printed: as text for people, as JSON for machines."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from mlcost_assets.attribution.explain.diff import Difference
from mlcost_assets.billing.bill_ends import BillEnd
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.reports.gaps import Gaps
from mlcost_assets.text import as_json, plain

_GAPS = 12  # of a dimension
_CHANGES = 15  # of a kind in a month
_CENT = Decimal("0.005")


def write_gaps(found: Gaps, bill: BillEnd, format_: str) -> None:
    """By dimension, the dearest first: what it is about, why nobody knows, and the mend."""
    if format_ == "json":
        say(as_json(plain(found.rows), indent=2), whole=True)
        return
    if not found.has_ml:
        say(f"{bill} has no ML spend: there are no gaps to find.", err=True)
    elif not found.rows:
        say(f"Every ML dollar of {bill} has a model, a team and an environment.", err=True)
    for dimension, currency in dict.fromkeys((row["dimension"], row["billing_currency"]) for row in found.rows):
        rows = [row for row in found.rows if (row["dimension"], row["billing_currency"]) == (dimension, currency)]
        total = sum(row["effective_cost"] for row in rows)
        say(Bold(f"No {dimension}"), f"  {total:,.2f} {currency} of the ML effective cost of {bill}")
        for row in rows[:_GAPS]:
            about = f" ({_shortly(row['largest_resource'])})" if row["largest_resource"] else ""
            things = f"{row['resources']} of " if row["resources"] > 1 else ""
            say(
                f"  {row['effective_cost']:>14,.2f}  {things}{row['largest_service']}{about}: {row['statement']}\n"
                f"  {'':>14}  → {row['mend']}"
            )
        if rest := rows[_GAPS:]:
            cost = sum(row["effective_cost"] for row in rest)
            say(f"  {cost:>14,.2f}  {len(rest)} more; --format json has all")
        say()


def write_difference(found: Difference, bills: Mapping[str, BillEnd], format_: str) -> None:
    """By month: what the bill came to, then what changed hands and why, then what came and left."""
    if format_ == "json":
        say(as_json([plain(asdict(found))], indent=2), whole=True)
        return
    say(f"{_refresh(found.before)} → {_refresh(found.after)}")
    if not found.changes:
        say("No dollar changed hands, none came and none left.")
    for total in found.totals:
        changes = [
            row
            for row in found.changes
            if all(row[key] == total[key] for key in ("billing_period", "billing_currency"))
        ]
        if changes:
            say(
                "\n",
                Bold(str(bills[total["billing_period"]])),
                f"  effective {total['effective_before']:,.2f} → {total['effective_after']:,.2f}"
                f" {total['billing_currency']}"
                f", of which with a model {total['of_models_before']:,.2f} → {total['of_models_after']:,.2f}",
            )
            for kind in dict.fromkeys(row["change"] for row in changes):
                _write_changes(kind, [row for row in changes if row["change"] == kind])


def _write_changes(kind: str, rows: list[dict[str, Any]]) -> None:
    say(f"  {kind}  {sum(row['effective_cost'] for row in rows):,.2f}")
    # Where a pool's weights change, quanta of the last digit move between all of its owners.
    told = [row for row in rows if abs(row["effective_cost"]) >= _CENT]
    for row in told[:_CHANGES]:
        things = f"{row['resources']} × " if row["resources"] > 1 else ""
        largest = _shortly(row["largest_resource"]) or "no resource"
        say(f"  {row['effective_cost']:>14,.2f}  {things}{', '.join(row['services'])} ({largest}): {_owners(row)}")
        if row["differs"]:
            before, after = row["because_before"] or "nothing told", row["because_after"] or "nothing tells"
            if before != after:
                say(f"  {'':>14}    was: {before}")
            say(f"  {'':>14}    now: {after}")
            for source in (row["sources_after"] or [])[:3]:
                say(f"  {'':>14}         ← {source}")
    if rest := told[_CHANGES:] + [row for row in rows if row not in told]:
        say(f"  {sum(row['effective_cost'] for row in rest):>14,.2f}  {len(rest)} more; --format json has all")


def _owners(row: dict[str, Any]) -> str:
    if row["differs"]:
        return ", ".join(
            f"{one['dimension']} {one['before'] or 'nobody'} → {one['after'] or 'nobody'}" for one in row["differs"]
        )
    return (
        " of ".join(filter(None, (row["model_before"] or row["model_after"], row["team_before"] or row["team_after"])))
        or "nobody's"
    )


def _refresh(one: dict[str, Any]) -> str:
    return f"refresh {one['snapshot']} ({one['published_at']:%Y-%m-%d %H:%M})"


def _shortly(resource: str | None) -> str:
    return (resource or "").rsplit(":", 1)[-1]
