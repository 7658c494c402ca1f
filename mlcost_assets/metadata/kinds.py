"""The kinds of record that the platform understands: kinds/<service>.yaml as one small table for SQL.

A new AWS service is a new file there (see kinds/sagemaker.yaml for what its fields mean).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.sql import fill
from mlcost_assets.packaged import read_yaml


@cache
def known_kinds() -> dict[str, dict[str, Any]]:
    """How each kind is read, by kind."""
    folder = Path(__file__).parent / "kinds"
    return {kind: how or {} for file in sorted(folder.glob("*.yaml")) for kind, how in read_yaml(file).items()}


def provide_kinds(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the relation `kinds`."""
    rows = [
        (
            kind,
            how.get("name"),
            *(how.get(times, []) for times in ("created", "changed", "ended")),
            *(how.get(flag, False) for flag in ("settled", "one_life", "observation")),
            _without(how.get("ignored")),
            how.get("billed_by"),
        )
        for kind, how in known_kinds().items()
    ]
    fill(connection, "kinds", rows)


def _without(paths: list[str] | None) -> str | None:
    """The JSON merge patch (RFC 7396) that removes the members at `paths` ($.a.b)."""
    if not paths:
        return None
    patch: dict[str, Any] = {}
    for path in paths:
        *parents, last = path.removeprefix("$.").split(".")
        inner = patch
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = None
    return json.dumps(patch)
