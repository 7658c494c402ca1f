"""What a user may run: one SELECT that reads published tables. Judged on DuckDB's own parse tree, before it runs.

A statement is let through by what it is, never by what it does not look like: DuckDB serialises nothing but a SELECT
(DESCRIBE, SHOW and SUMMARIZE are one), its functions stand in query_functions.yaml, and its tables have plain names.
So no path or URL of a user ever reaches a function that opens one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.engine import quote
from mlcost_assets.packaged import read_yaml

_ONE_SELECT = "mlcost query reads: give one SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN (without ANALYZE)."
# DuckDB cannot serialise an EXPLAIN, so its SELECT is judged and explained again in our words.
_EXPLAIN = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*EXPLAIN\b(?!\s*\(|\s+ANALY[ZS]E\b)", re.IGNORECASE | re.DOTALL)
_SCHEMAS = ("", "main", "internal", "lake", "information_schema")
_CATALOGS = ("", "lake")
# DuckDB takes a table name with a dot, colon or slash for a file when no table is called so.
_PLAIN_NAME = re.compile(r"[\w $-]+")


@dataclass(frozen=True)
class _Allowed:
    scalar: frozenset[str]
    table: frozenset[str]


def judge(connection: duckdb.DuckDBPyConnection, statement: str) -> str:
    """Gives `statement` as it may be run. Raises MlcostError where it is not one SELECT or reaches beyond the tables,
    duckdb.Error where it cannot be parsed."""
    if len(connection.extract_statements(statement)) != 1:
        raise MlcostError(_ONE_SELECT)
    explain = _EXPLAIN.match(statement)
    select = statement[explain.end() :] if explain else statement
    # A literal and no parameter: for one, DuckDB would import pandas.
    (serialised,) = connection.execute(f"SELECT json_serialize_sql({quote(select)}::VARCHAR)").fetchone() or ("",)
    try:
        tree = json.loads(serialised)
    except RecursionError:
        raise MlcostError("mlcost query: the statement is nested too deeply.") from None
    if tree.get("error") or len(tree["statements"]) != 1:
        raise MlcostError(_ONE_SELECT)
    for node in nodes(tree):
        _refuse_function(node)
        _refuse_table(node)
    return f"EXPLAIN {select}" if explain else select


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a parse tree, as json_serialize_sql writes it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _refuse_function(node: dict[str, Any]) -> None:
    of_table = node.get("type") == "TABLE_FUNCTION"
    function = node.get("function") if of_table else node
    name = function.get("function_name") if isinstance(function, dict) else None
    if name is None:
        return
    allowed = _allowed()
    known = allowed.table if of_table else allowed.scalar | allowed.table
    is_operator = not re.search(r"\w", name)
    if not is_operator and name.lower() not in known:
        raise MlcostError(
            f"mlcost query does not run the function {name}: only functions that compute on the published tables are"
            " allowed (lake/query_functions.yaml lists them)."
        )


def _refuse_table(node: dict[str, Any]) -> None:
    if node.get("type") not in ("BASE_TABLE", "SHOW_REF"):
        return
    catalog, schema, table = (node.get(part) or "" for part in ("catalog_name", "schema_name", "table_name"))
    plain = not table or _PLAIN_NAME.fullmatch(table.strip('"'))
    if not plain or schema.lower() not in _SCHEMAS or catalog.lower() not in _CATALOGS:
        named = ".".join(filter(None, (catalog, schema, table)))
        raise MlcostError(f"mlcost query reads published tables only, not {named!r}. `SHOW TABLES` lists them.")


@cache
def _allowed() -> _Allowed:
    listed = read_yaml(Path(__file__).with_name("query_functions.yaml"))
    groups = {kind: frozenset(" ".join(listed[kind].values()).split()) for kind in ("scalar", "table")}
    return _Allowed(**groups)
