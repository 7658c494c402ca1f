"""The truth about tags: which resource carries which required tag, rightly, wrongly or not at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.money.ledger import Line
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.customs import REQUIRED_TAGS
from mlcost_assets.demo.truth.costs import MONEY, Spent, Truth
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

_COLUMNS = (
    ("billing_period", pa.string()),
    ("account_id", pa.string()),
    ("team", pa.string()),
    ("service_group", pa.string()),
    ("service_code", pa.string()),
    ("resource_id", pa.string()),
    ("tag", pa.string()),
    ("state", pa.string()),
    ("can_carry_tag", pa.bool_()),
    ("applicable", pa.bool_()),
    ("in_bill", pa.bool_()),
    ("key_written", pa.string()),
    ("value_written", pa.string()),
    ("is_ml", pa.bool_()),
)


def write_tags(world: World, truth: Truth, folder: Path) -> None:
    """Write truth/tags.parquet: a row for each month, resource and required tag."""
    groups = _groups(world.ledger.lines)
    rows: list[tuple[tuple[Any, ...], int]] = []
    for spent, cost in sorted(truth.spent.items()):
        resource = world.resources.get((spent.account_id, spent.resource_id)) or Resource(
            "", world.organisation.payer, ""
        )
        group = groups.get((spent.account_id, spent.resource_id), spent.service_code)
        rows += [(row, cost) for row in _rows(world, spent, resource, group)]
    columns = {name: pa.array([row[place] for row, _ in rows], kind) for place, (name, kind) in enumerate(_COLUMNS)}
    whole = pa.array([cost for _, cost in rows], pa.int64()).cast(pa.decimal128(28, 0))
    columns["cost"] = pa.Array.from_buffers(MONEY, len(rows), whole.buffers())
    pq.write_table(pa.table(columns), folder / "tags.parquet", compression="zstd")


def _groups(lines: list[Line]) -> dict[tuple[str, str], str]:
    """Name the group of services in which a resource counts: SageMaker, EKS, EC2 GPU, else its service."""
    groups = {}
    for line in lines:
        place = (line.account_id, line.resource_id)
        if line.meter.product.code == "AmazonSageMaker":
            groups[place] = "SageMaker"
        elif line.meter.product.code == "AmazonEKS" or any(scope.kind == "cluster" for scope in line.scopes):
            groups[place] = "EKS"
        elif (
            line.meter.product.code == "AmazonEC2"
            and line.meter.instance_type
            and SHAPES[line.meter.instance_type].gpus
        ):
            groups[place] = "EC2 GPU"
    return groups


def _rows(world: World, spent: Spent, resource: Resource, group: str) -> Iterator[tuple[Any, ...]]:
    moment = _last_moment(world.window, spent.period)
    owner = resource.owner
    taggable = bool(resource.id) and resource.tags.taggable
    for dimension in REQUIRED_TAGS:
        written = resource.tags.user.get(dimension)
        if written and resource.tags.since and resource.tags.since > moment:
            written = None
        yield (
            spent.period,
            spent.account_id,
            owner.team,
            group,
            spent.service_code,
            spent.resource_id,
            dimension,
            written.state if written else "missing",
            taggable,
            getattr(owner, dimension) is not None,
            bool(written) and world.tagger.is_active(written.key, moment) if written else False,
            written.key if written else None,
            written.value if written else None,
            owner.is_ml,
        )


def _last_moment(window: Window, period: str) -> datetime:
    for start, end in window.months():
        if start.strftime("%Y-%m") == period:
            return end - timedelta(hours=1)
    raise LookupError(period)
