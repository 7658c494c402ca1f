"""Reading the exports' files again, and whether the published charges are theirs.

Which files a drop has and how their rows are read is asked of billing; what became of them is not. How their
costs are to be read (net of discounts or not, say) is billing's word too; what they come to effectively is not.
"""

from collections.abc import Iterator
from dataclasses import asdict

import duckdb

from mlcost_assets.billing.deliveries import find_deliveries
from mlcost_assets.billing.manifests import open_drop
from mlcost_assets.billing.source import open_source
from mlcost_assets.config import Config
from mlcost_assets.errors import DropRejectedError, StorageError
from mlcost_assets.lake import engine
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.scratch import ScratchFolder
from mlcost_assets.lake.sql import read_sql, step

_LOADED = """
    SELECT export_name, billing_period, drop_id FROM billing_drops
    WHERE state = 'loaded' AND ($period IS NULL OR billing_period = $period) ORDER BY ALL
"""


def altered(config: Config, reader: LakeReader, period: str | None) -> Iterator[str]:
    """What of the loaded drops' files is not what was published of it."""
    contents = Contents(config.home)
    exports = {export.name: export for export in config.billing.exports}
    for name, month, drop_id in reader.query(_LOADED, {"period": period}).fetchall():
        try:
            drop = open_drop(find_deliveries(exports[name], contents)[0][month])
            if drop.drop_id != drop_id:
                yield f"{name} {month}: its files are no longer those that were loaded; `mlcost refresh` takes them up"
                continue
            keys = {"export_name": name, "billing_period": month}
            charges = reader.query(read_sql(__file__, "charges"), keys).to_arrow_table()
            effective = reader.query(read_sql(__file__, "effective_charges"), keys).to_arrow_table()
            with ScratchFolder() as temporary, engine.connect() as connection:
                source = open_source(connection, drop, temporary)
                focus = source.format.name == "focus"
                connection.register("charges", charges)
                connection.register("effective", effective)
                rule = read_sql(__file__, "effective_focus" if focus else "effective_cur")
                step(connection, "effective_now", asdict(source.readings), select=rule)
                compared = read_sql(__file__, "exported").format(
                    resource="resource_id" if focus else "line_item_resource_id",
                    day="charge_period_start" if focus else "line_item_usage_start_date",
                )
                for comparison in (compared, read_sql(__file__, "effective")):
                    problems = connection.execute(comparison).fetchall()
                    yield from (f"{name} {month}: {problem}" for (problem,) in problems)
        except (KeyError, DropRejectedError, StorageError, duckdb.Error) as error:
            yield f"{name} {month} is published and its files cannot be read: {error}"
