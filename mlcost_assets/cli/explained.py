"""How an explanation is printed: as text for people, as JSON for machines."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.attribution.explain.explain import Explained, Rows
from mlcost_assets.attribution.explain.explain_model import ExplainedModel
from mlcost_assets.attribution.explain.explain_words import arithmetic, in_words, legend
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.config.rules import DIMENSIONS
from mlcost_assets.text import as_json, plain

_SHOWN = 6  # kinds of evidence of a stage, usage types of an owner
_LOST = 8  # claims
_SOURCES = 3  # of a claim that lost


def write_json(explained: Explained | ExplainedModel) -> None:
    """One object with the explanation's parts, inside an array as all JSON output is."""
    say(as_json([plain(asdict(explained))], indent=2), whole=True)


def write_text(explained: Explained) -> None:
    """The chain in words: resource → cost → owner → each reason with its source → what lost."""
    _write_thing(explained)
    reasons: dict[str, Rows] = {}
    for row in explained.evidence:
        reasons.setdefault(row["evidence_id"], []).append(row)
    overruled = {(row["dimension"], row["losing_value"]) for row in explained.lost}
    for evidence_id in dict.fromkeys(row["evidence_id"] for row in explained.costs):
        costs = [row for row in explained.costs if row["evidence_id"] == evidence_id]
        _write_owner(costs, reasons.get(evidence_id, []), overruled)
    _write_lost(explained)
    _write_related(explained)
    _write_legend(explained.evidence)


def _write_thing(explained: Explained) -> None:
    """What it is, how it is tagged, and how far its bill goes."""
    say(Bold(explained.resource_id))
    for life in explained.lives[-3:]:
        until = life["valid_to"] or "now"
        say(f"  is {life['kind']} {life['name'] or ''}, from {life['valid_from']} to {until} (record {life['source']})")
    if not explained.lives and explained.resource_key:
        say("  no metadata record tells of it; only the bill does")
    for said in _tags(explained.tags):
        say(f"  {said}")
    for bill in explained.bills:
        if bill.lacks:
            say(f"  bill of {bill.period}: {bill.lacks}")
    if not explained.costs:
        say("  was billed nothing in this time")


def _write_related(explained: Explained) -> None:
    if explained.edges:
        say("\nRelated to")
        for edge in explained.edges[:12]:
            related = f"{_short(edge['from_id'])} {edge['relation'].replace('_', ' ')} {_short(edge['to_id'])}"
            since = f"from {edge['valid_from']}, " if edge["valid_from"] else ""
            say(f"  {related} ({since}record {edge['source']})")


def _sum(parts: list[dict[str, Any]]) -> Decimal:
    return sum((part["effective_cost"] for part in parts if part["effective_cost"] is not None), Decimal(0))


def _tags(tags: Rows) -> Iterator[str]:
    """The resource's own tags, a line for each of the places where they stand; of each key the newest value."""
    for seen_in, said in (("resource", "tagged on the resource"), ("bill", "tagged in the bill")):
        newest = {tag["tag_key"]: tag["tag_value"] for tag in tags if tag["seen_in"] == seen_in}
        if newest:
            yield f"{said}: " + ", ".join(f"{key} = {value}" for key, value in newest.items())


def _write_lost(explained: Explained) -> None:
    """What was said and does not count, with the reason; the first is what the resource's owner would ask for."""
    if explained.lost:
        say("\nOverruled")
    for row in explained.lost[:_LOST]:
        whose = "" if row["losing_whose"] == "itself" else f" (of {row['losing_whose']})"
        winner = f"lost to {row['dimension']} {row['winning_value']}" if row["winning_value"] else "does not count"
        say(f"  {row['dimension']} {row['losing_value']}: {row['losing_statement']}{whose}")
        say(f"      {winner} from {row['valid_from']:%Y-%m-%d} to {_last_day(row['valid_to'])}, because {row['why']}")
        if row["winning_value"]:
            say(f"      {row['winning_value']}: {row['winning_statement']}")
        for source in row["losing_sources"][:_SOURCES]:
            say(f"      ← {source}")
    if len(explained.lost) > _LOST:
        say(f"  {len(explained.lost) - _LOST:,} more; --format json has all")


def _last_day(end: datetime) -> str:
    return f"{end - timedelta(microseconds=1):%Y-%m-%d}"


def _write_legend(rows: Rows) -> None:
    said = list(legend((row["method"] for row in rows), (row["confidence"] for row in rows)))
    if said:
        say("\nIn brackets: how it was decided, and how sure that is, 0 to 1")
    for line in said:
        say(f"  {line}")


def _write_owner(costs: Rows, reasons: Rows, overruled: set[tuple[str, str]]) -> None:
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
        said = in_words(row)
        say(f"  {about}{': ' if about else ''}{said}  [{row['method']}, {row['confidence']:.2f}]")
        if told := arithmetic(row):
            say(f"      {told}")
        if row["sources"]:
            say("      " + "\n      ".join(f"← {source}" for source in row["sources"]))
        for lost, other in list(zip(row["lost"] or (), row["others"], strict=False))[:5]:
            if (row["dimension"], lost["value"]) not in overruled:
                say(f"      lost on rung {lost['rung'].replace('_', ' ')}: {other}")


def _short(resource: str) -> str:
    return resource if resource.startswith("s3://") else resource.rsplit(":", 1)[-1]
