"""What tells one version of a table's code from another: its statements and all that they read, but no comment.

An upgrade makes the months anew whose tables other code has made, closed ones too, and no others.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import duckdb

from mlcost_assets.lake.registry import statement_of, tables

_PACKAGE = Path(__file__).parents[1]
_MACROS = ("macros/*.sql", "*/macros.sql")
_MACRO = re.compile(
    r"^CREATE OR REPLACE (?:TEMP )?MACRO ([a-z_]+)(.*?)(?=^CREATE OR REPLACE|\Z)", re.DOTALL | re.MULTILINE
)
_CALL = re.compile(r"\b[a-z0-9_]+\(")
_WORD = re.compile(r"\b[a-z_]+\b")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

# Temporary tables and variables by the file that fills them. What rules.yaml fills has settings_digest for it.
FILLED = {
    "blank_words": "tags/words.yaml",
    "environment_spellings": "tags/environments.yaml",
    "environment_words": "attribution/names/environment_words.sql",
    "controllers": "tags/words.yaml",
    "fillers": "tags/words.yaml",
    "grades": "attribution/decide/ladder.yaml",
    "measures": "attribution/decide/ladder.yaml",
    "rungs": "attribution/decide/ladder.yaml",
    "sentences": "attribution/decide/ladder.yaml",
    "flows": "attribution/claims/flows.yaml",
    "organisation_prefixes": "attribution/names/organisation_prefixes.sql",
    "key_dimensions": "tags/keys.yaml",
    "kind_words": "tags/words.yaml",
    "kind_paths": "metadata/kinds",
    "name_parts": "tags/words.yaml",
    "ordinary_words": "attribution/names/ordinary_words.yaml",
    "paying_relations": "attribution/claims/flows.yaml",
    "placeholders": "tags/words.yaml",
    "precedence": "attribution/decide/ladder.yaml",
    "record_values": "metadata/record_values.sql",
    "regions": "billing/regions.csv",
    "services": "billing/services.csv",
    "short_forms": "tags/words.yaml",
    "usage_classes": "attribution/resolve/usage_classes.yaml",
}

# Tables that several statements make, in one step; the others are made by the statement of their name.
_STATEMENTS = {
    "attributed_costs": (
        "billing/daily_charges",
        "attribution/settle/direct_costs",
        "attribution/settle/pool_weights",
        "attribution/settle/pooled_costs",
        "attribution/settle/parts_after_pools",
        "attribution/settle/split_parts",
        "attribution/settle/parts_after_splits",
        "attribution/settle/attributed_costs",
        "attribution/settle/attribution_evidence",
        "attribution/settle/split_counts",
    ),
    "line_items": ("billing/cur2", "billing/focus"),
    "thing_owners": (
        "attribution/decide/period_things",
        "attribution/decide/thing_parts",
        "attribution/decide/thing_claims",
        "attribution/decide/thing_pieces",
        "attribution/decide/thing_picks",
        "attribution/decide/thing_owners",
    ),
    "tag_compliance": ("reports/tag_states", "reports/tag_compliance"),
}
_MADE_WITH_OTHERS = {"attribution_evidence", "split_counts", "tag_states"}


def code_version(*sql: str) -> str:
    """Tells statements apart by their wording, the macros that they use and the files that fill what they read."""
    own = [_told(statement) for statement in sql]
    used: set[str] = set()
    waiting = list(own)
    while waiting:
        text = waiting.pop()
        found = _CALL.findall(text) + _WORD.findall(text)
        for name in {name for name in found if name in _pieces()} - used:
            used.add(name)
            if FILLED.get(name, ".sql").endswith(".sql"):  # words of data are no names
                waiting.append(_pieces()[name])
    told = [*own, *(_pieces()[name] for name in sorted(used))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


@cache
def table_version(name: str) -> str:
    """The version of the code that makes table `name`, which has a statement of its name or stands in _STATEMENTS."""
    files = _STATEMENTS.get(name)
    return code_version(*(_text(f"{file}.sql") for file in files)) if files else code_version(statement_of(name))


def by_other_code(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The published months of which some table was made by other code than this. What is loaded from exports is left
    out: billing asks whether there still is something to load."""
    versions = {
        table.name: table_version(table.name)
        for table in tables().values()
        if "billing_period" in table.partitions and table.name not in _MADE_WITH_OTHERS
    }
    rows = connection.execute(
        """
        SELECT DISTINCT billing_period
        FROM (SELECT DISTINCT billing_period FROM attributed_costs)
        CROSS JOIN (SELECT unnest($names) AS table_name, unnest($versions) AS version) AS code
        ANTI JOIN (SELECT billing_period, table_name, unnest(string_split(made_from, ' ')) AS version FROM made) AS own
            USING (billing_period, table_name, version)
        """,
        {"names": list(versions), "versions": list(versions.values())},
    ).fetchall()
    return {period for (period,) in rows}


@cache
def _pieces() -> dict[str, str]:
    """What statements read beside the lake's tables: calls of macros (`name(`), and what FILLED names."""
    files = [file for pattern in _MACROS for file in sorted(_PACKAGE.glob(pattern))]
    macros = [pair for file in files for pair in _MACRO.findall(_told(file.read_text(encoding="utf-8")))]
    calls = {f"{name}(": f"{name}{definition.rstrip()}" for name, definition in macros}
    return calls | {name: _told(_text(file)) for name, file in FILLED.items()}


def _text(file: str) -> str:
    """What a file says, or all files of a folder."""
    path = _PACKAGE / file
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


def _told(text: str) -> str:
    return _COMMENT.sub("", text)
