"""What people and this package know, as small temporary tables for SQL: rules, usage classes, flows, the ladder."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.attribution.ladder import provide_ladder
from mlcost_assets.attribution.small_tables import GLOBS, as_globs, by_column, fill_table
from mlcost_assets.attribution.splits import provide_splits
from mlcost_assets.config.rules import DIMENSIONS, Rules, load_rules
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.metadata.kinds import provide_record_values
from mlcost_assets.packaged import read_yaml
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.tags.vocabulary import provide_vocabulary

_FOLDER = Path(__file__).parent
_PATTERNS = ("service", "name", "usage", "operation", "category", "status", "type")


def knowledge(lake: LakeResource) -> None:
    """Provides the run with what attribution knows."""
    rules = load_rules(lake.config.attribution.rules)
    lake.provide("knowledge", lambda: provide_knowledge(lake.connection, rules))


def provide_knowledge(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes attribution's macros and the temporary tables ordinary_words, usage_classes, flows, those of the ladder,
    rules, rule_owners, rule_tags, splits, split_targets, split_tags and workloads."""
    provide_vocabulary(connection, rules)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE environment_words AS {read_sql(__file__, 'names/environment_words')}"
    )
    fill_table(connection, "ordinary_words", {"word": _yaml("names/ordinary_words.yaml")})
    connection.execute(read_sql(__file__, "macros"))
    _usage_classes(connection)
    _flows(connection)
    provide_ladder(connection)
    _rules(connection, rules)
    provide_splits(connection, rules)
    _workloads(connection, rules)


# The words that say nothing of what a name names: this organisation's own, and with those of all organisations
# what is_ordinary() knows.
_ORDINARY = """
    SET VARIABLE organisation_prefixes = (SELECT coalesce(list(word), []) FROM organisation_prefixes);
    SET VARIABLE ordinary_words = (
        SELECT list(word)
        FROM (
            FROM ordinary_words UNION FROM organisation_prefixes
            UNION SELECT word FROM environment_words WHERE NOT regexp_matches(word, '[0-9]$')));
"""


# What is known of names before the dictionary is made, each from those before it.
_NAMES = {
    "split_things": "resolve/split_things",
    "names_carried": "names/names_carried",
    "agreed_names": "names/agreed_names",
    "names_in_tools": "names/names_in_tools",
    "units": "names/units",
}


def provide_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables organisation_prefixes and those of _NAMES, and tells is_ordinary() its words."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE organisation_prefixes AS {read_sql(__file__, 'names/organisation_prefixes')}"
    )
    connection.execute(_ORDINARY)
    provide_record_values(connection)
    for name, file in _NAMES.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {read_sql(__file__, file)}")


def _yaml(name: str) -> Any:
    return read_yaml(_FOLDER / name)


def _usage_classes(connection: duckdb.DuckDBPyConnection) -> None:
    entries = _yaml("resolve/usage_classes.yaml")
    columns: dict[str, Any] = {"place": list(range(len(entries)))}
    # An absent pattern matches everything.
    columns |= {name: [str(entry.get(name, "")) for entry in entries] for name in _PATTERNS}
    columns |= {name: [entry[name] for entry in entries] for name in ("class", "stage")}
    columns |= {
        "ml": [entry.get("ml") for entry in entries],
        "pool": [entry.get("pool", False) for entry in entries],
    }
    fill_table(connection, "usage_classes", columns, {"ml": pa.bool_()})


def _flows(connection: duckdb.DuckDBPyConnection) -> None:
    relations = _yaml("claims/flows.yaml")
    rows = [
        (relation, dimension, way == "up", how["keep"], *(how.get(flag, False) for flag in ("timed", "single", "weak")))
        for relation, how in relations.items()
        for way in ("up", "down")
        for dimension in how.get(way, [])
    ]
    fill_table(connection, "flows", by_column(("relation", "dimension", "up", "keep", "timed", "single", "weak"), rows))
    paid = [(relation, how["pays"] == "up", how["keep"]) for relation, how in relations.items() if "pays" in how]
    fill_table(connection, "paying_relations", by_column(("relation", "up", "keep"), paid))


def _rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    texts = pa.list_(pa.string())
    moment = pa.date32()
    given = rules.rules
    fill_table(
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
            **{field: [as_globs(getattr(rule.when, field)) for rule in given] for field in GLOBS},
        },
        {
            "name": pa.string(),
            "place": pa.int32(),
            "since": moment,
            "until": moment,
            "whole_resource": pa.bool_(),
            "tag_conditions": pa.int32(),
        }
        | dict.fromkeys(GLOBS, texts),
    )
    owners = [
        (rule.name, dimension, value)
        for rule in given
        for dimension in DIMENSIONS
        if (value := getattr(rule.owner, dimension))
    ]
    tags = [(rule.name, key, as_globs(globs)) for rule in given for key, globs in rule.when.tags.items()]
    text = pa.string()
    fill_table(
        connection,
        "rule_owners",
        by_column(("rule", "dimension", "value"), owners),
        {"rule": text, "dimension": text, "value": text},
    )
    fill_table(
        connection,
        "rule_tags",
        by_column(("rule", "key", "globs"), tags),
        {"rule": text, "key": text, "globs": texts},
    )


def _workloads(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    moment = pa.date32()
    names = ("model", "project", "team", "business_function", "environment")
    rows = [
        (*(getattr(workload, name) for name in names), workload.valid.since, workload.valid.until)
        for workload in rules.workloads
    ]
    fill_table(
        connection,
        "workloads",
        by_column((*names, "since", "until"), rows),
        {"since": moment, "until": moment} | dict.fromkeys(names, pa.string()),
    )
