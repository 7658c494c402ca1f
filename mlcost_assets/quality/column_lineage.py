"""Which column comes from which, read from every table's SQL by sqlglot: takes seconds, so it is kept.

`python -m mlcost_assets.quality.column_lineage > mlcost_assets/runtime/column_lineage.csv`
"""

import sys

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from mlcost_assets.lake.registry import tables


def source_columns(name: str, sql: str) -> dict[str, frozenset[tuple[str, str]]]:
    """Of each column of table `name`, the (table, column) of the lake that its SELECT makes it from.

    A column made of constants, or of what is no table of the registry, has none. Empty where sqlglot cannot
    read the statement: lineage is shown, nothing depends on it.
    """
    schema: dict[str, object] = {
        table.name: {column.name: column.type for column in table.columns} for table in tables().values()
    }
    try:
        tree = qualify(
            sqlglot.parse_one(sql, dialect="duckdb"),
            schema=schema,
            dialect="duckdb",
            validate_qualify_columns=False,
        )
        scope = build_scope(tree)
    except SqlglotError:
        return {}
    if scope is None:
        return {}
    known: dict[tuple[int, int], frozenset[tuple[str, str]]] = {}
    wanted = {column.name for column in tables()[name].columns}
    return {
        column: _sources(scope, place, known) for place, column in enumerate(_output_names(scope)) if column in wanted
    }


def _output_names(scope: Scope) -> list[str]:
    while scope.set_operation_scopes:
        scope = scope.set_operation_scopes[0]
    return [one.alias_or_name for one in _selects(scope)]


def _selects(scope: Scope) -> list[exp.Expression]:
    return list(getattr(scope.expression, "selects", []))


def _sources(
    scope: Scope, place: int, known: dict[tuple[int, int], frozenset[tuple[str, str]]]
) -> frozenset[tuple[str, str]]:
    """The lake's columns behind the output column at `place`; `known` also ends the recursion of a recursive CTE."""
    key = (id(scope), place)
    if key in known:
        return known[key]
    known[key] = frozenset()
    found: set[tuple[str, str]] = set()
    for branch in scope.set_operation_scopes:
        found |= _sources(branch, place, known)
    selects = [] if scope.set_operation_scopes else _selects(scope)
    for reference in selects[place].find_all(exp.Column) if place < len(selects) else ():
        source = scope.sources.get(reference.table)
        if isinstance(source, Scope):
            names = _output_names(source)
            if reference.name in names:
                found |= _sources(source, names.index(reference.name), known)
        elif isinstance(source, exp.Table) and source.name in tables():
            found.add((source.name, reference.name))
    known[key] = frozenset(found)
    return known[key]


def found() -> str:
    """Every column that is made of other tables' columns, as runtime/column_lineage.csv holds them."""
    lines = []
    for table in tables().values():
        if table.statement:
            for column, sources in source_columns(table.name, table.statement.read_text(encoding="utf-8")).items():
                lines += [f"{table.name},{column},{upstream},{source}" for upstream, source in sources]
    return "".join(f"{line}\n" for line in ["table,column,upstream,source", *sorted(lines)])


if __name__ == "__main__":
    sys.stdout.write(found())
