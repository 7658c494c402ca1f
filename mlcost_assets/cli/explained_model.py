"""How a model's cost is printed for people: its months, then its stages with what is billed and what says so."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mlcost_assets.attribution.explain.explain import Rows
from mlcost_assets.attribution.explain.explain_model import ExplainedModel
from mlcost_assets.attribution.explain.explain_words import legend, part_in_words
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.lineage.neighbourhood import short

_SHOWN = 6  # kinds of evidence of a stage
_STAGES = 3  # of a month
_THINGS = 3  # of a kind of evidence


def write_model(explained: ExplainedModel) -> None:
    """The total of each currency, its months in a line each, and what all of them together are made of."""
    products = {part["service_code"]: part["service_name"] or part["service_code"] for part in explained.parts}
    for currency in dict.fromkeys(part["billing_currency"] for part in explained.parts):
        months = [row for row in explained.months if row["billing_currency"] == currency]
        _write_months(explained, months, currency)
        parts = [part for part in explained.parts if part["billing_currency"] == currency]
        for stage in dict.fromkeys(part["stage"] for part in parts):
            _write_stage(stage, [part for part in parts if part["stage"] == stage], products)
    say("\nIn brackets: what it rests on, and how sure that is at least, 0 to 1")
    shown = [(part["method"], part["confidence"]) for part in explained.parts]
    for line in legend([method for method, _ in shown], [confidence for _, confidence in shown]):
        say(f"  {line}")


def _write_months(explained: ExplainedModel, months: Rows, currency: str) -> None:
    bills = [bill for bill in explained.bills if any(row["billing_period"] == bill.period for row in months)]
    span = str(bills[0]) if len(bills) == 1 else f"{bills[0].period} to {bills[-1]}"
    say(Bold(explained.model), f" {span}: {_sum(months):,.2f} {currency} effective")
    for bill in bills if len(bills) > 1 else []:
        staged = [row for row in months if row["billing_period"] == bill.period]
        told = ", ".join(f"{_words(row['stage'])} {row['effective_cost']:,.2f}" for row in staged[:_STAGES])
        more = f" and {len(staged) - _STAGES} more" if len(staged) > _STAGES else ""
        say(f"  {_sum(staged):>14,.2f}  {bill}: {told}{more}")


def _write_stage(stage: str, parts: Rows, products: dict[str, str]) -> None:
    say(f"\n  {_words(stage)}  {_sum(parts):,.2f}")
    for part in parts[:_SHOWN]:
        one = f" {_name(part['dearest'][0])}" if part["resources"] == 1 else ""
        why = part_in_words(part, products)
        say(
            f"    {part['effective_cost']:>14,.2f}  {products[part['service_code']]}{one}: {why}"
            f"  [{part['method']}, {part['confidence']:.2f}]"
        )
        for line in _things(part):
            say(f"    {'':>14}    {line}")
    if rest := parts[_SHOWN:]:
        say(f"    {_sum(rest):>14,.2f}  {len(rest)} more; --format json has all")


def _things(part: dict[str, Any]) -> Iterator[str]:
    if part["resources"] < 2:
        return
    for thing in part["dearest"][:_THINGS]:
        yield f"{thing['effective_cost']:>12,.2f}  {_name(thing)}"
    if part["resources"] > _THINGS:
        yield f"{'':>12}  and {part['resources'] - _THINGS:,} more"


def _name(thing: dict[str, Any]) -> str:
    own = short(thing["resource_id"])
    return f"{thing['name']} ({own})" if thing["name"] and thing["name"] not in own else own


def _words(stage: str) -> str:
    return stage.replace("_", " ")


def _sum(rows: Rows) -> Decimal:
    return sum((row["effective_cost"] for row in rows), Decimal(0))
