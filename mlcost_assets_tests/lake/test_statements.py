"""What every statement reads is described, and makes what is described: each is bound over empty relations."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

import mlcost_assets
from mlcost_assets.lake import statements as index
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.sources import macros, made_of, named_in
from mlcost_assets.lake.statements import reads, relations_of, statements
from mlcost_assets.macros import all_macros

PACKAGE = Path(mlcost_assets.__file__).parent
# They read the tables of DuckLake's own catalog.
OF_THE_CATALOG = {"lake/lost_files.sql"}
# Their columns are those of a drop's format, or of line_items.
OF_A_FORMAT = {"typed_rows", "exported_rows", "exported", "charge_likeness", "shared_charges"}
# What stands beside the lake for whoever sees the rows of some teams (dashboard/row_filters.py).
OF_VIEWERS = {"parts", "teams"}
# Parameters whose type decides what a statement makes.
GIVEN = {
    "billing_period": "2026-01",
    "now": datetime(2026, 1, 1),
    "said": "[]",
    "centres": "[]",
    "settled": ["2026-01"],
}
# What macros look up, by type.
VARIABLES = {
    **dict.fromkeys(
        ("blanks", "controllers", "fillers", "ordinary_words", "organisation_prefixes", "placeholders"), "VARCHAR[]"
    ),
    **dict.fromkeys(("reason_kinds", "short_forms"), "MAP(VARCHAR, VARCHAR)"),
    "kinds_of": "MAP(VARCHAR, VARCHAR[])",
    "grades": "MAP(VARCHAR, DOUBLE)",
    "rungs": "MAP(VARCHAR, BIGINT)",
}
# A statement's rows are what Python makes them of.
BY_PYTHON = {"forecast_rows"}


def test_every_relation_that_a_statement_reads_is_described() -> None:
    unknown = {
        name: missing
        for name in statements().keys() - OF_THE_CATALOG
        if (missing := reads(name) - relations().keys() - OF_VIEWERS)
    }
    assert unknown == {}


def test_what_lives_for_one_run_says_what_it_is_made_of() -> None:
    unmade = {
        name for name, table in relations().items() if not table.kept and not table.statement and table.made_of is None
    }
    assert unmade == set()
    for name in relations():
        for part in made_of(name):
            assert part in relations() or (PACKAGE / part).is_file(), f"{name}: {part}"


def test_what_is_kept_of_the_statements_is_current() -> None:
    kept = (PACKAGE / "lake" / "statements.csv").read_text(encoding="utf-8")
    assert kept == index.found(), "run: python -m mlcost_assets.quality.way"


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("FROM owners", {"owners"}),
        ("WITH own AS (FROM owners) SELECT * FROM own JOIN claims USING (value)", {"owners", "claims"}),
        ("SELECT * FROM claims WHERE value IN (SELECT value FROM owners)", {"owners", "claims"}),
        ("WITH line_items AS (FROM lake.main.line_items) FROM line_items", {"line_items"}),
        ("SELECT * FROM (WITH owners AS (SELECT 1) FROM owners) JOIN owners USING (a)", {"owners"}),
        ("FROM divided('pool_parts')", {"pool_parts"}),
        ("FROM read_csv('owners.csv')", set()),
    ],
)
def test_what_a_statement_reads_is_what_it_does_not_make_itself(sql: str, read: set[str]) -> None:
    assert relations_of(sql) == read


def test_what_macros_look_up_is_read_by_the_statements_that_call_them() -> None:
    assert "organisation_prefixes" not in reads("attribution/names/dictionary_hits.sql")
    assert "ordinary_words" in named_in("attribution/names/dictionary_hits.sql")


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every relation with its columns and no row, and every macro."""
    with duckdb.connect() as connection:
        for table in relations().values():
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
        for variable, kind in VARIABLES.items():
            connection.execute(f"SET VARIABLE {variable} = CAST(NULL AS {kind})")
        connection.execute(all_macros())
        for file in [*sorted(PACKAGE.glob("*/macros.sql")), PACKAGE / "billing" / "line_item_types.sql"]:
            connection.execute(file.read_text(encoding="utf-8"))
        yield connection


def made_by_one_statement() -> dict[str, str]:
    """The statement of every relation that is made by one, and reads no columns of a format."""
    parts = {name: made_of(name) for name in relations()}
    return {
        name: path
        for name, (path, *others) in ((name, part) for name, part in parts.items() if part)
        if path in statements() and not others and name not in BY_PYTHON and not reads(path) & OF_A_FORMAT
    }


@pytest.mark.parametrize(("name", "path"), made_by_one_statement().items(), ids=made_by_one_statement())
def test_a_statement_makes_the_columns_that_are_described(
    empty: duckdb.DuckDBPyConnection, name: str, path: str
) -> None:
    sql = statements()[path].read_text(encoding="utf-8")
    given = {named: GIVEN.get(named) for named in re.findall(r"\$([a-z_]+)", sql)}
    empty.execute(f"CREATE OR REPLACE TEMP TABLE this AS SELECT * FROM ({sql}) LIMIT 0", given)
    made = {column: kind for column, kind, *_ in empty.execute("DESCRIBE this").fetchall()}
    described = {column: kind for column, kind, *_ in empty.execute(f"DESCRIBE main.{name}").fetchall()}
    if relations()[name].kept:  # what is inserted is cast
        made, described = dict.fromkeys(made, ""), dict.fromkeys(described, "")
    assert made == described


def test_every_macro_is_known() -> None:
    defined = {
        name
        for file in PACKAGE.rglob("*.sql")
        if file.name != "lines.sql"  # what the FOCUS export writes
        for name in re.findall(r"CREATE\s+OR REPLACE (?:TEMP )?MACRO (\w+)", file.read_text(encoding="utf-8"))
    }
    assert {f"{name}(" for name in defined} == macros().keys()
