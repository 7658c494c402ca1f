"""A table of a page: sorted, paged and summed by DuckDB, each number a link to what it is made of."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from mlcost_assets.dashboard.lake import Version
from mlcost_assets.dashboard.terms import of_columns
from mlcost_assets.dashboard.view import DIMENSIONS, FILTERS, View
from mlcost_assets.figures import is_number, texts
from mlcost_assets.lake.engine import identifier
from mlcost_assets.money import MONEY

ROWS, FEWER = 50, 12  # of one part of the first table of a page, and of each further one
_AT_ONCE = 300  # rows that are asked for together: whole parts, and a table of fewer needs no second question for sums
_NOT_SUMMED = re.compile(r"(^|_)(per|unit|share|rate|confidence)(_|$)")

Row = Mapping[str, Any]
Link = Callable[[Row], str | None]


@dataclass(frozen=True)
class Table:
    """What a page shows of a SELECT.

    `cells` are texts, `values` what they show exactly, `links` where each leads. `totals` are the sums of the columns
    of money over all rows, by `of_currency`, with their `row_count`; `count` is the number of rows; `meanings` says
    what columns mean. One that is `paged` shows part `page` of its rows; `place` is its own on the page, from 1.
    """

    title: str
    columns: Sequence[str]
    numeric: Mapping[str, bool]
    values: Sequence[Row]
    cells: Sequence[Mapping[str, str | None]]
    links: Sequence[Mapping[str, str | None]]
    totals: Sequence[Row]
    count: int
    note: str = ""
    empty: str = ""
    paged: bool = False
    place: int = 1
    page: int = 1
    meanings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A SELECT of ours and what it is given; the same one makes a page's table and its downloads. `summed` are the
    columns whose rows add up, where these are not all that hold money."""

    title: str
    statement: str
    given: Mapping[str, Any]
    links: Mapping[str, Link] = field(default_factory=dict)
    note: str = ""
    empty: str = "Nothing here in this view."
    hidden: Sequence[str] = ()
    summed: Sequence[str] | None = None


@dataclass(frozen=True)
class Rows:
    """Rows that are known already, as a table of a page: all of them, in their order."""

    title: str
    rows: Sequence[Row]
    links: Mapping[str, Link] = field(default_factory=dict)
    note: str = ""
    empty: str = "Nothing here in this view."


def shown(given: Rows) -> Table:
    """What a page shows of rows that are known."""
    columns = list(given.rows[0]) if given.rows else []
    return Table(
        given.title,
        columns,
        *_written(given.rows, columns, given.links),
        totals=[],
        count=len(given.rows),
        note=given.note,
        empty=given.empty,
        meanings=of_columns(columns),
    )


def table(version: Version, source: Source, view: View, place: int = 1) -> Table:
    """The part of the rows that the view asks for of the table at that place of the page. Its order is the view's where
    that names a column, else its own."""
    source = in_view(version, source, view)
    page = view.pages.get(place, 1)
    asked, first = divmod((page - 1) * of_part(place), _AT_ONCE)
    found = version.ask(_at_once(version, source, view.sort, asked * _AT_ONCE), source.given)
    types, rows = found.types, found.rows[first : first + of_part(place)]
    is_all = asked == 0 and len(found.rows) < _AT_ONCE
    counted = _sums(source, types, found.rows) if is_all else version.ask(_summed(source, types), source.given).rows
    columns = [name for name in types if name not in source.hidden]
    return Table(
        source.title,
        columns,
        *_written(rows, columns, source.links),
        totals=[row for row in counted if len(row) > 2],
        count=sum(row["row_count"] for row in counted),
        note=source.note,
        empty=source.empty,
        paged=True,
        place=place,
        page=page,
        meanings=of_columns(columns, source.statement),
    )


def of_part(place: int) -> int:
    """How many rows the table at that place shows at once."""
    return ROWS if place == 1 else FEWER


def in_view(version: Version, source: Source, view: View) -> Source:
    """The rows that the view's filters leave, and of these the ones that it looks for."""
    return _looked_through(version, narrowed(version, source, view), view)


def narrowed(version: Version, source: Source, view: View) -> Source:
    """The rows that the view's filters leave, where a column says by what; a dimension, and what the statement itself
    is given, narrow there."""
    filters = {
        name: value
        for name, value in view.narrowed.items()
        if name not in DIMENSIONS and f"${name}" not in source.statement
    }
    types = _columns(version, source) if filters else {}
    known = {name: value for name, value in filters.items() if FILTERS[name] in types}
    if not known:
        return source
    rule = " AND ".join(f"{identifier(FILTERS[name])} = ${name}" for name in known)
    statement = f"SELECT * FROM (\n{source.statement}\n) AS every WHERE {rule}"
    return replace(source, statement=statement, given={**source.given, **known})


