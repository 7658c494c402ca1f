"""The truth about tags: which resource carries which required tag, rightly, wrongly or not at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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


# What AWS itself owns, and what is bought rather than used, can carry no tag of a customer.
_UNTAGGABLE = re.compile("^arn:aws:(savingsplans:|bedrock:[^:]*:[^:]*:(inference-profile|foundation-model)/)")
# What Kubernetes writes on the disks that it makes.
_CLAIMED = "kubernetes.io/created-for/pvc/name"
_NO_RESOURCES = ("AWSDataTransfer", "AWSSupportBusiness", "AWSSupportEnterprise")


@dataclass
class _Billed:
    """A resource as the bill of a month has it: the group of services it counts in, and when its last line began."""

    group: str
    last_line: datetime


def write_tags(world: World, truth: Truth, folder: Path) -> None:
    """Write truth/tags.parquet: a row for each month, resource and required tag."""
    billed = _billed(world.ledger.lines, world.window)
    rows: list[tuple[tuple[Any, ...], int]] = []
    for spent, cost in sorted(truth.spent.items()):
        resource = world.resources.get((spent.account_id, spent.resource_id)) or Resource(
            "", world.organisation.payer, ""
        )
        shown = billed.get(spent) or _Billed(spent.service_code, _last_moment(world.window, spent.period))
        if _CLAIMED in resource.tags.system:
            shown.group = "EKS"
        rows += [(row, cost) for row in _rows(world, spent, resource, shown)]
    columns = {name: pa.array([row[place] for row, _ in rows], kind) for place, (name, kind) in enumerate(_COLUMNS)}
    whole = pa.array([cost for _, cost in rows], pa.int64()).cast(pa.decimal128(28, 0))
    columns["cost"] = pa.Array.from_buffers(MONEY, len(rows), whole.buffers())
    pq.write_table(pa.table(columns), folder / "tags.parquet", compression="zstd")


def _billed(lines: list[Line], window: Window) -> dict[Spent, _Billed]:
    billed: dict[Spent, _Billed] = {}
    for line in lines:
        group = _group(line)
        for start, end in window.months():
            if line.start < end and line.end > start:
                # Lines are cut where what the bill shows of the tags changes.
                last = max(line.start, start)
                spent = Spent(
                    start.strftime("%Y-%m"), line.account_id, line.meter.product.service_code, line.resource_id
                )
                one = billed.setdefault(spent, _Billed(group or spent.service_code, last))
                one.group = group or one.group
                one.last_line = max(one.last_line, last)
    return billed


def _group(line: Line) -> str:
    """Name the group of services that a charge puts its resource in: SageMaker, EKS, EC2 GPU; none for others."""
    service = line.meter.product.service_code
    if service == "AmazonSageMaker":
        return "SageMaker"
    if service == "AmazonEKS" or (service == "AmazonEC2" and any(scope.kind == "cluster" for scope in line.scopes)):
        return "EKS"
    if service == "AmazonEC2" and line.meter.instance_type and SHAPES[line.meter.instance_type].gpus:
        return "EC2 GPU"
    return ""


def _rows(world: World, spent: Spent, resource: Resource, billed: _Billed) -> Iterator[tuple[Any, ...]]:
    moment = _last_moment(world.window, spent.period)
    owner = resource.owner
    taggable = (
        bool(spent.resource_id) and not _UNTAGGABLE.match(spent.resource_id) and spent.service_code not in _NO_RESOURCES
    )
    for dimension in REQUIRED_TAGS:
        written = resource.tags.user.get(dimension)
        since = resource.tags.since
        if written and since and since > moment:
            written = None
        yield (
            spent.period,
            spent.account_id,
            owner.team,
            billed.group,
            spent.service_code,
            spent.resource_id,
            dimension,
            written.state if written else "missing",
            taggable,
            getattr(owner, dimension) is not None,
            # The bill shows what was written and activated while the resource was still billed.
            written is not None
            and (since is None or since <= billed.last_line)
            and world.tagger.is_active(written.key, billed.last_line),
            written.key if written else None,
            written.value if written else None,
            owner.is_ml,
        )


def _last_moment(window: Window, period: str) -> datetime:
    for start, end in window.months():
        if start.strftime("%Y-%m") == period:
            return end - timedelta(hours=1)
    raise LookupError(period)
