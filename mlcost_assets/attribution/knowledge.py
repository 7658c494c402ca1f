"""What people and this package know, as small temporary tables for SQL: rules, usage classes, flows, precedence."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from mlcost_assets.config.rules import DIMENSIONS, Rules, load_rules
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.tags.vocabulary import provide_vocabulary

_FOLDER = Path(__file__).parent
_PATTERNS = ("service", "name", "usage", "operation", "category", "status", "type")
_GLOBS = (
    "export_name",
    "account_id",
    "region_id",
    "service_code",
    "usage_type",
    "operation",
    "resource_id",
    "charge_category",
)


def knowledge(lake: LakeResource) -> None:
    """Provides the run with what attribution knows."""
    rules = load_rules(lake.config.attribution.rules)
    lake.provide("knowledge", lambda: provide_knowledge(lake.connection, rules))


def provide_knowledge(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes attribution's macros and the temporary tables ordinary_words, usage_classes, flows, precedence, rules,
    rule_owners, rule_tags and workloads."""
    provide_vocabulary(connection, rules)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE environment_words AS {read_sql(__file__, 'environment_words')}")
    _table(connection, "ordinary_words", {"word": _yaml("name_parts.yaml")})
    connection.execute(read_sql(__file__, "macros"))
    _usage_classes(connection)
    _flows(connection)
    order = _yaml("precedence.yaml")
    _table(connection, "precedence", {"source": list(order), "precedence": list(order.values())})
    _rules(connection, rules)
    _workloads(connection, rules)


# The words that say nothing of what a name names: this organisation's own, and with those of all organisations
# what is_ordinary() knows.
_ORDINARY = """
    SET VARIABLE house_words = (SELECT coalesce(list(word), []) FROM house_words);
    SET VARIABLE ordinary_words = (
        SELECT list(word) FROM (FROM ordinary_words UNION SELECT word FROM environment_words UNION FROM house_words));
"""


def provide_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables house_words and told_names, and tells is_ordinary() its words."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE house_words AS {read_sql(__file__, 'house_words')}")
    connection.execute(_ORDINARY)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told_names AS {read_sql(__file__, 'told_names')}")


def _yaml(name: str) -> Any:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, Any],
    types: dict[str, pa.DataType] | None = None,
) -> None:
    arrays = {column: pa.array(values, (types or {}).get(column)) for column, values in columns.items()}
    connection.register("provided", pa.table(arrays))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM provided")
    connection.unregister("provided")


def _usage_classes(connection: duckdb.DuckDBPyConnection) -> None:
    entries = _yaml("usage_classes.yaml")
    columns: dict[str, Any] = {"place": list(range(len(entries)))}
    # An absent pattern matches everything.
    columns |= {name: [str(entry.get(name, "")) for entry in entries] for name in _PATTERNS}
    columns |= {name: [entry[name] for entry in entries] for name in ("class", "stage")}
    columns |= {
        "ml": [entry.get("ml") for entry in entries],
        "pool": [entry.get("pool", False) for entry in entries],
    }
    _table(connection, "usage_classes", columns, {"ml": pa.bool_()})


def _flows(connection: duckdb.DuckDBPyConnection) -> None:
    relations = _yaml("flows.yaml")
    rows = [
        (relation, dimension, way == "up", how["keep"], *(how.get(flag, False) for flag in ("timed", "single", "weak")))
        for relation, how in relations.items()
        for way in ("up", "down")
        for dimension in how.get(way, [])
    ]
    _table(connection, "flows", _columns(("relation", "dimension", "up", "keep", "timed", "single", "weak"), rows))
    paid = [(relation, how["pays"] == "up", how["keep"]) for relation, how in relations.items() if "pays" in how]
    _table(connection, "paying_relations", _columns(("relation", "up", "keep"), paid))


def _rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    texts = pa.list_(pa.string())
    moment = pa.date32()
    given = rules.rules
    _table(
        connection,
        "rules",
        {
            "name": [rule.name for rule in given],
            "place": list(range(len(given))),
            "since": [rule.valid.since for rule in given],
            "until": [rule.valid.until for rule in given],
            # Such a rule holds for the resource whatever is charged for it, so it may also flow to related resources.
            "whole_resource": [rule.when.model_fields_set <= {"account_id", "resource_id"} for rule in given],
            "tag_conditions": [len(rule.when.tags) for rule in given],
            **{field: [_globs(getattr(rule.when, field)) for rule in given] for field in _GLOBS},
        },
        {
            "name": pa.string(),
            "place": pa.int32(),
            "since": moment,
            "until": moment,
            "whole_resource": pa.bool_(),
            "tag_conditions": pa.int32(),
        }
        | dict.fromkeys(_GLOBS, texts),
    )
    owners = [
        (rule.name, dimension, value)
        for rule in given
        for dimension in DIMENSIONS
        if (value := getattr(rule.owner, dimension))
    ]
    tags = [(rule.name, key, _globs(globs)) for rule in given for key, globs in rule.when.tags.items()]
    text = pa.string()
    _table(
        connection,
        "rule_owners",
        _columns(("rule", "dimension", "value"), owners),
        {"rule": text, "dimension": text, "value": text},
    )
    _table(
        connection,
        "rule_tags",
        _columns(("rule", "key", "globs"), tags),
        {"rule": text, "key": text, "globs": texts},
    )


def _workloads(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    moment = pa.date32()
    names = ("model", "project", "team", "business_function", "environment")
    rows = [
        (*(getattr(workload, name) for name in names), workload.valid.since, workload.valid.until)
        for workload in rules.workloads
    ]
    _table(
        connection,
        "workloads",
        _columns((*names, "since", "until"), rows),
        {"since": moment, "until": moment} | dict.fromkeys(names, pa.string()),
    )


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _globs(given: str | list[str] | None) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else given
