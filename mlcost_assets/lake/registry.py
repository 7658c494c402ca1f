"""The registry: every relation that statements read, its columns, their types, meaning and source.

Each domain describes its own once, in its `tables.yaml` and in those of its rooms; schemas, the Dagster table schema,
the comments in the catalog, the reference page and the contract tests all come from there. A table is `published`
(users rely on it) or `internal` (schema `internal`: readable, may change). What is not `kept` lives for one run
(lake/sql.py).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mlcost_assets.lake.statements import statements
from mlcost_assets.money import MONEY
from mlcost_assets.packaged import read_yaml

_PACKAGE = Path(__file__).parents[1]
DOMAINS = ("billing", "metadata", "lineage", "tags", "attribution", "reports", "forecasting", "quality", "verify")


@dataclass(frozen=True)
class Column:
    """One column: `type` is DuckDB's, `source` says where the fact comes from ('' when it is ours)."""

    name: str
    type: str
    meaning: str
    source: str = ""


@dataclass(frozen=True)
class Table:
    """One table and what a row of it is.

    `holds` is the total that it holds to the last digit per billing period and currency: bill, ml or '' for none.
    `made_of` says where it comes from, where that is not the statement of its name: relations, and paths in the package
    of statements, words or folders of them. `made_with` is the table in whose step it is made.
    """

    name: str
    domain: str
    published: bool
    partitions: tuple[str, ...]
    grain: str
    description: str
    columns: tuple[Column, ...]
    holds: str = ""
    kept: bool = True
    made_of: tuple[str, ...] | None = None
    made_with: str = ""

    @property
    def schema(self) -> str:
        """The schema of the lake that holds it."""
        return "main" if self.published else "internal"

    @cached_property
    def statement(self) -> Path | None:
        """The one SELECT that makes it: `<name>.sql` in its domain's folder or a room of that. None: Python does."""
        return _by_domain().get((self.domain, self.name))

    @property
    def qualified(self) -> str:
        """How SQL names it whatever the search path."""
        return f"lake.{self.schema}.{self.name}"


@cache
def _by_domain() -> dict[tuple[str, str], Path]:
    """The statements by domain and name; of two of one name, that of the upper room. An arm is no table's statement."""
    found: dict[tuple[str, str], Path] = {}
    for path, file in statements().items():
        if file.parent.name != "sources":
            found.setdefault((path.partition("/")[0], file.stem), file)
    return found


@cache
def tables() -> dict[str, Table]:
    """Every table of the lake by name, in the order data flows."""
    return {name: table for name, table in relations().items() if table.kept}


@cache
def relations() -> dict[str, Table]:
    """Every relation by name: the tables, and what lives for one run (`kept: false`)."""
    entries = {domain: _described(domain) for domain in DOMAINS}
    every = {name: entry for of_domain in entries.values() for name, entry in of_domain.items()}
    return {
        name: _table(name, domain, entry, _columns(entry, every))
        for domain, of_domain in entries.items()
        for name, entry in of_domain.items()
    }


def statement_of(name: str) -> str:
    """The text of the one SELECT that makes relation `name`."""
    file = relations()[name].statement
    assert file, f"{name} is not made by one statement"  # noqa: S101  a programming error
    return file.read_text(encoding="utf-8")


def _described(domain: str) -> dict[str, Any]:
    """What the domain and its rooms say of their relations."""
    files = sorted((_PACKAGE / domain).rglob("tables.yaml"), key=lambda file: (len(file.parts), file))
    return {name: entry for file in files for name, entry in read_yaml(file).items()}


def _columns(entry: dict[str, Any], every: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The columns of an entry: those that it has `as_in` other relations (all, where none are named), then its own."""
    found: dict[str, str] = {}
    for other, names in (entry.get("as_in") or {}).items():
        columns = _columns(every[other], every)
        found |= {name: columns[name] for name in (names or "").split() or columns}
    return found | (entry.get("columns") or {})


def _table(name: str, domain: str, entry: dict[str, Any], columns: dict[str, str]) -> Table:
    kept = bool(entry.get("kept", True))
    return Table(
        name=name,
        domain=domain,
        published=kept and bool(entry.get("published", True)),
        partitions=tuple(str(entry.get("partitions") or "").split()),
        grain=str(entry["grain"]),
        description=" ".join(str(entry["description"]).split()),
        columns=tuple(_column(column, *str(given).split(" | ")) for column, given in columns.items()),
        holds=str(entry.get("holds", "")),
        kept=kept,
        made_of=tuple(str(entry["made_of"] or "").split()) if "made_of" in entry else None,
        made_with=str(entry.get("made_with", "")),
    )


def _column(name: str, kind: str, meaning: str, source: str = "") -> Column:
    return Column(name, kind.replace("MONEY", MONEY), meaning, source)
