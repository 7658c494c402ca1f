"""How an explanation is printed: as text for people, as JSON for machines."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from mlcost_assets.attribution.explain import Explained
from mlcost_assets.cli.results import plain
from mlcost_assets.config.rules import DIMENSIONS


def write_json(explained: Explained) -> None:
    """One object with the explanation's parts, inside an array as all JSON output is."""
    click.echo(json.dumps([plain(asdict(explained))], indent=2, ensure_ascii=False))


def write_text(explained: Explained) -> None:
    """The chain in words: resource → cost → owner → each reason with its source → what lost."""
    click.echo(click.style(explained.resource_id, bold=True))
    for life in explained.lives[-3:]:
        until = life["valid_to"] or "now"
        click.echo(
            f"  is {life['kind']} {life['name'] or ''}, from {life['valid_from']} to {until} (record {life['source']})"
        )
    if not explained.lives:
        click.echo("  no metadata record tells of it; only the bill does")
    if not explained.costs:
        click.echo("  was billed nothing in this time")
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in explained.evidence:
        reasons.setdefault(row["evidence_id"], []).append(row)
    for evidence_id in dict.fromkeys(row["evidence_id"] for row in explained.costs):
        _write_owner(
            [row for row in explained.costs if row["evidence_id"] == evidence_id],
            reasons.get(evidence_id, []),
        )
    if explained.edges:
        click.echo("\nRelated to")
        for edge in explained.edges[:12]:
            related = f"{_short(edge['from_id'])} {edge['relation'].replace('_', ' ')} {_short(edge['to_id'])}"
            click.echo(f"  {related} (record {edge['source']})")


def _write_owner(costs: list[dict[str, Any]], reasons: list[dict[str, Any]]) -> None:
    total = sum((row["effective_cost"] for row in costs if row["effective_cost"] is not None), Decimal(0))
    first, last = min(row["first_day"] for row in costs), max(row["last_day"] for row in costs)
    owner = ", ".join(f"{name} {costs[0][name]}" for name in DIMENSIONS if costs[0][name]) or "nobody known"
    click.echo(
        f"\n{total:,.2f} {costs[0]['billing_currency']} effective, {first} to {last} → {click.style(owner, bold=True)}"
    )
    billed_as = ", ".join(sorted({row["usage_type"] or row["service_code"] for row in costs}))
    click.echo(f"  {billed_as}; stage {', '.join(sorted({row['stage'] for row in costs}))}")
    for row in reasons:
        about = (
            f"{row['dimension']} {row['value']}" if row["dimension"] else (row["value"] and _short(row["value"])) or ""
        )
        click.echo(f"  {about}: {row['statement']}  [{row['method']}, {row['confidence']:.2f}]")
        if row["sources"]:
            click.echo("      " + "\n      ".join(f"← {source}" for source in row["sources"]))
        for other in row["others"][:5]:
            click.echo(f"      lost: {other}")


def _short(resource: str) -> str:
    return resource if resource.startswith("s3://") else resource.rsplit(":", 1)[-1]
