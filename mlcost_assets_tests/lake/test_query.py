"""What a user may ask: one SELECT over the published tables, judged on its parsed tree; nothing that it carries inside."""

from pathlib import Path

import pytest

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.world import World


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LakeReader:
    world = World(tmp_path_factory.mktemp("asked"))
    with LakeWriter(world.config) as lake:
        lake.connection.execute("INSERT INTO refreshes (snapshot, run_id) VALUES (1, 'a')")
        lake.publish()
    return LakeReader(world.config)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT team, sum(effective_cost) FROM team_costs GROUP BY 1 ORDER BY 2 DESC",
        "SELECT coalesce(model, '-'), round(sum(effective_cost), 2), strftime(any_value(charge_date), '%Y') FROM attributed_costs GROUP BY 1",
        "FROM refreshes",
        "TABLE refreshes",
        "VALUES (1), (2)",
        "WITH a AS (SELECT 1 AS x), b AS (FROM a) SELECT * FROM a JOIN b USING (x)",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
        "SELECT row_number() OVER (PARTITION BY run_id ORDER BY snapshot) FROM refreshes QUALIFY true",
        "SELECT run_id FROM refreshes WHERE snapshot IN (SELECT max(snapshot) FROM lake.main.refreshes)",
        "SELECT list_transform([1, 2], x -> x + 1), {'a': 1}.a, MAP {'k': 'v'}['k'], tags['team'] FROM line_items",
        "SELECT CAST('2026-10-01' AS DATE) - INTERVAL 1 DAY, now() > DATE '2026-01-01', 1 // 2, 'a' || 'b', NOT true",
        "SELECT count(*) FILTER (WHERE is_ml), quantile_cont(effective_cost, 0.9) FROM attributed_costs",
        "SELECT j.key FROM json_each('{\"a\": 1}') AS j",
        "SELECT unnest(range(3)), i FROM generate_series(1, 3) AS s(i)",
        "FROM (PIVOT (SELECT 'a' AS k, 1 AS v) ON k IN ('a', 'b') USING sum(v))",
        "SELECT COLUMNS('run.*') FROM refreshes",
        "SELECT table_name FROM information_schema.tables",
        "SELECT table_name, comment FROM duckdb_tables()",
        "SELECT count(*) FROM internal.owners",
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "SHOW attributed_costs",
        "DESCRIBE attributed_costs",
        "DESCRIBE SELECT 1",
        "SUMMARIZE refreshes",
        "EXPLAIN SELECT * FROM line_items",
        "-- a comment first\nEXPLAIN SELECT 1",
        "/* or such */ SELECT 1 -- and last",
        "SELECT 1;",
    ],
)
def test_what_reads_the_tables_runs(reader: LakeReader, statement: str) -> None:
    assert reader.ask(statement).fetchall() is not None


