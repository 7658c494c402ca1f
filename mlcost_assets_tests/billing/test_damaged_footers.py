"""A byte of a Parquet footer that says something else: the file is refused or read, and the database that reads the
others lives on. Of some DuckDB itself fails (an INTERNAL error), which ends the database it happens in."""

from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from mlcost_assets.billing.opened_files import open_files
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake import engine
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.faults.test_damage import COLUMNS


def write(file: Path, rows: str) -> bytes:
    """A file as DuckDB writes it, with a short footer, in which a DECIMAL has its precision and scale."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE delivered AS {rows}; COPY delivered TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


def damages(whole: bytes) -> list[bytes]:
    """Each byte of the footer by itself, all its bits turned over."""
    begins = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    return [whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :] for at in range(begins, len(whole))]


def made_deadly(file: Path) -> bool:
    """Damages `file` so that it ends the database that looks at it, where one byte can."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_external_file_cache = false")  # the file's time does not always tell a change
        for damaged in damages(file.read_bytes()):
            file.write_bytes(damaged)
            with suppress(duckdb.Error):
                connection.execute(f"SELECT count(*) FROM parquet_metadata('{file}')")
            try:
                connection.execute("SELECT 1")
            except duckdb.Error:
                return True
    return False


def test_no_damaged_byte_of_a_footer_ends_the_database_that_reads_the_others(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    every = damages(write(file, "SELECT 1.5 AS cost FROM range(3)"))[::3]
    store = LocalStore(str(tmp_path))
    told: list[str] = []
    with engine.connect() as connection:
        connection.execute("SET enable_external_file_cache = false")
        for damaged in every:
            file.write_bytes(damaged)
            try:
                open_files(connection, store, list(store.list()), tmp_path / "temporary")
            except DropRejectedError as error:
                told.append(str(error))
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert 0 < len(told) < len(every)
    assert max(map(len, told)) < 400


def test_a_drop_whose_footer_ends_a_database_is_rejected_by_name_and_the_others_load(ingested: Ingested) -> None:
    world = ingested.world
    world.bill([charge(cost=5.0)], kind="parquet")
    (file,) = world.root().rglob("*2026-10/*.parquet")
    write(file, f"SELECT 1.5 AS shard, {', '.join(COLUMNS)} FROM '{file}'")
    if not made_deadly(file):
        pytest.skip("no single byte of this file ends a database of this DuckDB")
    world.bill([charge(cost=3.0, at="2026-09-05T14:00:00")], kind="parquet", period="2026-09")
    outcomes = {outcome.period: outcome for outcome in ingested.load()}
    assert (outcomes["2026-10"].state, outcomes["2026-09"].state) == ("rejected", "loaded")
    assert "cannot be read: INTERNAL Error" in (outcomes["2026-10"].reason or "")
