"""Statements as their cases specify them: cases/<place in the package>.yaml, rows in and rows out.

A file of cases has `returns` (what is compared of a row), `usual` (what a given row says unless it says otherwise, by
relation) and under `cases`, by sentence, the given relations and what the statement `gives`. Rows stand in tables with
bars (a bar inside a cell is ¦); an empty cell is the usual value or NULL, '' an empty text. `house` are the organisation's own words. `sql` is for
what is no file: a macro. Every case runs with its rows in three orders.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from mlcost_assets.lake.sql import run
from mlcost_assets.packaged import read_yaml
from mlcost_assets_tests.attribution.statements import PACKAGE, PARAMETERS, Row, holding, read_by

CASES = Path(__file__).with_name("cases")
ROOMS = ("resolve", "names", "claims", "decide", "settle")

_WRITTEN = {"''": "", "NULL": None}

Rows = Mapping[str, Sequence[Row]]


@cache
def file_of(name: str) -> dict[str, Any]:
    return dict(read_yaml(CASES / f"{name}.yaml"))


def sql_of(name: str) -> str:
    return str(file_of(name).get("sql") or (PACKAGE / f"{name}.sql").read_text(encoding="utf-8"))


NAMES = sorted(str(file.relative_to(CASES).with_suffix("")) for file in CASES.rglob("*.yaml"))
# Statements share nothing: the workers divide them, so that none has a quarter of all tests alone at the end.
APART = {name: pytest.mark.xdist_group(f"cases of {name}") for name in NAMES}
EVERY = [
    pytest.param(name, case, id=f"{name}: {sentence}", marks=APART[name])
    for name in NAMES
    for sentence, case in file_of(name)["cases"].items()
]


def table(text: str) -> list[dict[str, str]]:
    """The rows of a table with bars, without the cells that it leaves empty."""
    heads, *rows = [[cell.strip().replace("¦", "|") for cell in line.split("|")] for line in text.splitlines()]
    assert all(len(row) == len(heads) for row in rows), f"not a table:\n{text}"
    return [{head: cell for head, cell in zip(heads, row, strict=True) if cell} for row in rows]


def given(name: str, case: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows of a case, each with what is usual."""
    usual = file_of(name).get("usual", {})
    return {
        relation: [
            {head: _WRITTEN.get(str(cell), str(cell)) for head, cell in (usual.get(relation, {}) | row).items()}
            for row in table(text)
        ]
        for relation, text in case.items()
        if relation not in ("gives", "house")
    }


def plain(value: str | None) -> str:
    """As a person writes it: midnight is a day, 0.50 is 0.5."""
    text = "" if value is None else (value or "''").replace(" 00:00:00", "")
    return re.sub(r"\.?0+$", "", text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def orders(rows: Rows) -> list[Rows]:
    """The rows as they stand, from the last to the first, and shuffled, as far as these differ."""
    backwards = {relation: given[::-1] for relation, given in rows.items()}
    shuffled = {relation: Random(relation).sample(given, len(given)) for relation, given in rows.items()}
    return [rows, *(other for other in (backwards, shuffled) if other != rows)]


@contextmanager
def house(connection: duckdb.DuckDBPyConnection, words: list[str]) -> Iterator[None]:
    """Lets the organisation have these words of its own, beside those that say nothing anywhere."""
    if not words:
        yield
        return
    (ordinary,) = connection.execute("SELECT getvariable('ordinary_words')").fetchone() or ([],)
    _let_be_ordinary(connection, words, ordinary + words)
    yield
    _let_be_ordinary(connection, [], ordinary)


def _let_be_ordinary(connection: duckdb.DuckDBPyConnection, own: list[str], every: list[str]) -> None:
    for variable, words in (("organisation_prefixes", own), ("ordinary_words", every)):
        connection.execute(f"SET VARIABLE {variable} = {words!r}::VARCHAR[]")


def made(name: str, rows: Rows, columns: str, words: list[str]) -> list[tuple[str, ...]]:
    """`columns` of what the statement makes, sorted."""
    sql = sql_of(name)
    with holding(sql, rows) as connection, house(connection, words):
        told = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT {columns} FROM ({sql}))"
        found = run(connection, told, PARAMETERS).fetchall()
    return sorted(tuple(plain(value) for value in row) for row in found)


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_case(name: str, case: dict[str, Any]) -> None:
    columns = file_of(name)["returns"]
    heads = [column.split(" AS ")[-1].strip() for column in re.split(r",(?![^(\[]*[)\]])", columns)]
    expected = [] if case["gives"] == "nothing" else table(case["gives"])
    assert {head for row in expected for head in row} <= set(heads)
    wanted = sorted(tuple(plain(row.get(head)) for head in heads) for row in expected)
    for rows in orders(given(name, case)):
        assert made(name, rows, columns, case.get("house", [])) == wanted


@pytest.mark.parametrize("name", [pytest.param(name, marks=APART[name]) for name in NAMES])
def test_of_nothing_comes_nothing(name: str) -> None:
    assert made(name, dict.fromkeys(read_by(sql_of(name)), ()), "*", []) == []


def test_every_statement_that_decides_has_cases() -> None:
    """Arms and steps of attribution, from the bill to the last cent."""
    rooms = PACKAGE / "attribution"
    deciding = {
        str(file.relative_to(rooms).with_suffix("")) for room in ROOMS for file in (rooms / room).rglob("*.sql")
    }
    assert deciding - {name.removeprefix("attribution/") for name in NAMES} == set()


def test_every_case_names_its_statement_once() -> None:
    assert [name for name in NAMES if not file_of(name).get("sql") and not (PACKAGE / f"{name}.sql").exists()] == []
    for name in NAMES:
        sentences = re.findall(r"^  (\S.*):$", (CASES / f"{name}.yaml").read_text(encoding="utf-8"), re.MULTILINE)
        assert [one for one, times in Counter(sentences).items() if times > 1] == []
