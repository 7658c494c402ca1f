"""What is found out about the demo's tags is what its simulation knows of them."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from mlcost_assets.config import load_config
from mlcost_assets.lake.reader import LakeReader

# Both sides of the same resources: how much of each is ML spend is told by attribution's own tests.
_COMPARED = """
    SELECT given.service_group AS given_group, truth.service_group, given.tag, given.effective_cost, given.state,
        CASE WHEN NOT can_carry_tag THEN 'cannot carry tags' WHEN in_bill THEN truth.state WHEN truth.state <> 'missing' THEN 'not in the bill'
             ELSE 'missing' END AS true_state
    FROM given
    JOIN truth ON truth.billing_period = given.billing_period AND truth.account_id = given.account_id
        AND truth.service_code = given.service_code AND truth.resource_id = given.resource_id AND truth.tag = given.tag
"""


@pytest.fixture(scope="module")
def compared(published: Path) -> duckdb.DuckDBPyConnection:
    """A row for each billed resource in scope and required tag: what the platform says of it, and the truth."""
    reader = LakeReader(load_config(published / "mlcost.yaml"))
    given = reader.query("FROM tag_states WHERE resource_id <> ''").to_arrow_table()
    reader.close()
    connection = duckdb.connect()
    connection.register("given", given)
    connection.execute("CREATE TABLE truth AS FROM read_parquet(?)", [str(published / "truth" / "tags.parquet")])
    connection.execute(f"CREATE TABLE compared AS {_COMPARED}")
    assert connection.execute("SELECT count(*) FROM compared").fetchone() == (given.num_rows,)
    return connection


def counted(connection: duckdb.DuckDBPyConnection, group: str, state: str) -> list[tuple[Any, ...]]:
    sql = (
        f"SELECT {group}, tag, {state} AS state, count(*), sum(effective_cost) FROM compared GROUP BY ALL ORDER BY ALL"
    )
    return connection.execute(sql).fetchall()


def test_resources_and_dollars_with_without_and_beyond_a_tag_are_those_of_the_truth(
    compared: duckdb.DuckDBPyConnection,
) -> None:
    there = "CASE WHEN {0} IN ('compliant', 'wrong') THEN 'there' ELSE {0} END"
    given = counted(compared, "given_group", there.format("state"))
    assert given == counted(compared, "service_group", there.format("true_state"))
    assert {group for group, *_ in given} >= {"SageMaker", "EC2 GPU", "EKS"}
    assert {state for _, _, state, *_ in given} == {"there", "missing", "not in the bill", "cannot carry tags"}


def test_what_is_called_wrong_is_wrong(compared: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT count(*) FILTER (true_state = 'wrong'), count(*) FROM compared WHERE state = 'wrong'"
    right, said = compared.execute(sql).fetchall()[0]
    assert said > 0
    assert right >= 0.9 * said


def test_most_of_what_is_wrong_is_found(compared: duckdb.DuckDBPyConnection) -> None:
    """A copied tag that nothing contradicts cannot be told from a right one."""
    sql = "SELECT count(*) FILTER (state = 'wrong'), count(*) FROM compared WHERE true_state = 'wrong'"
    found, wrong = compared.execute(sql).fetchall()[0]
    assert found >= 0.6 * wrong
