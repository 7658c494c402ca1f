"""What the words of tags mean, as small tables for SQL: keys, environments, kinds of words, the registry's names."""

from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.config.rules import DIMENSIONS, Rules, load_rules
from mlcost_assets.lake.sql import fill, read_sql, step
from mlcost_assets.packaged import read_yaml
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.tags.likeness import english_file

# Environment words that may also begin a name: prod-ranking. Longer ones are part of what is named (test-automation).
_BEGINNINGS = ("prod", "prd", "nonprod", "preprod", "staging", "stg", "uat", "qa", "dev", "sbx", "sandbox")

# The second of several environments of a kind: prod2, uat02. int8 is a way to store numbers.
_NUMBERS = [str(number) for number in range(10)] + [f"0{number}" for number in range(1, 10)]


def _may_be_numbered(word: str) -> bool:
    return (len(word) > 2 or word == "qa") and word != "int"


# What has environments: teams and departments have none, and product-development is not a team's dev.
_DEPLOYED = ("model", "project", "pipeline", "experiment", "agent")


def vocabulary(lake: LakeResource) -> Rules:
    """Provides the run with what tags mean by themselves; gives the rules, which say more."""
    rules = load_rules(lake.config.attribution.rules)
    lake.provide("vocabulary", lambda: provide_vocabulary(lake.connection, rules))
    return rules


def provide_vocabulary(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes the tags' macros and the temporary tables key_dimensions, environment_spellings, name_parts, placeholders,
    blanks, work_tools, kinds_of, task_roots, english, registry_names and names_apart."""
    connection.execute(read_sql(__file__, "macros"))
    environments = _yaml("environments.yaml")
    words = _yaml("words.yaml")
    _keys(connection, rules)
    spellings = [(word, name) for name, spelt in environments.items() for word in spelt]
    numbered = [(f"{word}{n}", name) for word, name in spellings if _may_be_numbered(word) for n in _NUMBERS]
    fill(connection, "environment_spellings", spellings + numbered)
    for name in ("placeholders", "blanks", "fillers", "controllers", "work_tools"):
        fill(connection, name, [(word,) for word in words[name]])
    fill(connection, "kinds_of", [(of, word) for of, kinds in words["kinds"].items() for word in kinds])
    fill(connection, "short_forms", words["short_forms"].items())
    fill(connection, "task_roots", [(root,) for root in words["task_roots"]])
    connection.execute(_VARIABLES)
    endings = [word for word, _ in spellings if len(word) > 1]
    parts = [(dimension, word, "environment", "last") for dimension in _DEPLOYED for word in endings]
    parts += [(dimension, word, "environment", "first") for dimension in _DEPLOYED for word in _BEGINNINGS]
    parts += [(dimension, word, "kind", "both") for dimension, kinds in words["kinds"].items() for word in kinds]
    fill(connection, "name_parts", parts)
    step(connection, "english", {"file": english_file()}, select=_ENGLISH)
    fill(connection, "rule_names", _registry_names(rules))
    step(connection, "registry_names")
    apart = [(dimension, name) for dimension, groups in rules.tags.apart.items() for name in chain(*groups)]
    fill(connection, "spoken_apart", apart)
    step(connection, "names_apart")


# The file holds one object; its keys are the words.
_ENGLISH = "SELECT unnest(json_keys(json)) AS word FROM read_json_objects($file)"

# What macros look up has to be in variables, each called as the relation that fills it.
_VARIABLES = """
    SET VARIABLE short_forms = (SELECT map_from_entries(list({'k': short, 'v': long})) FROM short_forms);
    SET VARIABLE fillers = (SELECT list(word) FROM fillers);
    SET VARIABLE controllers = (SELECT list(word) FROM controllers);
    SET VARIABLE placeholders = (SELECT list(name) FROM placeholders);
    SET VARIABLE work_tools = (SELECT list(word) FROM work_tools);
    SET VARIABLE task_roots = (SELECT list(root) FROM task_roots);
    SET VARIABLE blanks = (SELECT list(word) FROM blanks);
    -- The model of a team may be called team; a team cannot.
    SET VARIABLE kinds_of = (
        SELECT map_from_entries(list({'k': dimension, 'v': words}))
        FROM (SELECT dimension, list(word) AS words FROM kinds_of GROUP BY dimension)
    );
"""


def _keys(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    given = [(dimension, key, "rules.yaml") for dimension, keys in rules.tags.keys.items() for key in keys]
    built_in = [(dimension, key, "known key") for dimension, keys in _yaml("keys.yaml").items() for key in keys]
    fill(connection, "spoken_keys", given + built_in)
    step(connection, "key_dimensions")


def _yaml(name: str) -> Any:
    return read_yaml(Path(__file__).with_name(name))


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
    for dimension, meanings in rules.tags.values.items():
        names += [(dimension, name, meaning) for meaning, spelt in meanings.items() for name in (meaning, *spelt)]
    return names
