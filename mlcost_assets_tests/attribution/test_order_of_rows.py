"""Whoever is picked is picked by a total order: rows that come in another order give the same owners."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mlcost_assets.attribution.decide.decide import STEPS
from mlcost_assets.attribution.knowledge import provide_knowledge, provide_names
from mlcost_assets.config.rules import load_rules
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import run
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.tags.vocabulary import provide_vocabulary
from mlcost_assets_tests.attribution.scenarios import Paid, given, instance, training_job
from mlcost_assets_tests.attribution.statements import rows_of, statement
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import arn, record

ALWAYS = {"valid_from": datetime(1970, 1, 1), "valid_to": datetime(9999, 12, 31)}


def decided(*people: str, said: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The team's reason that thing_owners finds for a machine with which these people worked, each of a team of their
    own; `said` are rows of owners for it."""
    voice = {"value": "x", "rung": "name", "code": "name", "place": "role", "said": "x"}
    sure = {"method": "tag", "factors": [{"what": "start", "factor": 0.9}]}
    none = (
        sure | {"value": None, "code": "bill_tag", "place": "tag", "said": "", "path": ["x"], "lost": [voice]} | ALWAYS
    )
    owners = [{"resource_key": "other", "dimension": "team"} | none] + [
        {"resource_key": "i-1"} | none | one for one in said or []
    ]
    facts = [
        {
            "of": "person",
            "name": one,
            "dimension": "team",
            "value": f"team-{one}",
            "code": "person_of_models",
            "said": f"all that {one} made",
        }
        for one in people
    ]
    facts += [
        {
            "of": "model",
            "name": "churn",
            "dimension": "team",
            "value": "risk",
            "code": "agreeing_tags",
            "said": "its tags",
        }
    ]
    ((reasons,),) = rows_of(
        "thing_owners",
        "reasons",
        {"billing_period": "2026-10"},
        STEPS,
        billed_things=[{
            "billing_period": "2026-10", "billed_thing": "b", "resource_key": "i-1", "account_id": "1", "instance_type": "x", "usage_class": "compute",
            "ml_service": False, "stage": "other", "pool": False, "first_date": date(2026, 10, 1), "last_date": date(2026, 10, 2)}],
        rule_claims=[{"billing_period": "2026-10", "billed_thing": "none", "dimension": "team", "value": "x", "rule": "x"} | ALWAYS],
        shares=[{"resource_key": "none", "consumer_key": "x", "instance_type": "*", "weight": 1, "sources": ["x"], "measure": "x"} | sure | ALWAYS],
        owners=owners,
        resource_people=[{"resource_key": "i-1", "person": one, "source": f"{one}.jsonl:1"} for one in people] or [{"resource_key": "none", "person": "x", "source": "x"}],
        workload_defaults=[fact | sure | ALWAYS for fact in facts],
        work_stages=[{"resource_key": "none", "stage": "other", "is_ml": False}],
        resource_history=[{"kind": "none", "resource_key": "none"}],
    )  # fmt: skip
    (reason,) = [one for one in reasons if one["dimension"] == "team"]
    return dict(reason)


def test_of_people_of_several_teams_the_same_one_counts_whoever_comes_first() -> None:
    reasons = [decided(*people) for people in permutations(("ann", "bob", "cid"))]
    assert [one for one in reasons if one != reasons[0]] == []
    assert (reasons[0]["value"], reasons[0]["sources"]) == ("team-ann", ["ann.jsonl:1"])
    lost = [(one["value"], one["rung"], one["said"]) for one in reasons[0]["lost"]]
    assert lost == [("team-bob", "person", "all that bob made"), ("team-cid", "person", "all that cid made")]


def test_what_the_beaten_claim_had_beaten_stays_among_the_claims_that_lost() -> None:
    said: list[dict[str, Any]] = [
        {"dimension": "model", "value": "churn", "said": "model = churn"},
        {"dimension": "team", "value": "growth", "said": "team = growth", "lost": [
            {"value": "ops", "rung": "name", "code": "name", "place": "role", "said": "ops-role"},
            {"value": "risk", "rung": "name", "code": "name", "place": "name", "said": "risk-x"}]},
    ]  # fmt: skip
    reason = decided(said=said)
    assert reason["value"] == "risk"
    assert [(one["value"], one["rung"]) for one in reason["lost"]] == [("growth", "resource"), ("ops", "name")]


# Two people deployed one job on one day, and a machine with an accelerator is there for something.
given(
    training_job("tj-9401", tags={"model": "wigeon", "team": "waders"}, artifact="s3://wigeon/1/model.tar.gz"),
    [record("cicd:Deployment", f"deployment-94{number}", {"resources": [arn("training-job/tj-9401")], "actor": actor, "team": team, "occurred_at": "2026-10-05T00:00:00Z"})
     for number, actor, team in ((1, "ann", "waders"), (2, "bob", "divers"))],
    instance("i-09400000000000001", InstanceType="trn1.2xlarge"),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-9401", 1.0),
        charge(cost=1.0, line_item_resource_id="i-09400000000000001"),
    ],
    rules="rules: [{name: r-order, when: {resource_id: i-09400000000000001}, set: {team: waders}}]",
)  # fmt: skip

READ = (
    "bill_tag_sets", "billed_things", "claims", "name_dictionary", "lineage_edges", "metadata_records", "owners", "resource_people", "resource_history",
    "work_stages", "rule_claims", "rule_matches", "shares", "split_costs", "tag_values", "thing_owners", "workload_defaults", "daily_charges",
)  # fmt: skip
BEFORE = {"flow_edges": ("caller_edges",), "thing_owners": ("shared_accounts", *STEPS)}
MADE = (
    "flow_edges",
    "name_dictionary",
    "owners",
    "resource_people",
    "work_stages",
    "rule_claims",
    "thing_owners",
    "workload_defaults",
)


@pytest.fixture(scope="module")
def lake(paid: Paid, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The installation of all sentences, as a step of a refresh sees it."""
    copy = paid.world.copy(tmp_path_factory.mktemp("order") / "copy")
    with LakeWriter(copy.config) as writer:
        connection = writer.connection
        connection.execute("SET preserve_insertion_order = true; SET threads = 1")
        provide_vocabulary(connection, load_rules(Path(copy.folder / "rules.yaml")))
        provide_knowledge(connection, load_rules(Path(copy.folder / "rules.yaml")))
        provide_names(connection)
        yield connection


def shuffled(connection: duckdb.DuckDBPyConnection, seed: str) -> None:
    """Lets every statement find its rows in another order."""
    for table in READ:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT kept.* FROM {tables()[table].qualified} AS kept ORDER BY md5(CAST(kept AS VARCHAR) || '{seed}')"
        )


@pytest.mark.parametrize("name", MADE)
def test_rows_in_another_order_decide_the_same(lake: duckdb.DuckDBPyConnection, name: str) -> None:
    made = []
    for seed in ("a", "b", "c"):
        shuffled(lake, seed)
        given = {"billing_period": "2026-10"}
        for earlier in BEFORE.get(name, ()):
            run(lake, f"CREATE OR REPLACE TEMP TABLE {earlier} AS {statement(earlier)}", given)
        made.append(sorted(map(repr, run(lake, statement(name), given).fetchall())))
    assert made[0]
    assert made[0] == made[1] == made[2]
