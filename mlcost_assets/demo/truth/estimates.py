"""The truth about what a gateway estimates: its sum of a day, and the parts of its difference to the list price."""

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlcost_assets.demo.truth.costs import MONEY
from mlcost_assets.demo.world.resources import Estimate
from mlcost_assets.demo.world.world import World

_TYPES = {"day": pa.date32(), "model": pa.string(), "calls": pa.int64()}


def write_estimates(world: World, folder: Path) -> None:
    """Write truth/estimates.parquet: a row for each day and model; dollars with ten decimals."""
    kinds = {one.name: _TYPES.get(one.name, MONEY) for one in fields(Estimate)}
    columns = {
        name: pa.array([_exact(getattr(told, name)) for told in world.estimates], kind) for name, kind in kinds.items()
    }
    pq.write_table(pa.table(columns), folder / "estimates.parquet", compression="zstd")


def _exact(value: object) -> object:
    return value.quantize(Decimal("0.0000000001")) if isinstance(value, Decimal) else value
