"""One published version at a time: readers see the old one or the new one, never something between."""

import threading
from pathlib import Path

import pytest

from mlcost_assets.config import Config
from mlcost_assets.errors import LakeConflictError, MlcostError
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.tables import ensure_tables
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

INSERT = "INSERT INTO refreshes (snapshot, run_id) VALUES (?, ?)"


def runs(config: Config) -> list[str]:
    reader = LakeReader(config)
    try:
        return [run for (run,) in reader.query("SELECT run_id FROM refreshes ORDER BY snapshot").fetchall()]
    finally:
        reader.close()


def write(config: Config, run: str, *, publish: bool = True) -> None:
    with LakeWriter(config) as lake:
        with lake.transaction() as connection:
            connection.execute(INSERT, [len(run), run])
        if publish:
            lake.publish()


@pytest.fixture(params=["local", pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])])
def config(request: pytest.FixtureRequest, world: World) -> Config:
    """An installation whose lake is a local folder, or a prefix on a real S3 server."""
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3")
        world.configure(lake=f"s3://{server.bucket}/some/lake")
    return world.config


def test_before_the_first_refresh_there_is_nothing_to_read(config: Config) -> None:
    with pytest.raises(MlcostError, match="mlcost refresh"):
        runs(config)


def test_what_was_written_is_seen_once_it_is_published(config: Config) -> None:
    write(config, "a")
    write(config, "ab", publish=False)
    assert runs(config) == ["a"]
    write(config, "abc")
    assert runs(config) == ["a", "abc"]


def test_a_reader_follows_what_is_published(config: Config) -> None:
    write(config, "a")
    reader = LakeReader(config)
    count = "SELECT count(*) FROM refreshes"
    try:
        assert reader.query(count).fetchall() == [(1,)]
        write(config, "ab")
        assert reader.query(count).fetchall() == [(2,)]
    finally:
        reader.close()


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_of_two_writers_on_s3_the_one_that_publishes_last_is_told(world: World, s3: S3Server) -> None:
    world.configure(lake=f"s3://{s3.bucket}/some/lake")
    config = world.config
    write(config, "a")
    first = LakeWriter(config)
    elsewhere = config.model_copy(update={"home": config.home.with_name("another-host")})
    with first:
        first.connection.execute(INSERT, [2, "mine"])
        write(elsewhere, "theirs")
        with pytest.raises(LakeConflictError, match="replaced meanwhile"):
            first.publish()
    assert runs(config) == ["a", "theirs"]


@pytest.mark.parametrize("home", [".mlcost", "another-home"])
def test_a_writer_waits_for_the_one_before_even_from_another_home(world: World, home: str) -> None:
    said: list[str] = []
    later = world.config.model_copy(update={"home": world.folder / home})
    with LakeWriter(world.config):
        second = threading.Thread(target=lambda: _write_saying(later, said))
        second.start()
        second.join(timeout=1.5)
        assert second.is_alive()
        assert "waiting" in said[0]
    second.join(timeout=20)
    assert runs(world.config) == ["late"]


def _write_saying(config: Config, said: list[str]) -> None:
    with LakeWriter(config, say=said.append) as lake:
        lake.connection.execute(INSERT, [1, "late"])
        lake.publish()


def test_a_lake_that_was_moved_is_read_where_it_is(world: World, tmp_path: Path) -> None:
    write(world.config, "a")
    elsewhere = tmp_path / "elsewhere"
    Path(world.config.lake).rename(elsewhere)
    world.configure(lake=str(elsewhere))
    assert runs(world.config) == ["a"]


def test_versions_are_told_apart(config: Config) -> None:
    assert Catalog(config).version() == ""
    write(config, "a")
    first = Catalog(config).version()
    write(config, "ab")
    assert first
    assert Catalog(config).version() != first


VERSION = "SELECT max(snapshot_id) FROM ducklake_snapshots('lake')"
COMMENT = "SELECT comment FROM duckdb_columns() WHERE table_name = 'refreshes' AND column_name = 'run_id'"


def test_what_a_column_means_is_told_anew_where_it_changed_and_only_there(world: World) -> None:
    config = world.config
    write(config, "a")
    with LakeWriter(config) as lake:
        lake.connection.execute("COMMENT ON COLUMN lake.main.refreshes.run_id IS 'what an older version said'")
        lake.publish()
    write(config, "b")
    (told,) = [column.meaning for column in tables()["refreshes"].columns if column.name == "run_id"]
    assert world.query(COMMENT) == [(told,)]
    with LakeWriter(config) as lake:
        before = lake.connection.execute(VERSION).fetchall()
        ensure_tables(lake.connection)
        assert lake.connection.execute(VERSION).fetchall() == before


def test_the_catalog_is_not_asked_once_a_column_for_statistics_of_a_table_without_rows(world: World) -> None:
    world.begin()
    with LakeWriter(world.config) as lake:
        lake.connection.execute(
            "DELETE FROM __ducklake_metadata_lake.ducklake_table_stats"
        )  # as earlier versions left it
        lake.publish()  # attaches it anew
        lake.connection.execute("CALL enable_logging('DuckLakeMetadata')")
        assert lake.connection.execute("FROM attributed_costs").fetchall() == []
        lake.connection.execute("CALL disable_logging()")
        asked = "SELECT count(*) FROM duckdb_logs WHERE message LIKE '%ducklake_table_stats%'"
        assert lake.connection.execute(asked).fetchall() <= [(2,)]


def test_an_internal_table_that_nothing_makes_any_more_goes(world: World) -> None:
    config = world.config
    standing = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'roles'"
    with LakeWriter(config) as lake:
        lake.connection.execute("CREATE TABLE lake.internal.roles AS SELECT 1 AS one")
        lake.publish()
    assert world.query(standing) == [(1,)]
    write(config, "a")
    assert world.query(standing) == [(0,)]
