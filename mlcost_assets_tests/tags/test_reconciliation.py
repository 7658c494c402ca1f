"""What decides that two names are one: who knows them, who uses them, and what a person said in rules.yaml."""

from collections.abc import Mapping

import duckdb
import pytest

from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.tags import reconcile as reconcile_module
from mlcost_assets.tags.likeness import likeness
from mlcost_assets.tags.reconcile import Thresholds, reconcile
from mlcost_assets_tests.tags.population import organisation


def pair(name: str, other: str, uses: str = "2:40", shared: str = "account team", **more: str) -> dict[str, str]:
    return {"dimension": "model", "name": name, "other": other, "uses": uses, "shared": shared, "known": ""} | more


def reconciled(*pairs: Mapping[str, str], rules: Rules | None = None) -> duckdb.DuckDBPyConnection:
    connection = organisation(pairs, rules)
    reconcile(connection)
    return connection


def meaning(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, list[str]]:
    rows = connection.execute("SELECT canonical_value, stages FROM name_meanings WHERE name = $1", [name]).fetchall()
    assert len(rows) == 1, rows
    return rows[0][0], rows[0][1]


def proposals(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    sql = read_sql(reconcile_module.__file__, "tag_proposals")
    found = connection.execute(f"SELECT name, other FROM ({sql}) ORDER BY ALL", {"proposed": Thresholds().proposed})
    return found.fetchall()


def test_the_registry_names_what_everything_else_is_called() -> None:
    rules = Rules.model_validate({"workloads": [{"model": "Fraud Detection", "aliases": ["frd_v1"], "team": "risk"}]})
    connection = reconciled(pair("frd_v1", "fraud-detection"), pair("frauddetecton", "fraud-detection"), rules=rules)
    assert meaning(connection, "fraud-detection") == ("Fraud Detection", [])
    assert meaning(connection, "frd-v1") == ("Fraud Detection", ["registry alias"])
    assert meaning(connection, "frauddetecton") == ("Fraud Detection", ["spelling"])


def test_a_name_that_a_model_registry_knows_comes_before_one_with_more_resources() -> None:
    connection = reconciled(pair("risk-scores", "risk-score", uses="30:1", known="other"))
    assert meaning(connection, "risk-scores") == ("risk-score", ["token set"])


def test_a_slip_for_a_registered_name_stands_on_as_many_things_as_a_job_has_machines() -> None:
    slip = pair("protfolder", "protofolder", uses="10:2", shared="account", known="other")
    assert meaning(reconciled(slip), "protfolder") == ("protofolder", ["spelling"])
    assert meaning(reconciled(slip | {"known": ""}), "protfolder") == ("protfolder", [])


def test_else_the_name_with_most_behind_it() -> None:
    assert meaning(reconciled(pair("risk-scores", "risk-score", uses="30:1")), "risk-score")[0] == "risk-scores"


def test_of_the_same_letters_those_that_can_be_read_as_words() -> None:
    connection = reconciled(pair("contractrisk", "contract-risk", uses="30:1"))
    assert meaning(connection, "contractrisk") == ("contract-risk", ["normal form"])


def test_a_short_form_means_the_long_one_however_often_it_is_written() -> None:
    connection = reconciled(pair("frd-dtctn", "fraud-detection", uses="30:6", shared="account team lineage"))
    assert meaning(connection, "frd-dtctn") == ("fraud-detection", ["short form"])


def test_the_same_slip_is_one_name_with_evidence_and_a_proposal_without() -> None:
    together = reconciled(pair("attribtion", "attribution", uses="1:50"))
    assert meaning(together, "attribtion") == ("attribution", ["spelling"])
    apart = reconciled(pair("attribtion", "attribution", uses="20:25", shared="apart"))
    assert meaning(apart, "attribtion") == ("attribtion", [])
    assert proposals(apart) == [("attribtion", "attribution")]


def test_a_slip_in_a_short_word_needs_evidence_of_every_kind() -> None:
    assert meaning(reconciled(pair("churnn", "churn", uses="1:50")), "churnn")[0] == "churnn"
    certain = reconciled(pair("churnn", "churn", uses="1:50", shared="account team lineage"))
    assert meaning(certain, "churnn")[0] == "churn"


def test_versions_of_one_model_after_another_are_one() -> None:
    connection = reconciled(pair("uplift-v7", "uplift"), pair("uplift-v8", "uplift"))
    assert meaning(connection, "uplift-v7") == ("uplift", ["version removed"])


def test_three_versions_make_a_name_that_nobody_writes_alone() -> None:
    connection = reconciled(pair("parser-v1", "parser-v2", uses="1:1"), pair("parser-v3", "parser-v4", uses="1:1"))
    assert meaning(connection, "parser-v3") == ("parser", ["version removed"])


@pytest.mark.parametrize("alive", [{"shared": "account team endpoints"}, {"known": "both"}])
def test_versions_that_are_both_alive_are_two(alive: dict[str, str]) -> None:
    connection = reconciled(pair("ranker", "ranker-v2", uses="9:8", **alive))
    assert meaning(connection, "ranker-v2") == ("ranker-v2", [])


@pytest.mark.parametrize("alive", [{"shared": "account team endpoints"}, {"known": "both"}])
def test_a_version_that_is_a_model_is_no_slip_of_what_is_nearly_its_name_without_it(alive: dict[str, str]) -> None:
    """Else it would mean, over somebody's slip of the other's name, the other model."""
    connection = reconciled(
        pair("job-match-similarity", "job-match-similarity-v2", uses="40:9", **alive),
        pair("jobmatcsimilarity", "job-match-similarity", uses="2:40", shared="account team lineage"),
        pair("jobmatcsimilarity", "job-match-similarity-v2-prod", uses="2:1"),
    )
    assert meaning(connection, "jobmatcsimilarity")[0] == "job-match-similarity"
    assert meaning(connection, "job-match-similarity-v2") == ("job-match-similarity-v2", [])


def test_versions_that_a_registry_keeps_under_the_houses_words_are_two() -> None:
    connection = reconciled(
        pair("ranker", "ranker-v2", uses="9:8"), pair("acme-ranker", "acme-ranker-v2", uses="1:1", known="both")
    )
    assert meaning(connection, "ranker-v2") == ("ranker-v2", [])


def test_versions_of_what_a_registry_knows_under_the_houses_words_are_one() -> None:
    connection = reconciled(
        pair("ranker-v2", "ranker-v3", uses="9:8", shared="account team endpoints"),
        pair("acme-ranker", "ranker", uses="1:9", known="name"),
    )
    assert meaning(connection, "ranker-v3") == ("ranker", ["version removed"])


def test_versions_that_both_serve_are_proposed() -> None:
    connection = reconciled(pair("ranker", "ranker-v2", uses="9:8", shared="account team endpoints"))
    assert proposals(connection) == [("ranker-v2", "ranker")]


def test_a_name_between_two_others_is_taken_for_neither() -> None:
    connection = reconciled(pair("embeddeer", "embedder", uses="1:30"), pair("embeddeer", "embeddeur", uses="1:30"))
    assert meaning(connection, "embeddeer")[0] == "embeddeer"


def test_a_person_keeps_names_apart_for_good() -> None:
    likely = pair("fraud-detecton", "fraud-detection", uses="1:60")
    rules = Rules.model_validate({"tags": {"apart": {"model": [["fraud-detecton", "fraud-detection"]]}}})
    connection = reconciled(likely, rules=rules)
    assert meaning(connection, "fraud-detecton") == ("fraud-detecton", [])
    assert proposals(connection) == []


def test_a_person_accepts_a_proposal() -> None:
    rules = Rules.model_validate({"tags": {"values": {"model": {"attribution": ["attribtion"]}}}})
    connection = reconciled(pair("attribtion", "attribution", uses="20:25", shared="apart"), rules=rules)
    assert meaning(connection, "attribtion") == ("attribution", ["registry alias"])
    assert proposals(connection) == []


def test_the_evidence_can_be_read() -> None:
    connection = reconciled(pair("attribtion", "attribution", uses="1:50"))
    ((evidence,),) = connection.execute("SELECT evidence FROM name_meanings WHERE name = 'attribtion'").fetchall()
    assert evidence == [
        "attribtion → attribution (spelling): one letter between attribtion and attribution; 1 against 50 uses; the same account, team"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("churn-us", "churn-eu"),
        ("text-to-speech", "speech-to-text"),
        ("shipping-delay", "shopping-delay"),
        ("horizon-7d", "horizon-30d"),
        ("risk", "risk-scoring"),
        ("port-congestion", "portfolio-congestion"),
        ("churns", "churn-us"),
    ],
)
def test_no_evidence_makes_one_name_of(one: str, other: str) -> None:
    assert likeness(one, other) is None
