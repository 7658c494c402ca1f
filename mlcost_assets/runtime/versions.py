"""What tells one version of a table's code from another: its statements and all that they read, but no comment.

An upgrade makes the months anew whose tables other code has made, closed ones too, and no others.
"""

import hashlib
from functools import cache

import duckdb

from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sources import made_with, sources

# The entry in `made` of a month whose owners were decided, changed or not: by what code all that they follow from.
LOOKED_AT = "looked at"


def version_of(*texts: str) -> str:
    """Tells texts apart by their wording."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


@cache
def code_version(name: str) -> str:
    """The version of what makes table `name`, and those that its step makes with it: statements, macros, words."""
    texts = sources(*made_with(name)).texts
    return version_of(*(texts[part] for part in sorted(texts)))


@cache
def whole_version() -> str:
    """The version of what makes the tables that a refresh makes whole: records, relations, names, claims, owners."""
    whole = (table for table in tables().values() if "billing_period" not in table.partitions)
    return version_of(*(code_version(table.name) for table in whole if table.domain not in ("billing", "quality")))


def by_other_code(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The published months of which some table was made by other code than this, or that were last looked at with
    names and claims of other code. What is loaded from exports is left out: billing asks whether there still is
    something to load."""
    versions = {
        table.name: code_version(table.name)
        for table in tables().values()
        if "billing_period" in table.partitions and not table.made_with
    } | {LOOKED_AT: whole_version()}
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
