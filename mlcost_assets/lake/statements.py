"""Every statement of the package, and the relations that each reads, as DuckDB's own parser finds them.

To parse all takes a second, so what was found stands in statements.csv with a digest of each text; of another text it
is found anew, so that a list that was not brought up to date costs time and nothing else.
`python -m mlcost_assets.quality.way` writes it.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

_PACKAGE = Path(__file__).parents[1]
_KEPT = Path(__file__).with_suffix(".csv")
# Macros that are given the name of a table as text.
_BY_NAME = ("divided", "query_table")


@cache
def statements() -> dict[str, Path]:
    """The files by their path in the package (`tags/tag_keys.sql`); those of a folder before those of its rooms."""
    files = sorted(_PACKAGE.rglob("*.sql"), key=lambda file: (len(file.parts), file))
    named = {file.relative_to(_PACKAGE).as_posix(): file for file in files}
    return {name: file for name, file in named.items() if not name.startswith("demo/")}


@cache
def reads(name: str) -> frozenset[str]:
    """The relations that a statement reads; none of what is no SELECT by itself (macros, texts with gaps to fill)."""
    text = statements()[name].read_text(encoding="utf-8")
    digest, relations = _kept().get(name, ("", ""))
    return frozenset(relations.split()) if digest == _digest(text) else frozenset(relations_of(text))


def relations_of(sql: str) -> set[str]:
    """The relations that a SELECT reads, without those that it makes itself."""
    (tree,) = _parser().execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone() or ("{}",)
    return set(_read(json.loads(tree), frozenset()))


def _read(tree: Any, named: frozenset[str]) -> Iterator[str]:
    """The tables below a node of the parse tree, where `named` are the WITH clauses around it."""
    if isinstance(tree, dict):
        named |= {entry["key"] for entry in tree.get("cte_map", {}).get("map", [])}
        if tree.get("type") == "BASE_TABLE" and (tree["schema_name"] or tree["table_name"] not in named):
            yield tree["table_name"]
        if tree.get("type") == "TABLE_FUNCTION" and tree["function"]["function_name"] in _BY_NAME:
            by_name = (given["value"]["value"] for given in tree["function"]["children"] if "value" in given)
            yield from (name for name in by_name if name not in named)
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _read(child, named)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@cache
def _kept() -> dict[str, tuple[str, str]]:
    with _KEPT.open(encoding="utf-8", newline="") as file:
        return {line["statement"]: (line["digest"], line["reads"]) for line in csv.DictReader(file)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def found() -> str:
    """What statements.csv holds when it is current."""
    texts = {name: file.read_text(encoding="utf-8") for name, file in sorted(statements().items())}
    lines = (f"{name},{_digest(text)},{' '.join(sorted(relations_of(text)))}\n" for name, text in texts.items())
    return "statement,digest,reads\n" + "".join(lines)


def keep() -> None:
    """Brings statements.csv up to date."""
    _KEPT.write_text(found(), encoding="utf-8")
