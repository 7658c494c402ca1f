"""What the example's reports answer is what the simulation knows: of its agents, of its gateway, of waking."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mlcost_assets.config import load_config
from mlcost_assets.lake.reader import LakeReader

PARTS = ("estimated_cost", "price", "cache_tokens", "retries", "missing_calls")


@pytest.fixture(scope="module")
def reader(published: Path) -> Iterator[LakeReader]:
    reader = LakeReader(load_config(published / "mlcost.yaml"))
    yield reader
    reader.close()


def truth(published: Path, name: str, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.read_parquet(str(published / "truth" / f"{name}.parquet")).query("truth", question).fetchall()


def test_each_agent_costs_what_it_used(reader: LakeReader, published: Path) -> None:
    question = "SELECT agent, team, service_code, sum(effective_cost) FROM {} WHERE agent IS NOT NULL GROUP BY ALL ORDER BY ALL"
    known = truth(published, "charges", question.format("truth"))
    assert {service for _, _, service, _ in known} == {"AWSLambda", "AmazonBedrock", "AmazonBedrockAgentCore"}
    assert reader.query(question.format("attributed_costs")).fetchall() == known


def test_the_gateways_difference_has_the_parts_that_made_it(reader: LakeReader, published: Path) -> None:
    known = truth(
        published,
        "estimates",
        "SELECT day, model, sum(estimated), sum(price), sum(cache_tokens), sum(retries), sum(missing_calls) FROM truth"
        " GROUP BY ALL ORDER BY ALL",
    )
    told = reader.query(
        "SELECT charge_date, model, "
        + ", ".join(f"coalesce(sum({part}), 0)" for part in PARTS)
        + " FROM estimate_vs_bill"
        " WHERE model = $model GROUP BY ALL ORDER BY ALL",
        {"model": known[0][1]},
    ).fetchall()
    assert told == known
    assert all(any(row[2 + place] for row in known) for place in range(len(PARTS)))


def test_some_who_could_sleep_would_make_callers_wait(reader: LakeReader) -> None:
    waking = reader.query(
        "SELECT scenario, count(*) FROM scenarios WHERE scenario IN ('async', 'serverless') AND refused_because IS NULL"
        " AND delayed_requests > 0 GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert [scenario for scenario, _ in waking] == ["async", "serverless"]


def test_every_price_that_a_scenario_prints_has_its_source_and_its_day(reader: LakeReader) -> None:
    printed = reader.query(
        "SELECT scenario, told.what, told.value, told.source FROM ("
        "SELECT scenario, unnest(assumptions) AS told FROM scenarios WHERE refused_because IS NULL)"
        r" WHERE regexp_matches(told.what, '^(price|discount|moving)') AND regexp_matches(told.value, '\d\.\d')"
    ).fetchall()
    assert {"batch", "spot", "serverless", "savings-plan"} <= {scenario for scenario, *_ in printed}
    assert not [one for one in printed if not re.search(r"(bill|AWS).*, \d{4}-\d\d-\d\d", one[3] or "")]


def test_endpoints_that_nobody_calls_are_found_and_no_others(reader: LakeReader, published: Path) -> None:
    found = reader.query(
        "SELECT DISTINCT resource_key FROM idle_resources WHERE kind = 'endpoint' AND degree = 'unused' AND part IS NULL"
    ).fetchall()
    assert found == truth(published, "uncalled", "FROM truth") != []
