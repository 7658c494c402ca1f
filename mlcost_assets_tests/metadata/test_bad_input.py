"""A landing zone as the world fills it: what is no record is told with file, line and reason, all else is used to the end."""

import json

import pytest

from mlcost_assets_tests.exports import ACCOUNT, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

NAMES = ["it's", 'say "hi"', "'; DROP TABLE resource_history; --", "emoji 😀", "$.path[0]", "%_\\", "</script>", "a:b/c|d", "{braces}"]  # fmt: skip


def job(name: str, **more: object) -> Record:
    body = {
        "TrainingJobName": name,
        "CreationTime": "2026-10-05T05:00:00Z",
        "OutputDataConfig": {"S3OutputPath": f"s3://models/{name}"},
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://models/{name}/model.tar.gz"},
    }
    return record("sagemaker:DescribeTrainingJob", arn(f"training-job/{name}"), body | more, tags={"team": name, name: "risk"})  # fmt: skip


def without(field: str) -> Record:
    return {name: value for name, value in job("partial").items() if name != field}


BAD = {
    b"{": "not a JSON object",
    b'{"kind": "a:b"} trailing': "not a JSON object",
    b"\x00\x01\xff\xfe\x9c": "not UTF-8 text",
    json.dumps(without("kind")).encode(): "has no kind",
    json.dumps(without("id")).encode(): "has no id",
    json.dumps(without("body")).encode(): "has no body",
    json.dumps(without("collected_at")).encode(): "collected_at is missing or no time",
    json.dumps(
        job("late") | {"collected_at": "2199-01-01T00:00:00Z"}
    ).encode(): "collected_at lies in the future: 2199-01-01 00:00:00",
}
# Not what a collector writes, and yet records: nothing that docs/contract.md#metadata-records asks for is missing.
ODD = [
    without("tags"),
    without("account_id") | {"id": "nobody's"},
    without("region") | {"id": "nowhere"},
    job("tagged wrongly") | {"tags": "team=risk"},
    job("clock", CreationTime="2199-01-01T00:00:00Z", TrainingEndTime="yesterday"),
    job("of other types", OutputDataConfig=["s3://models"], ModelArtifacts=7, CreationTime={}),
    record("newservice:DescribeThing", "thing", {"Name": "x"}),
    record("sagemaker:DescribeEndpoint", "", {}) | {"id": "no arn at all"},
    record("k8s:Pod", "c/Pod/hostile", {"metadata": {"name": "p", "labels": {'te"am': "x", "": "y"}}, "spec": {"containers": "none", "initContainers": {"a": 1}}, "status": []}),
    record("k8s:Service", "c/Service/hostile", {"metadata": {"labels": ["x"]}, "spec": {"selector": {"a'b\"c": "x"}}}),
    record("k8s:Namespace", "c/Namespace/hostile", {"metadata": {"name": "n", "labels": "team=risk", "annotations": {'"': None}}}),
    record("sagemaker:DescribeModelPackage", "package", {"CustomerMetadataProperties": {'te"am': "x"}}),
    record("mlflow:Run", "run", {"data": {"tags": {'te"am': "x", "team": ["risk"]}, "params": "none"}}),
    record("mlflow:ModelVersion", "version", {"name": 7, "source": {"uri": "s3://x"}, "run_id": []}),
    record("sagemaker:ListPipelineExecutionSteps", "execution", {"PipelineExecutionSteps": [{"Metadata": "none"}, 7]}),
]  # fmt: skip
# JSON allows it, and a map cannot hold it: a key that stands twice.
TWICE = json.dumps(job("twice")).encode().replace(b'"tags": {', b'"tags": {"team": "first", ')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("bad"))
    world.bill([sagemaker("Train:ml.m5.large", f"training-job/{name}", 1.0) for name in [*NAMES, "good"]])
    good = json.dumps(job("good")).encode()
    (world.metadata / "bad lines.jsonl").write_bytes(b"\n".join([*BAD, TWICE, good]))
    world.land(*map(job, NAMES), *ODD, file="it's odd; DROP.jsonl")
    (world.metadata / "junk.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(range(256)))
    world.refresh()
    return world


def test_each_bad_line_stands_in_data_quality_with_file_line_and_reason(world: World) -> None:
    ((passed, said, details),) = world.query(
        "SELECT passed, description, details FROM data_quality WHERE asset = 'quarantined_records'"
    )
    assert not passed
    first, *lines = json.loads(details)["lines"]
    assert first.startswith("junk.jsonl.gz ends early")
    assert lines == [f"bad lines.jsonl line {line}: {reason}" for line, reason in enumerate(BAD.values(), 1)]
    assert "bad lines.jsonl line 1: not a JSON object" in said


def test_of_a_tag_that_stands_twice_the_first_counts(world: World) -> None:
    assert world.query("SELECT tags['team'] FROM resource_history WHERE name = 'twice'") == [("first",)]


def test_the_rest_is_used(world: World) -> None:
    assert world.query("SELECT count(*) FROM metadata_records") == [(2 + len(NAMES) + len(ODD),)]
    assert world.query("SELECT understood, records FROM metadata_kinds WHERE kind = 'newservice:DescribeThing'") == [(False, 1)]  # fmt: skip


def test_names_come_through_as_they_are(world: World) -> None:
    names = {name for (name,) in world.query("SELECT name FROM resources WHERE kind = 'sagemaker:DescribeTrainingJob'")}
    assert names >= set(NAMES)
    billed = {id_ for (id_,) in world.query("SELECT resource_id FROM attributed_costs WHERE method = 'tag'")}
    # A value without a letter, what a template leaves and a list name nobody.
    nobody = {"</script>", "{braces}", "a:b/c|d"}
    named = [name for name in NAMES if any(map(str.isalpha, name)) and name not in nobody]
    assert billed >= {arn(f"training-job/{name}") for name in named}
    tagged = world.query("SELECT name, tags FROM resource_history WHERE kind = 'sagemaker:DescribeTrainingJob'")
    assert {name: tags for name, tags in tagged if name in NAMES} == {name: job(name)["tags"] for name in NAMES}
    made = {to for (to,) in world.query("SELECT to_id FROM lineage_edges WHERE relation = 'produced'")}
    assert made >= {f"s3://models/{name}/model.tar.gz" for name in NAMES}


def test_a_clock_in_the_future_moves_no_life(world: World) -> None:
    ((valid_from, valid_to),) = world.query("SELECT valid_from, valid_to FROM resource_history WHERE name = 'clock'")
    assert (str(valid_from), valid_to) == ("2026-10-05 06:00:00", None)


def test_no_cent_is_lost(world: World) -> None:
    assert world.query("SELECT sum(billed_cost) FROM attributed_costs") == [(len(NAMES) + 1,)]
    assert {account for (account,) in world.query("SELECT DISTINCT account_id FROM attributed_costs")} == {ACCOUNT}
