"""What people and this package know, as small temporary tables for SQL: rules, usage classes, flows, the ladder."""

from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.attribution.globs import GLOBS, as_globs
from mlcost_assets.attribution.ladder import provide_ladder
from mlcost_assets.attribution.splits import provide_splits
from mlcost_assets.config.rules import DIMENSIONS, Rules
from mlcost_assets.lake.sql import fill, read_sql, step
from mlcost_assets.metadata.kinds import provide_record_values
from mlcost_assets.packaged import read_yaml
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.tags.vocabulary import vocabulary

_FOLDER = Path(__file__).parent
_PATTERNS = ("service", "name", "usage", "operation", "category", "status", "type")


def knowledge(lake: LakeResource) -> None:
    """Provides the run with what attribution knows, and which accounts speak of nobody's work."""
    rules = vocabulary(lake)
    lake.provide("knowledge", lambda: provide_knowledge(lake.connection, rules))
    lake.provide("shared_accounts", lambda: step(lake.connection, "shared_accounts"))


def provide_knowledge(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes, where the vocabulary is provided, attribution's macros and the temporary tables ordinary_words,
    usage_classes, flows, those of the ladder, rules, rule_owners, rule_tags, splits, split_targets, split_tags and
    workloads."""
    step(connection, "environment_words")
    fill(connection, "ordinary_words", [(word,) for word in _yaml("names/ordinary_words.yaml")])
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
_NAMES = (
    "split_things", "model_aliases", "model_arguments", "acting_roles", "service_names", "names_carried",
    "agreed_names", "names_in_tools", "units",
)  # fmt: skip


def provide_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes organisation_prefixes and the relations of _NAMES, and tells is_ordinary() its words."""
    step(connection, "organisation_prefixes")
    connection.execute(_ORDINARY)
    provide_record_values(connection)
    for name in _NAMES:
        step(connection, name)


def _yaml(name: str) -> Any:
    return read_yaml(_FOLDER / name)


def _usage_classes(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [
        (
            place,
            # An absent pattern matches everything.
            *(str(entry.get(name, "")) for name in _PATTERNS),
            entry["class"],
            entry["stage"],
            entry.get("ml"),
            entry.get("pool", False),
        )
        for place, entry in enumerate(_yaml("resolve/usage_classes.yaml"))
    ]
    fill(connection, "usage_classes", rows)


def _flows(connection: duckdb.DuckDBPyConnection) -> None:
    relations = _yaml("claims/flows.yaml")
    rows = [
        (relation, dimension, way == "up", how["keep"], *(how.get(flag, False) for flag in ("timed", "single", "weak")))
        for relation, how in relations.items()
        for way in ("up", "down")
        for dimension in how.get(way, [])
    ]
    fill(connection, "flows", rows)
    paid = [(relation, how["pays"] == "up", how["keep"]) for relation, how in relations.items() if "pays" in how]
    fill(connection, "paying_relations", paid)


def _rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    rows = [
        (
            rule.name,
            place,
            rule.valid.since,
            rule.valid.until,
            # Such a rule holds for the resource whatever is charged for it, so it may also flow to related resources.
            rule.when.model_fields_set <= {"account_id", "resource_id"},
            len(rule.when.tags),
            *(as_globs(getattr(rule.when, field)) for field in GLOBS),
        )
        for place, rule in enumerate(rules.rules)
    ]
    fill(connection, "rules", rows)
    owners = [
        (rule.name, dimension, value)
        for rule in rules.rules
        for dimension in DIMENSIONS
        if (value := getattr(rule.owner, dimension))
    ]
    fill(connection, "rule_owners", owners)
    tags = [(rule.name, key, as_globs(globs)) for rule in rules.rules for key, globs in rule.when.tags.items()]
    fill(connection, "rule_tags", tags)


def _workloads(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    names = ("model", "project", "team", "business_function", "environment")
    rows = [
        (*(getattr(workload, name) for name in names), workload.valid.since, workload.valid.until)
        for workload in rules.workloads
    ]
    fill(connection, "workloads", rows)
