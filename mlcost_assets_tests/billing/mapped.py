"""What the mapping makes of an export's files, without a lake: a delivery in, charges out, in milliseconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.billing import source
from mlcost_assets.billing.deliveries import find_deliveries
from mlcost_assets.billing.manifests import open_drop
from mlcost_assets.billing.source import Source, open_source
from mlcost_assets.config import Export
from mlcost_assets.lake import engine
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.sql import as_dicts, read_sql, run
from mlcost_assets.verify import files


@contextmanager
def opened(root: Path, period: str = "2026-10") -> Iterator[tuple[duckdb.DuckDBPyConnection, Source]]:
    """The delivery of `period` below `root`, opened, and its charges as the temporary table `line_items`."""
    home = root.parent / f".{root.name}"
    home.mkdir(exist_ok=True)
    drop = open_drop(find_deliveries(Export(name="payer", uri=str(root)), Contents(home))[0][period])
    with engine.connect() as connection:
        found = open_source(connection, drop, home)
        given = {"export_name": "payer", "billing_period": period, **asdict(found.readings)}
        mapping = read_sql(source.__file__, "focus" if found.format.name == "focus" else "cur2")
        run(connection, f"CREATE TEMP TABLE line_items AS {mapping}", given)
        yield connection, found


def charges(root: Path, sql: str = "FROM line_items ORDER BY x_source_row, charge_category") -> list[dict[str, Any]]:
    """`sql` over the charges of the delivery of October 2026 below `root`."""
    with opened(root) as (connection, _):
        return as_dicts(run(connection, sql))


def findings(root: Path, altered: str = "") -> dict[str, str]:
    """What the checks of costs say of the charges below `root`, after the statement `altered`; by finding."""
    keys = {"export_name": "payer", "billing_period": "2026-10", "drop_id": "drop"}
    with opened(root) as (connection, found):
        connection.execute(altered)
        net = {"net": found.readings.net}
        run(connection, f"CREATE TEMP TABLE scanned AS {read_sql(source.__file__, 'plain_scan')}", net)
        connection.execute(
            "CREATE TEMP TABLE quarantined_rows (export_name TEXT, billing_period TEXT, billing_currency TEXT, billed_cost INT);"
            f"CREATE TEMP TABLE billing_drops AS SELECT {', '.join(f'${key} AS {key}' for key in keys)}, 'loaded' AS state,"
            f" '{found.format.name}' AS format",
            keys,
        )
        run(connection, f"CREATE TEMP TABLE drop_totals AS {read_sql(source.__file__, 'drop_totals')}", keys | net)
        return dict(connection.execute(read_sql(source.__file__, "standing_costs")).fetchall())


def disagreements(root: Path, altered: str = "") -> list[str]:
    """What `mlcost verify` says of the effective cost of the charges below `root`, after the statement `altered`."""
    with opened(root) as (connection, found):
        connection.execute(altered)
        keys = {"export_name": "payer", "billing_period": "2026-10"}
        run(connection, f"CREATE TEMP TABLE effective AS {read_sql(files.__file__, 'effective_charges')}", keys)
        rule = read_sql(files.__file__, f"effective_{'focus' if found.format.name == 'focus' else 'cur'}")
        run(connection, f"CREATE TEMP TABLE effective_now AS {rule}", asdict(found.readings))
        return [said for (said,) in connection.execute(read_sql(files.__file__, "effective")).fetchall()]
