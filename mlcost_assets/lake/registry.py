"""The registry: every table the platform writes, its columns, their types, meaning and source.

Each domain describes its tables once, in its own `tables.yaml`; schemas, the Dagster table schema, the
comments in the catalog, the reference page and the contract tests all come from there. A table is
`published` (users rely on it) or `internal` (schema `internal`: readable, may change).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from mlcost_assets.money import MONEY
from mlcost_assets.packaged import read_yaml

_PACKAGE = Path(__file__).parents[1]
DOMAINS = ("billing", "metadata", "lineage", "tags", "attribution", "reports", "forecasting", "quality")


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
    """

    name: str
    domain: str
    published: bool
    partitions: tuple[str, ...]
    grain: str
    description: str
    columns: tuple[Column, ...]
    holds: str = ""

    @property
    def schema(self) -> str:
        """The schema of the lake that holds it."""
        return "main" if self.published else "internal"

    @cached_property
    def statement(self) -> Path | None:
        """The one SELECT that makes it: `<name>.sql` in its domain's folder or a room of that. None: Python does."""
        return next((_PACKAGE / self.domain).rglob(f"{self.name}.sql"), None)

    @property
    def qualified(self) -> str:
        """How SQL names it whatever the search path."""
        return f"lake.{self.schema}.{self.name}"


@cache
def tables() -> dict[str, Table]:
    """Every table by name, in the order data flows."""
    return {
        name: _table(name, domain, entry)
        for domain in DOMAINS
        if (file := _PACKAGE / domain / "tables.yaml").exists()
        for name, entry in read_yaml(file).items()
    }


def statement_of(name: str) -> str:
    """The text of the one SELECT that makes table `name`."""
    file = tables()[name].statement
    assert file, f"{name} is not made by one statement"  # noqa: S101  a programming error
    return file.read_text(encoding="utf-8")


def _table(name: str, domain: str, entry: dict[str, object]) -> Table:
    columns = entry["columns"]
    assert isinstance(columns, dict)  # noqa: S101  a malformed registry is a programming error
    return Table(
        name=name,
        domain=domain,
        published=bool(entry.get("published", True)),
        partitions=tuple(str(entry.get("partitions") or "").split()),
        grain=str(entry["grain"]),
        description=" ".join(str(entry["description"]).split()),
        columns=tuple(_column(name, *str(given).split(" | ")) for name, given in columns.items()),
        holds=str(entry.get("holds", "")),
    )


def _column(name: str, kind: str, meaning: str, source: str = "") -> Column:
    return Column(name, kind.replace("MONEY", MONEY), meaning, source)