@pytest.mark.parametrize(
    "statement",
    [
        # A statement that carries another.
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN ANALYSE SELECT 1",
        "EXPLAIN (ANALYZE) SELECT 1",
        "EXPLAIN /* */ ANALYZE SELECT 1",
        "EXPLAIN -- x\nANALYZE COPY (SELECT 1) TO '{data}/x.parquet'",
        "EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '{data}' (FORMAT parquet, OVERWRITE)",
        "EXPLAIN ANALYZE CREATE TABLE lake.main.x AS SELECT 1",
        "EXPLAIN COPY (SELECT 1) TO '{data}/x.csv'",
        "EXPLAIN ANALYZE DELETE FROM refreshes",
        "EXPLAIN INSERT INTO refreshes (run_id) VALUES ('x')",
        "COPY (SELECT 1) TO '{data}/x.csv'",
        "SELECT 1; SELECT 2",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "BEGIN",
        "PIVOT refreshes ON run_id",
        "WITH a AS (SELECT 1) INSERT INTO refreshes (snapshot) FROM a",
        "MERGE INTO refreshes USING refreshes AS r ON true WHEN MATCHED THEN DELETE",
        # What changes state or reaches maintenance.
        "CALL ducklake_expire_snapshots('lake', older_than => now())",
        "CALL ducklake_cleanup_old_files('lake', cleanup_all => true)",
        "FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
        "SELECT * FROM ducklake_delete_orphaned_files('lake', cleanup_all => true)",
        "FROM ducklake_merge_adjacent_files('lake')",
        "FROM ducklake_add_data_files('lake', 'refreshes', '{data}/x.parquet')",
        "FROM checkpoint('lake')",
        "SELECT write_log('x')",
        "FROM enable_logging()",
        "SELECT nextval('s')",
        "SELECT sleep_ms(10)",
        "PRAGMA database_list",
        "SET memory_limit = '1GB'",
        "RESET ALL",
        "LOAD httpfs",
        "INSTALL spatial",
        "USE memory",
        "ATTACH ':memory:' AS x",
        "DETACH lake",
        # What tells settings and secrets.
        "SELECT current_setting('s3_secret_access_key')",
        "FROM duckdb_secrets()",
        "FROM duckdb_settings()",
        "SELECT getvariable('x')",
        "FROM which_secret('s3://b/x', 's3')",
        # What opens a path or URL, directly, by its name, or in a text.
        "FROM read_text('{data}/x')",
        "FROM read_text('s3://bucket/lake/data/x?s3_endpoint=127.0.0.1:9')",
        "FROM read_parquet('{data}/x.parquet')",
        "FROM READ_PARQUET(['{data}/x.parquet'])",
        "FROM main.read_csv('{data}/x.csv')",
        "FROM '{data}/x.parquet'",
        'FROM "{data}/x.parquet"',
        "FROM 's3://bucket/lake/data/x.parquet?s3_endpoint=127.0.0.1:9'",
        "DESCRIBE '{data}/x.parquet'",
        "SUMMARIZE '{data}/x.parquet'",
        "SELECT (SELECT max(a) FROM '{data}/x.parquet')",
        "WITH a AS (FROM 'x.csv') SELECT 1",
        "FROM glob('{data}/*')",
        "FROM parquet_metadata('{data}/x.parquet')",
        "FROM sniff_csv('{data}/x.csv')",
        "FROM query('FROM read_text(''/etc/passwd'')')",
        "FROM query_table('{data}/x.parquet')",
        "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "SELECT json_serialize_plan('FROM read_text(''/etc/passwd'')')",
        "FROM histogram('{data}/x.parquet', 1)",
        "FROM __ducklake_metadata_lake.ducklake_data_file",
        "FROM __ducklake_metadata_lake.main.ducklake_data_file",
        "FROM seq_scan('x')",
        "FROM arrow_scan(1, 2, 3)",
        "FROM python_map_function()",
        "not sql at all",
        "",
        "-- nothing",
    ],
)
def test_everything_else_is_refused(reader: LakeReader, tmp_path: Path, statement: str) -> None:
    data = Path(reader._catalog.data_path)
    before = sorted(data.rglob("*"))
    with pytest.raises(MlcostError):
        reader.ask(statement.replace("{data}", str(data))).fetchall()
    assert sorted(data.rglob("*")) == before


def test_a_name_in_python_is_no_table(reader: LakeReader) -> None:
    secret = [{"a": 1}]
    with pytest.raises(MlcostError, match="does not exist"):
        reader.ask("FROM secret")
    assert secret


def test_deep_nesting_is_refused_in_one_line(reader: LakeReader) -> None:
    with pytest.raises(MlcostError) as refused:
        reader.ask("SELECT " + "abs(" * 5000 + "1" + ")" * 5000)
    assert len(str(refused.value).splitlines()[0]) < 200


@pytest.mark.parametrize(
    ("limits", "statement", "said"),
    [
        (
            "query_seconds: 1",
            "SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b",
            r"longer than 1 seconds .* limits.query_seconds",
        ),
        ("memory: 60MB", "SELECT list(range) FROM range(100000000)", r"more than limits.memory \(60MB\)"),
    ],
)
def test_a_query_ends_at_its_limits(tmp_path: Path, limits: str, statement: str, said: str) -> None:
    world = World(tmp_path / "limited", settings=f"limits: {{{limits}}}\n")
    with LakeWriter(world.config) as lake:
        lake.publish()
    reader = LakeReader(world.config, limited=True)
    try:
        with pytest.raises(MlcostError, match=said):
            reader.ask(statement)
        assert reader.ask("SELECT 1").fetchall() == [(1,)]
    finally:
        reader.close()