def offered(source: Source, columns: Sequence[str]) -> list[str]:
    """The filters beside dimensions that narrow the rows of the statement, which has these columns."""
    return [
        name
        for name, column in FILTERS.items()
        if name not in DIMENSIONS and (column in columns or f"${name}" in source.statement)
    ]


def _looked_through(version: Version, source: Source, view: View) -> Source:
    """The rows one of whose texts holds the words that the view looks for (`find`), in any case of letters; all rows
    where it looks for none."""
    words = view.other.get("find")
    types = _columns(version, source) if words else {}
    texts_of = [identifier(name) for name, kind in types.items() if kind == "VARCHAR" and name not in source.hidden]
    if not texts_of:
        return source
    holds = f"contains(lower(concat_ws(' ', {', '.join(texts_of)})), lower($find))"
    statement = f"SELECT * FROM (\n{source.statement}\n) AS every WHERE {holds}"
    return replace(source, statement=statement, given={**source.given, "find": words})


def written(values: Sequence[object], name: str = "") -> list[str | None]:
    """The values of a column as people read them; counts have separators of thousands, as amounts have."""
    counts = [f"{one:,}" if isinstance(one, int) and not isinstance(one, bool) else None for one in values]
    return [count or text for count, text in zip(counts, texts(values, name), strict=True)]


def _written(
    rows: Sequence[Row], columns: Sequence[str], links: Mapping[str, Link]
) -> tuple[Mapping[str, bool], Sequence[Row], Sequence[Mapping[str, str | None]], Sequence[Mapping[str, str | None]]]:
    """Which columns are numbers, the values, the cells as people read them, and where each leads."""
    texts_of = {name: written([row[name] for row in rows], name) for name in columns}
    return (
        {name: any(is_number(row[name]) for row in rows) for name in columns},
        rows,
        [{name: texts_of[name][place] for name in columns} for place in range(len(rows))],
        [{name: link(row) for name, link in links.items() if name in row} for row in rows],
    )


def _columns(version: Version, source: Source) -> Mapping[str, str]:
    """DuckDB's types of the columns, by name."""
    return version.ask(f"SELECT * FROM (\n{source.statement}\n) AS head LIMIT 0", source.given).types


def _at_once(version: Version, source: Source, sort: str, offset: int) -> str:
    """The statement for rows that are asked for at once, from `offset`. A column that there is not sorts nothing."""
    column, _, way = sort.partition(".")
    statement = source.statement
    if column:
        names = list(_columns(version, source))
        if column in names:
            first = f"{identifier(column)} {'ASC' if way == 'asc' else 'DESC'} NULLS LAST"
            others = ", ".join(identifier(name) for name in names if name != column)
            statement = f"SELECT * FROM (\n{statement}\n) AS sorted ORDER BY {first}, {others}"
    return f"{statement}\nLIMIT {_AT_ONCE:d} OFFSET {offset:d}"


def _money(source: Source, types: Mapping[str, str]) -> list[str]:
    """The columns whose rows add up to an amount."""
    every = [name for name, kind in types.items() if kind == MONEY]
    if source.summed is not None:
        return [name for name in every if name in source.summed]
    return [name for name in every if not _NOT_SUMMED.search(name)]


def _sums(source: Source, types: Mapping[str, str], rows: Sequence[Row]) -> list[Row]:
    """How many rows there are, and the sums of their money, by currency: of rows that are known, and all of them."""
    money = _money(source, types)
    by_currency: dict[str | None, list[Row]] = {}
    for row in rows:
        by_currency.setdefault(row.get("billing_currency"), []).append(row)
    return [
        {"of_currency": currency, "row_count": len(own)}
        | {name: _sum([row[name] for row in own if row[name] is not None]) for name in money}
        for currency, own in sorted(by_currency.items(), key=lambda item: (item[0] is None, item[0]))
    ]


def _sum(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) if values else None


def _summed(source: Source, types: Mapping[str, str]) -> str:
    """The statement that counts the rows and sums their money, by currency."""
    money = _money(source, types)
    sums = "".join(f", CAST(sum({identifier(one)}) AS {MONEY}) AS {identifier(one)}" for one in money)
    currency = "billing_currency" if "billing_currency" in types else "NULL"
    return (
        f"SELECT {currency} AS of_currency, count(*) AS row_count{sums} FROM (\n{source.statement}\n) AS every"
        " GROUP BY 1 ORDER BY 1"
    )
