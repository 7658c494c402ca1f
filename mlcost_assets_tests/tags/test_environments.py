"""How people spell environments."""

import duckdb
import pytest

from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.tags import reconcile as reconcile_module
from mlcost_assets_tests.tags.population import organisation

SPELLINGS = {
    "prod": [
        "prod",
        "PRD",
        "Production",
        "live",
        "p",
        "acme-prod-eu",
        "ml_prd",
        "prod1",
        "PRD1",
        "prod-2",
        "production02",
    ],
    "nonprod": ["non-prod", "NonProd", "np", "nonproduction"],
    "staging": ["stg", "Stage", "staging", "UAT", "pre-prod", "preprd", "acceptance", "uat2"],
    "test": ["QA", "test", "tst", "integration", "acme qa", "qa3", "qa-3"],
    "dev": [
        "dev",
        "Develop",
        "development",
        "d",
        "sandbox",
        "Sbx",
        "playground",
        "poc",
        "team-sandbox",
        "dev2",
        "acme-dev2-eu",
    ],
    "blue-green": ["Blue/Green"],
}


@pytest.fixture(scope="module")
def meanings() -> dict[str, tuple[str, str]]:
    connection: duckdb.DuckDBPyConnection = organisation([])
    for name in ("tag_names", "tag_proposals"):
        columns = ", ".join(f'"{column.name}" {column.type}' for column in tables()[name].columns)
        connection.execute(f"CREATE TABLE {name} ({columns})")
    written = [(value,) for spelt in SPELLINGS.values() for value in spelt]
    connection.executemany("INSERT INTO tag_observations VALUES ('api', 'env', $1, 1, 0, '', '', 0)", written)
    connection.execute(f"INSERT INTO tag_keys BY NAME {read_sql(reconcile_module.__file__, 'tag_keys')}")
    connection.execute(f"CREATE TEMP TABLE observed_names AS {read_sql(reconcile_module.__file__, 'observed_names')}")
    sql = read_sql(reconcile_module.__file__, "tag_values")
    rows = connection.execute(f"SELECT tag_value, canonical_value, how FROM ({sql})").fetchall()
    return {value: (meaning, how) for value, meaning, how in rows}


@pytest.mark.parametrize(
    ("value", "environment"), [(value, name) for name, spelt in SPELLINGS.items() for value in spelt]
)
def test_an_environment_is_known_however_it_is_spelt(
    meanings: dict[str, tuple[str, str]], value: str, environment: str
) -> None:
    meaning, how = meanings[value]
    assert meaning == environment
    assert how == ("known only here" if environment == "blue-green" else "environment spelling")
