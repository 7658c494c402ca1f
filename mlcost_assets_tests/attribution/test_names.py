"""A claim by a name cites the one record that carries it: its place, its text and its record are of one row."""

import re
from pathlib import Path
from typing import Any

import mlcost_assets
from mlcost_assets.attribution.ladder import ladder
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.verify.landing import HOLDS
from mlcost_assets_tests.attribution.scenarios import Paid, given, training_job
from mlcost_assets_tests.attribution.statements import rows_of
from mlcost_assets_tests.attribution.test_verify import verify
from mlcost_assets_tests.exports import sagemaker

PACKAGE = Path(mlcost_assets.__file__).parent

Spoken = tuple[str, str, str]  # place, text, record


def claims(*spoken: Spoken, of: str = "names") -> set[tuple[Any, ...]]:
    """(sentence, record) of what sources/<of>.sql makes of the names of one resource."""
    found = rows_of(
        f"sources/{of}",
        "sentence(code, dimension, value, place, said), path[1]",
        names_carried=[
            {"resource_key": "r", "text": text, "source": "name", "place": place, "label": "", "teams": True, "record": record, "normal": text}
            for place, text, record in spoken
        ],
        dictionary_hits=[{"normal": text, "run": "churn", "rest_is_ordinary": True} for _, text, _ in spoken],
        name_dictionary=[{"dimension": "team", "compact": "churn", "name": "churn"}],
        environment_words=[{"word": "prod", "environment": "prod"}],
    )  # fmt: skip
    return {(" ".join(said.split()), record) for said, record in found}


ROLE = ("role", "ml-churn-execution-role", "a-roles.jsonl:7")
IMAGE = ("image", "churn-trainer", "z-images.jsonl:1")


def test_a_role_and_an_image_of_one_name_are_two_claims_each_with_its_own_record() -> None:
    assert claims(ROLE, IMAGE) == {
        ("its role ml-churn-execution-role has the name", "a-roles.jsonl:7"),
        ("its image churn-trainer has the name", "z-images.jsonl:1"),
    }


def test_of_two_names_of_one_place_text_and_record_are_of_one() -> None:
    first, second = ("path", "churn-a", "z.jsonl:2"), ("path", "churn-b", "a.jsonl:1")
    assert claims(first, second) == claims(second, first) == {("its path churn-b has the name", "a.jsonl:1")}


def test_an_environments_word_text_and_record_are_of_one_row() -> None:
    spoken = [("role", "a-prod", "z.jsonl:2"), ("role", "b-prod", "a.jsonl:1")]
    expected = {("its role b-prod says prod", "a.jsonl:1")}
    assert claims(*spoken, of="name_environments") == expected
    assert claims(*spoken[::-1], of="name_environments") == expected


# Kinds of reasons that cite no landed record: rules.yaml, the bill, counts of several records, conventions.
WITHOUT_RECORD = {
    "rule", "registered", "bill_tag", "copied_tag", "cost_category", "account_of_one_team", "registry_tags", "agreeing_tags", "agreeing_labels", "agreeing_names", "agreeing_roles", "agreeing_lineage",
    "interactive", "pool", "split_pool", "split", "nothing",
}  # fmt: skip


def test_verify_knows_every_kind_of_reason_that_cites_a_record() -> None:
    assert set(HOLDS) == ladder()["kinds"].keys() - WITHOUT_RECORD


given(
    training_job("tj-9301", tags={"model": "mallard"}, artifact="s3://mallard/1/model.tar.gz"),
    billed=[sagemaker("Train:ml.m5.large", "training-job/tj-9301", 1.0)],
)


def test_evidence_of_a_kind_that_verify_does_not_know_is_named(paid: Paid, tmp_path: Path) -> None:
    copy = paid.world.copy(tmp_path / "copy")
    with LakeWriter(copy.config) as lake:
        lake.connection.execute(
            "UPDATE attribution_evidence SET code = 'dreamt' WHERE statement = 'tagged model = mallard on the resource'"
        )
        lake.publish()
    code, problems = verify(copy.folder)
    assert code == 1
    (problem,) = problems["cited records say what is said of them"]
    assert problem.endswith("is cited for what this check does not know: dreamt model = mallard")


def test_no_statement_is_read_back_to_decide() -> None:
    """Sentences are for people: what decides, and what explains, reads the typed columns."""
    matched = re.compile(
        r"statement\s+(NOT\s+)?(I?LIKE|SIMILAR|GLOB)\b|(regexp_\w+|starts_with|ends_with|contains)\(\s*([a-z_]+\.)?statement\b"
    )
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.sql")
        if matched.search(file.read_text(encoding="utf-8"))
    }
    assert found == set()


def team_of(*claims: tuple[str, str, str]) -> list[Any]:
    """Team and confidence that workload_defaults gives a model by (resource, place, team) of its resources' names."""
    none: dict[str, Any] = dict.fromkeys(
        ("model", "project", "team", "business_function", "environment", "since", "until")
    )
    return rows_of(
        "workload_defaults",
        "value, confidence",
        workloads=[none],
        owners=[{"resource_key": one, "dimension": "model", "value": "churn"} for one in {resource for resource, *_ in claims}],
        claims=[
            {"resource_key": resource, "dimension": "team", "value": team, "source": "name", "path": ["x"], "place": place}
            for resource, place, team in claims
        ],
        metadata_records=[{"kind": "none", "body": "{}"}],
        key_dimensions=[{"normal_key": "team", "dimension": "team"}],
        name_dictionary=[{"dimension": "team", "compact": "risk", "name": "risk"}],
        resource_people=[{"resource_key": "none", "person": "nobody"}],
    )  # fmt: skip


def test_an_image_tells_a_models_team_better_than_a_role_or_a_caller_whatever_else_does() -> None:
    assert team_of(("a", "image", "risk")) == [("risk", 0.88)]
    assert team_of(("a", "caller", "risk"), ("a", "image", "risk")) == [("risk", 0.88)]
    assert team_of(("a", "role", "risk")) == team_of(("a", "caller", "risk")) == [("risk", 0.75)]
