"""What Dagster shows of a table that a run made: rows and money, month by month, and the top of reports."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import dagster as dg

from mlcost_assets.lake.registry import Table, tables
from mlcost_assets.money import MONEY
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.text import markdown

_SHOWN_COSTS = ("billed_cost", "effective_cost")
_MOST_ROWS, _MOST_COLUMNS, _LONGEST = 10, 6, 80


def figures(lake: LakeResource, name: str) -> dict[str, Any]:
    """The figures of a table that is made whole."""
    table = tables()[name]
    (rows,) = lake.connection.execute(f"SELECT count(*) FROM {table.qualified}").fetchone() or (0,)
    preview = dict(_previews(lake, table)).get("") if rows and table.domain == "reports" else None
    return {"dagster/row_count": rows} | ({"preview": preview} if preview else {})


def tell_months(context: dg.AssetExecutionContext, lake: LakeResource, name: str, made: Collection[str]) -> None:
    """Gives each month of the run its own figures: its rows and costs, and whether it is among those `made` anew.

    Costs are there twice: exact in words, and per currency as a float, which Dagster plots.
    """
    table = tables()[name]
    months = list(context.partition_keys)
    shown: dict[str, dict[str, Any]] = {month: {"dagster/row_count": 0, "made_anew": month in made} for month in months}
    for month, rows, costs in _sums(lake, table, months):
        shown[month]["dagster/row_count"] += rows
        for cost, (amount, currency) in costs.items():
            words = f"{amount:,} {currency}".rstrip()
            shown[month][cost] = f"{shown[month][cost]}; {words}" if cost in shown[month] else words
            shown[month][f"{cost}_{currency.lower()}".rstrip("_")] = float(amount)
    if table.domain == "reports" and any(one["dagster/row_count"] for one in shown.values()):
        for month, preview in _previews(lake, table, months):
            shown[month]["preview"] = preview
    for month, metadata in shown.items():
        context.add_asset_metadata(metadata, asset_key=name, partition_key=month)


def _sums(
    lake: LakeResource, table: Table, months: list[str]
) -> Iterator[tuple[str, int, dict[str, tuple[Decimal, str]]]]:
    """Rows and costs by month and currency: money of several currencies never adds up."""
    columns = {column.name for column in table.columns}
    costs = [cost for cost in _SHOWN_COSTS if cost in columns]
    currency = "billing_currency" if "billing_currency" in columns else "''"
    counted = " FILTER (NOT is_split_cost)" if "is_split_cost" in columns else ""
    sums = "".join(f", coalesce(sum({cost}){counted}, 0)" for cost in costs)
    for month, of, rows, *amounts in lake.connection.execute(
        f"SELECT billing_period, {currency} AS currency, count(*){sums} FROM {table.qualified}"
        " WHERE list_contains($months, billing_period) GROUP BY ALL ORDER BY ALL",
        {"months": months},
    ).fetchall():
        yield month, rows, {cost: (amount, of or "") for cost, amount in zip(costs, amounts, strict=True)}


def _previews(lake: LakeResource, table: Table, months: list[str] | None = None) -> Iterator[tuple[str, Any]]:
    """The dearest rows of a report, by month where it is made by month, as Markdown tables."""
    money = [column.name for column in table.columns if column.type == MONEY]
    cost = next((name for name in ("effective_cost", "total_cost", *money) if name in money), None)
    about = [column.name for column in table.columns if column.type != MONEY and column.name != "billing_period"]
    names = [*about[:_MOST_COLUMNS], *([cost] if cost else [])]
    if cost and "billing_currency" in about[_MOST_COLUMNS:]:
        names.append("billing_currency")
    month, wanted = ("billing_period", "list_contains($months, billing_period)") if months else ("''", "true")
    dearest = f"{cost or names[0]}{' DESC NULLS LAST' if cost else ''}"
    rows = lake.connection.execute(
        f"SELECT {month} AS of_month, {', '.join(names)} FROM {table.qualified} WHERE {wanted}"
        f" QUALIFY row_number() OVER (PARTITION BY of_month ORDER BY {dearest}) <= {_MOST_ROWS}"
        f" ORDER BY of_month, {dearest}",
        {"months": months} if months else {},
    ).fetchall()
    for one in dict.fromkeys(row[0] for row in rows):
        lines = [names, ["---"] * len(names), *(map(_cell, row[1:]) for row in rows if row[0] == one)]
        yield one, dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    text = "(none)" if value is None else str(value)
    return markdown(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
