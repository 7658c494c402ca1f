"""Reconciliation of a million distinct tags: seconds and memory. `python benchmarks/tags.py [OBSERVATIONS]`.

The organisation is made of random names of one to three words, written as people write them: in other cases and
separators, with versions, environments, dates and hashes, and some with a letter lost. A third speaks of nothing.
"""

import random
import resource
import sys
import tempfile
import time

import duckdb
import pyarrow as pa
from spellchecker import SpellChecker

from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.engine import connect
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.tags import reconcile as module
from mlcost_assets.tags.reconcile import Thresholds, compare_names, decide
from mlcost_assets.tags.vocabulary import provide_vocabulary

SOURCES = (
    "bill_tag_sets",
    "tag_carriers",
    "cost_categories",
    "split_costs",
    "resource_history",
    "lineage_edges",
    "metadata_records",
    "line_items",
)

USES = """
    CREATE TABLE uses AS
    SELECT name, number % 400 AS account, CAST(how AS BIGINT) AS how,
        CAST(1 + hash(name || how // 12) % 9 AS BIGINT) AS key
    FROM names, range(38) AS each(how)
"""
WRITTEN = """
    INSERT INTO resource_history BY NAME
    SELECT
        'r' || name || how AS id, 1 AS life, 'ec2:DescribeInstances' AS kind, 'r' || name || how AS resource_key,
        CAST(account AS VARCHAR) AS account_id, TIMESTAMP '2026-10-01' AS valid_from,
        TIMESTAMP '2026-10-02' AS last_seen_at,
        MAP {
            ['model', 'Model', 'ml:model', 'project', 'Project', 'app', 'team', 'squad', 'pipeline'][key]:
            CASE how % 12
                WHEN 0 THEN replace(name, '-', '_')
                WHEN 1 THEN upper(name)
                WHEN 2 THEN replace(name, '-', ' ')
                WHEN 3 THEN name || '-v' || how
                WHEN 4 THEN name || ['-prod', '-stg', '-dev'][1 + how // 12]
                WHEN 5 THEN name || '-202605' || (10 + how % 20)
                WHEN 6 THEN name || '-' || left(md5(name || how), 8)
                WHEN 7 THEN replace(name, '-', '')
                WHEN 8 THEN CASE WHEN how < 12 THEN left(name, 4) || substr(name, 6) ELSE name || '-model' END
                WHEN 9 THEN name || '_' || how
                ELSE name
            END,
            'cost-center': 'team ' || account // 4
        } AS tags
    FROM uses
"""
OF_NOTHING = """
    INSERT INTO resource_history BY NAME
    SELECT 'n' || i AS id, 1 AS life, 'ec2:DescribeInstances' AS kind, 'n' || i AS resource_key, '1' AS account_id,
        TIMESTAMP '2026-10-01' AS valid_from, TIMESTAMP '2026-10-02' AS last_seen_at,
        MAP {'Name': md5(CAST(i AS VARCHAR))} AS tags
    FROM range($observations // 3) AS nothing(i)
"""


def fill(connection: duckdb.DuckDBPyConnection, observations: int) -> None:
    """Resources with a tag each, so many that about `observations` of their keys and values are distinct."""
    chance = random.Random(1)  # noqa: S311  a benchmark, not a secret
    english = SpellChecker(language="en").word_frequency.words()
    words = sorted(word for word in english if word.isalpha() and word.isascii() and 4 <= len(word) <= 10)
    words = chance.sample(words, 4000)
    names = sorted({"-".join(chance.sample(words, chance.choice((1, 2, 2, 3)))) for _ in range(observations // 36)})
    connection.register("given", pa.table({"name": names, "number": range(len(names))}))
    connection.execute("CREATE TABLE names AS FROM given")
    connection.execute(USES)
    connection.execute(WRITTEN)
    connection.execute(OF_NOTHING, {"observations": observations})


def main() -> None:
    observations = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    spill = tempfile.mkdtemp()
    connection = connect(settings={"memory_limit": "1200MB", "threads": 2, "temp_directory": spill})
    for name in (*SOURCES, "tag_observations", "tag_keys"):
        columns = ", ".join(f'"{column.name}" {column.type}' for column in tables()[name].columns)
        connection.execute(f"CREATE TABLE {name} ({columns})")
    fill(connection, observations)
    provide_vocabulary(connection, Rules())
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    for table in ("tag_observations", "tag_keys"):
        connection.execute(f"INSERT INTO {table} BY NAME {read_sql(module.__file__, table)}")
    seen = time.perf_counter()
    compare_names(connection)
    decide(connection, Thresholds())
    ended = time.perf_counter()
    count, names, meanings, pairs = connection.execute(
        "SELECT (SELECT count(*) FROM (SELECT DISTINCT tag_key, tag_value FROM tag_observations)), count(*),"
        " count(DISTINCT dimension || canonical_value), (SELECT count(*) FROM name_candidates) FROM name_meanings"
    ).fetchone() or (0, 0, 0, 0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count:,} distinct observations: {names:,} names, {pairs:,} pairs compared, {meanings:,} meanings")
    print(f"observed in {seen - began:.1f} s, reconciled in {ended - seen:.1f} s")
    print(f"peak {peak / 2**20:.2f} GiB (before: {base / 2**20:.2f})")


if __name__ == "__main__":
    main()
