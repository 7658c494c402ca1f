"""Readers cannot write, reach other files, or change how they are locked down, whatever statement reaches DuckDB: the
second lock behind the judgement of what users write (test_query.py)."""

import pytest

from mlcost_assets.dashboard.versions import Versions
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.world import World


@pytest.fixture
def published(world: World) -> World:
    with LakeWriter(world.config) as lake:
        lake.publish()
    return world


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO refreshes (run_id) VALUES ('x')",
        "CREATE TABLE x (a INTEGER)",
        "DROP TABLE line_items",
        "DELETE FROM line_items",
        "COPY line_items TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "SET memory_limit = '1GB'",
        "INSTALL spatial",
        "SELECT 1; DROP TABLE line_items",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('http://127.0.0.1:9/x')",
        "not sql at all",
    ],
)
def test_nothing_but_reading_the_tables_is_possible(published: World, statement: str) -> None:
    with pytest.raises(MlcostError):
        published.query(statement)


def test_every_table_is_there_from_the_start(published: World) -> None:
    reader = LakeReader(published.config)
    try:
        assert reader.query("SELECT count(*) FROM attributed_costs").fetchall() == [(0,)]
        assert reader.query("SELECT count(*) FROM internal.owners").fetchall() == [(0,)]
    finally:
        reader.close()


def test_what_an_earlier_version_did_not_make_is_told_with_the_mend(published: World) -> None:
    versions = Versions(published.config)
    for asks in (LakeReader(published.config).query, versions.at(None).query, versions.at(None).ask):
        for statement in ("SELECT * FROM of_a_later_version", "SELECT of_a_later_version FROM line_items"):
            with pytest.raises(MlcostError, match=r"another version of mlcost .* run `mlcost refresh`"):
                asks(statement)
    versions.close()
