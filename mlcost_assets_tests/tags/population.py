"""An organisation's names from a list: resources that carry them, in accounts, beside teams, in registries and lineage."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.engine import connect
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.tags import reconcile as reconcile_module
from mlcost_assets.tags.vocabulary import provide_vocabulary

_DAY = datetime(2026, 10, 1)
_REGISTRIES = {"model": "sagemaker:DescribeModelPackageGroup", "pipeline": "sagemaker:DescribePipeline"}
_SOURCES = (
    "daily_charges",
    "bill_tag_sets",
    "tag_carriers",
    "cost_categories",
    "split_costs",
    "resource_history",
    "lineage_edges",
    "metadata_records",
)


def organisation(pairs: Iterable[Mapping[str, str]], rules: Rules | None = None) -> duckdb.DuckDBPyConnection:
    """A database in which every pair of `name_pairs.csv` is used as the pair says, with tag_observations and tag_keys made.

    Pairs share accounts and teams only within themselves; a name that stands in several pairs is used in all of them.
    """
    connection = connect()
    for name in (*_SOURCES, "tag_observations", "tag_keys"):
        columns = ", ".join(f'"{column.name}" {column.type}' for column in tables()[name].columns)
        connection.execute(f"CREATE TABLE {name} ({columns})")
    history: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for number, pair in enumerate(pairs):
        history += _resources(number, pair)
        if "lineage" in pair["shared"]:
            edges += [_edge(f"r{number}-0-0", f"s3://made/{number}"), _edge(f"r{number}-1-0", f"s3://made/{number}")]
    _insert(connection, "resource_history", history)
    _insert(connection, "lineage_edges", edges)
    provide_vocabulary(connection, rules or Rules())
    for table in ("tag_observations", "tag_keys"):
        connection.execute(f"INSERT INTO {table} BY NAME {read_sql(reconcile_module.__file__, table)}")
    return connection


def _resources(number: int, pair: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    shared = pair["shared"].split()
    for side, (name, uses) in enumerate(zip((pair["name"], pair["other"]), pair["uses"].split(":"), strict=True)):
        apart = "apart" in shared and side
        account = f"{100_000_000_000 + 2 * number + apart}"
        beside = {"team": f"owners-{2 * number + apart}"} if "team" in shared or "apart" in shared else {}
        for use in range(int(uses)):
            key = f"r{number}-{0 if 'resource' in shared else side}-{use}"
            kind = "sagemaker:DescribeEndpoint" if "endpoints" in shared and use == 0 else "ec2:DescribeInstances"
            tags = {pair["dimension"]: name} | {k: v for k, v in beside.items() if k != pair["dimension"]}
            yield _state(f"{key} {name}", key, kind, account, tags)
        if pair["known"] in (("name", "other")[side], "both"):
            kind = _REGISTRIES[pair["dimension"]]
            yield _state(f"registry/{name}", f"registry/{name}", kind, account, {}) | {"name": name}


def _state(id_: str, key: str, kind: str, account: str, tags: dict[str, str]) -> dict[str, Any]:
    return {
        "id": id_, "life": 1, "kind": kind, "resource_key": key, "account_id": account, "valid_from": _DAY,
        "last_seen_at": _DAY, "tags": list(tags.items()), "name": None, "body": "{}",
    }  # fmt: skip


def _edge(resource: str, target: str) -> dict[str, Any]:
    return {"from_id": resource, "to_id": target, "relation": "produced", "valid_from": _DAY, "source": "records:1"}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    types = {"tags": pa.map_(pa.string(), pa.string())}
    given = pa.table({name: pa.array([row[name] for row in rows], types.get(name)) for name in names})
    connection.register("given", given)
    connection.execute(f"INSERT INTO {table} BY NAME FROM given")
    connection.unregister("given")
