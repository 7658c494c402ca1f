"""The kinds of record that the platform understands: kinds/<service>.yaml as one small table for SQL.

A new AWS service is a new file there (see kinds/sagemaker.yaml for what its fields mean).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.packaged import read_yaml


@cache
def known_kinds() -> dict[str, dict[str, Any]]:
    """How each kind is read, by kind."""
    folder = Path(__file__).parent / "kinds"
    return {kind: how or {} for file in sorted(folder.glob("*.yaml")) for kind, how in read_yaml(file).items()}


def provide_kinds(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary table `kinds`: kind, name (path), created, changed, ended (lists of paths), settled,
    one_life, observation, ignored (a JSON merge patch that removes what it names), billed_by (service code)."""
    kinds = known_kinds()
    texts = pa.list_(pa.string())
    kinds_table = pa.table(  # noqa: F841  DuckDB finds it by its name
        {
            "kind": pa.array(list(kinds), pa.string()),
            "name": pa.array([how.get("name") for how in kinds.values()], pa.string()),
            **{
                times: pa.array([how.get(times, []) for how in kinds.values()], texts)
                for times in ("created", "changed", "ended")
            },
            **{
                flag: pa.array([how.get(flag, False) for how in kinds.values()], pa.bool_())
                for flag in ("settled", "one_life", "observation")
            },
            "ignored": pa.array([_without(how.get("ignored")) for how in kinds.values()], pa.string()),
            "billed_by": pa.array([how.get("billed_by") for how in kinds.values()], pa.string()),
        }
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE kinds AS FROM kinds_table")


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
