"""The truth about what runs for nobody: the endpoints that are billed and never called."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlcost_assets.demo.world.world import World


def write_uncalled(world: World, folder: Path) -> None:
    """Write truth/uncalled.parquet: a row for each endpoint, by its id in the bill."""
    pq.write_table(pa.table({"resource_id": pa.array(world.uncalled, pa.string())}), folder / "uncalled.parquet")
