"""How an explanation is printed: as text for people, as JSON for machines."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from mlcost_assets.attribution.explain import Explained
from mlcost_assets.attribution.explain_model import ExplainedModel
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.cli.results import plain
from mlcost_assets.config.rules import DIMENSIONS
from mlcost_assets.text import as_json

_SHOWN = 6  # kinds of evidence of a stage, usage types of an owner


def write_json(explained: Explained | ExplainedModel) -> None:
    """One object with the explanation's parts, inside an array as all JSON output is."""
    say(as_json([plain(asdict(explained))], indent=2))


def write_text(explained: Explained) -> None:
    """The chain in words: resource → cost → owner → each reason with its source → what lost."""
    say(Bold(explained.resource_id))
    for life in explained.lives[-3:]:
        until = life["valid_to"] or "now"
        say(f"  is {life['kind']} {life['name'] or ''}, from {life['valid_from']} to {until} (record {life['source']})")
    if not explained.lives and explained.resource_key:
        say("  no metadata record tells of it; only the bill does")
    if not explained.costs:
        say("  was billed nothing in this time")
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in explained.evidence:
        reasons.setdefault(row["evidence_id"], []).append(row)
    for evidence_id in dict.fromkeys(row["evidence_id"] for row in explained.costs):
        _write_owner(
            [row for row in explained.costs if row["evidence_id"] == evidence_id],
            reasons.get(evidence_id, []),
        )
    if explained.edges:
        say("\nRelated to")
        for edge in explained.edges[:12]:
            related = f"{_short(edge['from_id'])} {edge['relation'].replace('_', ' ')} {_short(edge['to_id'])}"
            since = f"from {edge['valid_from']}, " if edge["valid_from"] else ""
            say(f"  {related} ({since}record {edge['source']})")


def write_model(explained: ExplainedModel) -> None:
    """A model's cost: by month, by stage, by what says that it is the model's."""
    months = {(part["billing_period"], part["billing_currency"]): None for part in explained.parts}
    for period, currency in months:
        parts = [
            one for one in explained.parts if (one["billing_period"], one["billing_currency"]) == (period, currency)
        ]
        say(Bold(explained.model), f" {period}: {_sum(parts):,.2f} {currency} effective")
        for stage in dict.fromkeys(part["stage"] for part in parts):
            staged = [part for part in parts if part["stage"] == stage]
            say(f"\n  {stage}  {_sum(staged):,.2f}")
            for part in staged[:_SHOWN]:
                things = f"{part['resources']} × " if part["resources"] > 1 else ""
                why = f"{part['statement'] or 'no evidence'}  [{part['method']}, {part['confidence']:.2f}]"
                say(f"    {part['effective_cost']:>14,.2f}  {things}{part['service_code']}: {why}")
            if rest := staged[_SHOWN:]:
                say(f"    {_sum(rest):>14,.2f}  {len(rest)} more; --format json has all")
        say()


def _sum(parts: list[dict[str, Any]]) -> Decimal:
    return sum((part["effective_cost"] for part in parts if part["effective_cost"] is not None), Decimal(0))


def _write_owner(costs: list[dict[str, Any]], reasons: list[dict[str, Any]]) -> None:
    first, last = min(row["first_day"] for row in costs), max(row["last_day"] for row in costs)
    owner = ", ".join(f"{name} {costs[0][name]}" for name in DIMENSIONS if costs[0][name]) or "nobody known"
    say(
        f"\n{_sum(costs):,.2f} {costs[0]['billing_currency']} effective, {first} to {last} → ",
        Bold(owner),
    )
    billed_as = sorted({row["usage_type"] or row["service_code"] for row in costs})
    more = f" and {len(billed_as) - _SHOWN} more" if len(billed_as) > _SHOWN else ""
    say(f"  {', '.join(billed_as[:_SHOWN])}{more}; stage {', '.join(sorted({row['stage'] for row in costs}))}")
    for row in reasons:
        about = (
            f"{row['dimension']} {row['value']}" if row["dimension"] else (row["value"] and _short(row["value"])) or ""
        )
        say(f"  {about}{': ' if about else ''}{row['statement']}  [{row['method']}, {row['confidence']:.2f}]")
        if row["sources"]:
            say("      " + "\n      ".join(f"← {source}" for source in row["sources"]))
        for other in row["others"][:5]:
            say(f"      lost: {other}")


def _short(resource: str) -> str:
    return resource if resource.startswith("s3://") else resource.rsplit(":", 1)[-1]
