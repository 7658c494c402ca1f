"""What was true when: the same history whatever the order and number of the snapshots that tell it."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlcost_assets_tests.metadata.conftest import Landing, MemoryLake
from mlcost_assets_tests.world import Record, World, arn, record

ENDPOINT = arn("endpoint/churn")


def endpoint(
    at: str, config: str, created: str = "2026-10-01T05:00:00Z", changed: str | None = None, **more: Any
) -> Record:
    body = {
        "EndpointName": "churn",
        "EndpointConfigName": config,
        "CreationTime": created,
        "LastModifiedTime": changed or created,
    }
    return record("sagemaker:DescribeEndpoint", ENDPOINT, body | more, at=at)


def history(landing: Landing) -> list[tuple[Any, ...]]:
    return landing.tuples(
        """
        SELECT life, json_extract_string(body, '$.EndpointConfigName'),
            strftime(valid_from, '%m-%d %H:%M'), strftime(valid_to, '%m-%d %H:%M')
        FROM resource_history ORDER BY valid_from
        """
    )


def test_a_state_holds_from_creation_to_the_change_that_the_resource_tells(landing: Landing) -> None:
    landing.world.land(
        endpoint("2026-10-05T06:00:00Z", "one"),
        endpoint("2026-10-06T06:00:00Z", "one"),
        endpoint("2026-10-07T06:00:00Z", "two", changed="2026-10-06T15:30:00Z"),
    )
    landing.read()
    assert history(landing) == [(1, "one", "10-01 05:00", "10-06 15:30"), (1, "two", "10-06 15:30", None)]


def test_a_change_time_before_the_last_look_is_not_believed(landing: Landing) -> None:
    landing.world.land(
        endpoint("2026-10-05T06:00:00Z", "one"),
        endpoint("2026-10-07T06:00:00Z", "two", changed="2026-10-04T00:00:00Z"),
    )
    landing.read()
    assert history(landing)[1][2] == "10-07 06:00"


def test_a_group_of_the_model_registry_changes_hands(landing: Landing) -> None:
    body = {
        "ModelPackageGroupName": "churn", "CreationTime": "2026-01-01T05:00:00Z", "ModelPackageGroupStatus": "Completed",
    }  # fmt: skip
    landing.world.land(
        *(
            record("sagemaker:DescribeModelPackageGroup", arn("model-package-group/churn"), body, at=at, tags=tags)
            for at, tags in [("2026-10-05T06:00:00Z", {"team": "growth"}), ("2026-10-15T06:00:00Z", {"team": "risk"})]
        )
    )
    landing.read()
    states = landing.tuples(
        "SELECT tags['team'], strftime(valid_from, '%m-%d') FROM resource_history ORDER BY valid_from"
    )
    assert states == [("growth", "01-01"), ("risk", "10-15")]


def test_a_name_used_again_is_another_life(landing: Landing) -> None:
    landing.world.land(
        endpoint("2026-10-05T06:00:00Z", "one"),
        endpoint("2026-10-20T06:00:00Z", "two", created="2026-10-15T05:00:00Z"),
    )
    landing.read()
    assert history(landing) == [(1, "one", "10-01 05:00", "10-15 05:00"), (2, "two", "10-15 05:00", None)]


def test_a_jobs_own_times_win_and_its_newest_body_holds_throughout(landing: Landing) -> None:
    body = {"TrainingJobName": "x", "CreationTime": "2026-10-05T05:00:00Z"}
    landing.world.land(
        record("sagemaker:DescribeTrainingJob", arn("training-job/x"), body, at="2026-10-05T06:00:00Z"),
        record(
            "sagemaker:DescribeTrainingJob", arn("training-job/x"),
            body | {"TrainingEndTime": "2026-10-05T08:00:00Z", "TrainingJobStatus": "Completed"}, at="2026-10-09T06:00:00Z",
        ),
    )  # fmt: skip
    landing.read()
    (job,) = landing.rows("SELECT *, json_extract_string(body, '$.TrainingJobStatus') AS status FROM resource_history")
    assert (str(job["valid_from"]), str(job["valid_to"]), job["status"]) == (
        "2026-10-05 05:00:00",
        "2026-10-05 08:00:00",
        "Completed",
    )
    assert job["source"] == "records.jsonl:2"


def test_a_pod_that_had_done_its_work_when_it_was_looked_at_had_ended_by_then(landing: Landing) -> None:
    pod = {"metadata": {"creationTimestamp": "2026-10-05T03:00:00Z"}, "status": {"phase": "Succeeded"}}
    landing.world.land(record("k8s:Pod", f"{arn('cluster/c')}/Pod/a", pod, at="2026-10-05T09:00:00Z"))
    landing.read()
    assert landing.tuples("SELECT strftime(valid_to, '%m-%d %H:%M') FROM resource_history") == [("10-05 09:00",)]


def test_an_instance_that_was_stopped_and_started_has_one_life(landing: Landing) -> None:
    for number, launched in enumerate(("2026-10-01T00:00:00Z", "2026-10-09T00:00:00Z")):
        body = {"InstanceId": "i-1", "LaunchTime": launched}
        landing.world.land(
            record("ec2:DescribeInstances", "i-1", body, at=f"2026-10-1{number}T00:00:00Z"), file=f"{number}.jsonl"
        )
    landing.read()
    assert landing.tuples("SELECT DISTINCT life, strftime(created_at, '%d') FROM resource_history") == [(1, "01")]


def test_late_snapshots_change_nothing_that_was_right(landing: Landing) -> None:
    landing.world.land(endpoint("2026-10-07T06:00:00Z", "two"), file="new.jsonl")
    landing.read()
    landing.world.land(endpoint("2026-10-05T06:00:00Z", "one"), file="late.jsonl")
    landing.read()
    assert history(landing) == [(1, "one", "10-01 05:00", "10-07 06:00"), (1, "two", "10-07 06:00", None)]


snapshots = st.lists(
    st.builds(
        lambda number, day, config, life: (
            endpoint(
                f"2026-10-{day:02}T06:00:00Z",
                config,
                created=f"2026-{9 + life:02}-01T00:00:00Z" if day > 14 or not life else "2026-09-01T00:00:00Z",
            )
            | {"id": arn(f"endpoint/churn-{number}")}
        ),
        st.integers(1, 20),
        st.integers(1, 28),
        st.sampled_from(["a", "b"]),
        st.integers(0, 1),
    ),
    min_size=20,
    max_size=120,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(snapshots=snapshots, shuffle=st.randoms())
def test_any_order_and_any_duplication_gives_the_same_history(
    memory: MemoryLake, snapshots: list[Record], shuffle: random.Random
) -> None:
    """Of up to twenty endpoints: told in one file, and shuffled and partly twice in four that land one after the other."""

    def told(files: list[list[Record]]) -> list[tuple[Any, ...]]:
        memory.clear()
        with tempfile.TemporaryDirectory() as folder:
            landing = Landing(World(Path(folder) / "world"), memory)
            for number, one in enumerate(files):
                landing.world.land(*one, file=f"{number}.jsonl")
                landing.read()
            return landing.tuples(
                "SELECT id, life, body, valid_from, valid_to, created_at, ended_at, first_seen_at, last_seen_at"
                " FROM resource_history ORDER BY ALL"
            )

    shuffled = [*snapshots, *snapshots[:20]]
    shuffle.shuffle(shuffled)
    assert told([snapshots]) == told([shuffled[start::4] for start in range(4)])


def test_the_history_names_the_record_that_tells_it(landing: Landing) -> None:
    landing.world.land(endpoint("2026-10-05T06:00:00Z", "one"))
    landing.read()
    (source,) = landing.tuples("SELECT source FROM resource_history")[0]
    file, line = source.split(":")
    text = (landing.world.metadata / file).read_text().splitlines()[int(line) - 1]
    assert json.loads(text)["id"] == ENDPOINT


def test_an_answer_is_read_alike_with_the_member_that_holds_all_of_it_and_without(landing: Landing) -> None:
    table = {"TableName": "profiles", "CreationDateTime": "2026-10-01T05:00:00Z", "ItemCount": 1}
    store = {"name": "vectors", "createdDate": 1790830800000}
    for wrap, at in ((True, "2026-10-05T06:00:00Z"), (False, "2026-10-06T06:00:00Z")):
        landing.world.land(
            record("dynamodb:DescribeTable", "arn:t", {"Table": table} if wrap else table, at=at),
            record(
                "opensearchserverless:BatchGetCollection",
                "arn:c",
                {"collectionDetails": [store]} if wrap else store,
                at=at,
            ),
            file=f"{at}.jsonl",
        )
    landing.read()
    assert landing.tuples(
        "SELECT DISTINCT name, strftime(created_at, '%m-%d %H:%M') FROM resource_history ORDER BY name"
    ) == [("profiles", "10-01 05:00"), ("vectors", "10-01 05:00")]
