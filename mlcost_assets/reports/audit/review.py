"""Proposals of the reconciliation for a person to decide, and the part of rules.yaml that accepts them."""

from typing import Any

import duckdb
import yaml

from mlcost_assets.lake.reader import LakeReader

_PROPOSALS = """
    SELECT dimension, name, other, stage, likeness, support, resources, effective_cost, evidence FROM tag_proposals
    ORDER BY effective_cost DESC, resources DESC, dimension, name
"""


def proposals(reader: LakeReader) -> duckdb.DuckDBPyConnection:
    """Rows of tag_proposals, the dearest first."""
    return reader.query(_PROPOSALS)


def as_rules(found: list[dict[str, Any]]) -> str:
    """The entry of rules.yaml that takes each name for the other, and how to say that two stay apart.

    `found` are rows of proposals(); the text is empty where there are none.
    """
    values: dict[str, dict[str, list[str]]] = {}
    for row in found:
        values.setdefault(row["dimension"], {}).setdefault(row["other"], []).append(row["name"])
    if not values:
        return ""
    said = yaml.safe_dump({"tags": {"values": values}}, sort_keys=True, allow_unicode=True, width=110)
    first = found[0]
    apart = yaml.safe_dump({first["dimension"]: [[first["name"], first["other"]]]}, default_flow_style=True, width=110)
    return f"{said}  # those that are not one, so that nobody asks again:\n  # apart: {apart.strip()}\n"
