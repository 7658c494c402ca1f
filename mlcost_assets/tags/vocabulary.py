"""What the words of tags mean, as small tables for SQL: keys, environments, and the registry's names."""

from pathlib import Path

import duckdb
import yaml

from mlcost_assets.config.rules import DIMENSIONS, Rules


def provide_vocabulary(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes the temporary tables tag_keys, environment_spellings and registry_names."""
    folder = Path(__file__).parent
    keys: dict[str, list[str]] = yaml.safe_load((folder / "keys.yaml").read_text(encoding="utf-8"))
    environments: dict[str, list[str]] = yaml.safe_load((folder / "environments.yaml").read_text(encoding="utf-8"))
    _fill(
        connection,
        "tag_keys",
        "normal_key, dimension",
        [(key, dimension) for dimension, names in keys.items() for key in names],
    )
    _fill(
        connection,
        "environment_spellings",
        "normal_value, environment",
        [(name, environment) for environment, names in environments.items() for name in names],
    )
    _fill(connection, "spoken_names", "dimension, name, canonical", _registry_names(rules))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE registry_names AS SELECT dimension, normal_form(name) AS normal_value,"
        " min(canonical) AS canonical FROM spoken_names GROUP BY ALL"
    )


def _registry_names(rules: Rules) -> list[tuple[str, ...]]:
    """(dimension, name, canonical name) of everything that rules.yaml names."""
    names: list[tuple[str, ...]] = []
    for workload in rules.workloads:
        names += [
            (dimension, value, value)
            for dimension in ("model", "project", "team", "business_function")
            if (value := getattr(workload, dimension))
        ]
        if workload.model:
            names += [("model", alias, workload.model) for alias in workload.aliases]
    for rule in rules.rules:
        names += [(dimension, value, value) for dimension in DIMENSIONS if (value := getattr(rule.owner, dimension))]
    return names


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[str, ...]]) -> None:
    typed = ", ".join(f"{column} VARCHAR" for column in columns.split(", "))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
    if rows:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in rows[0])})", rows)
