"""What the simulator of faults runs, each in a process of its own that may be killed at any moment.

Forked from one process with a warm DuckDB of one thread, so that thousands of them cost little. A process ends by
`os._exit`, as a killed one does: nothing is cleaned up unless the code under test did it.
"""

import gc
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from mlcost_assets.billing.load import load_drop
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.config import Config
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake import engine, registry
from mlcost_assets.lake import tables as lake_tables
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.damage import mend_catalog
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts
from mlcost_assets.lake.stores import open_store
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.macros import all_macros
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files
from mlcost_assets.runtime.mending import mend
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World, record

EXPORTS = ("first", "second")
# The rooms whose tables `refresh` fills; a lake without the others is opened, copied and published in half the time.
_FILLED = {"billing", "metadata", "quality"}
# As many as a process opens: of a repair's first look and its writer, and some to spare.
_CONNECTIONS = 4

# What a reader sees: the billed cost of each month by two ways, and how many records were read.
Answer = dict[str, Any]
# What was delivered: by export and period, rows and the cost of each.
Due = dict[tuple[str, str], tuple[int, int]]
_ROWS = "SELECT $export_name AS export_name, $billing_period AS billing_period, CAST($cost AS DECIMAL(28,10)) AS billed_cost FROM range($rows)"
_ANSWER = """
    SELECT billing_period, sum(line_items.billed_cost) AS billed,
        (SELECT sum(billed_cost) FROM daily_charges WHERE daily_charges.billing_period = line_items.billing_period) AS daily,
        (SELECT count(*) FROM metadata_records) AS records
    FROM line_items GROUP BY billing_period ORDER BY billing_period
"""
_DAILY = """
    SELECT billing_period, sum(billed_cost) AS billed_cost
    FROM line_items WHERE billing_period = $billing_period GROUP BY ALL
"""


def warm_up(folder: Path, patch: pytest.MonkeyPatch) -> World:
    """Makes `engine.connect` give the one DuckDB that was made here, before any fork, with all that it needs loaded by
    a first refresh; gives the world of that, whose lake has the tables that `refresh` fills, and nothing in them.
    `patch` puts everything back."""
    filled = {name: table for name, table in registry.tables().items() if table.domain in _FILLED}
    patch.setattr(lake_tables, "tables", lambda: filled)
    connection = engine.connect(settings={"threads": 1})
    ready: list[duckdb.DuckDBPyConnection] = []

    def prepared() -> duckdb.DuckDBPyConnection:
        cursor = connection.cursor()
        cursor.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        cursor.execute(all_macros())
        return cursor

    def warm(*, settings: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        for name, value in (settings or {}).items():
            connection.execute(f"SET {name} = {engine.quote(str(value))}")
        connection.execute("DETACH DATABASE IF EXISTS lake")
        return ready.pop() if ready else prepared()

    patch.setattr(engine, "connect", warm)
    empty = World(folder / "empty", exports=EXPORTS)
    with LakeWriter(empty.config) as lake:
        lake.publish()
    full = empty.copy(folder / "full")
    for kind in ("csv", "parquet"):
        full.bill([charge()] * 20, export=EXPORTS[0], kind=kind, execution=kind)
        full.land(record("s3:ListBuckets", "b", {}), file=f"{kind}.jsonl")
        refresh(full.config)
    connection.execute("DETACH lake")
    # Each process takes these as they are at its fork: defining the macros is a tenth of a small refresh.
    ready += [prepared() for _ in range(_CONNECTIONS)]
    return empty


class Process:
    """`work` in a forked process, which gives its result, or says how it failed.

    `dies_at`: it kills itself, as kill -9 does, at its n-th call into C (a write, a rename, a statement).
    `largest_file`: bytes beyond which it cannot write a file, as on a full disk.
    """

    def __init__(self, work: Callable[[], Any], *, dies_at: int | None = None, largest_file: int | None = None) -> None:
        self._answers, told = os.pipe()
        self._id = os.fork()
        if self._id:
            os.close(told)
            return
        status = 1
        gc.disable()  # what it looks through in a fork is copied for that
        try:
            if largest_file is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
            if dies_at is not None:
                _die_at(dies_at)
            os.write(told, json.dumps({"result": work()}, default=str).encode())
            status = 0
        except (MlcostError, duckdb.Error, OSError) as error:
            os.write(told, json.dumps({"failed": f"{type(error).__name__}: {error}"[:500]}).encode())
        except BaseException:  # noqa: BLE001  a fault of ours is told whole
            os.write(told, json.dumps({"broken": traceback.format_exc()[-3000:]}).encode())
        finally:
            os._exit(status)

    def ended(self) -> dict[str, Any]:
        """Waits for its end: {'result': …}, {'failed': a line}, {'broken': a traceback}, or {} of a killed one."""
        with os.fdopen(self._answers) as answers:
            told = answers.read()
        os.waitpid(self._id, 0)
        return dict(json.loads(told)) if told else {}


def _die_at(calls: int) -> None:
    left = calls

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal left
        left -= event == "c_call"
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def refresh(config: Config, *, mending: bool = False, due: Due | None = None) -> None:
    """A refresh without attribution: drops loaded, reduced, records read, published.

    With `due`, the store's part alone: instead of drops that are read, the rows and the cost of each are written.
    """
    if mending:
        mend_catalog(config)
    with LakeWriter(config) as lake:
        if mending:
            mend(lake, Catalog(config))
        if due is None:
            _load(config, lake, everything=mending)
        for (export, period), (rows, cost) in (due or {}).items():
            given = {"rows": rows, "cost": cost}
            lake.replace("line_items", _ROWS, given, export_name=export, billing_period=period)
        with lake.transaction() as connection:
            periods = connection.execute("SELECT DISTINCT billing_period FROM line_items").fetchall()
            connection.execute("DELETE FROM daily_charges")
            for (period,) in periods:
                lake.replace("daily_charges", _DAILY, billing_period=period)
            connection.execute(
                "INSERT INTO refreshes (snapshot, published_at, run_id)"
                " SELECT max(snapshot_id) + 1, now(), 'simulated' FROM ducklake_snapshots('lake')"
            )
        lake.publish()


def _load(config: Config, lake: LakeWriter, *, everything: bool) -> None:
    names = [export.name for export in config.billing.exports]
    for manifest in make_plan(config, lake.connection, look_at_files=True, everything=everything).pending:
        load_drop(lake, manifest, names)
    if config.metadata:
        store = open_store(config.metadata.uri)
        read_files(lake, store, new_files(store, None if everything else lake.connection, Contents(config.home)))


def answer(config: Config) -> list[Answer]:
    """What a reader is told; nothing before the first publication."""
    reader = LakeReader(config)
    try:
        if not reader._catalog.version():
            return []
        return as_dicts(reader.query(_ANSWER))
    finally:
        reader.close()
