"""metadata/kinds/ is the only place that says where a record tells what: its paths exist, and values are found there."""

import json
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import duckdb
import pyarrow as pa
import pytest
from botocore.model import Shape

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.services import services
from mlcost_assets.lake.engine import connect
from mlcost_assets.metadata import kinds
from mlcost_assets.metadata.kinds import MEANINGS, known_kinds, provide_record_values

MODELS = botocore.session.get_session()
LISTINGS = {one.kind: one for all_ in services().values() for one in all_ if isinstance(one, Listing)}
FIELDS = {
    "arn", "name", "name_tells", "created", "changed", "ended", "ignored", "settled", "one_life", "observation",
    "billed_by", "callable", "also_named", "named_in", "wrapped_in", *MEANINGS,
}  # fmt: skip
# What a collector adds to an answer (docs/contract.md#metadata-records); EMR's steps where one does.
ADDED = ("$.TargetGroups", "$.Integrations", "$.ReplicationGroup", "$.BootstrapBrokers", "$.Cluster.Steps")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def test_a_kind_says_only_what_something_reads() -> None:
    unread = {kind: set(how) - FIELDS for kind, how in known_kinds().items()}
    assert {kind: fields for kind, fields in unread.items() if fields} == {}
    told = {how.get("name_tells") for how in known_kinds().values()}
    assert told == {None, "teams", "nothing"}


def paths(how: dict[str, Any]) -> Iterator[str]:
    """Every path of a kind but those that are ignored."""
    yield from [how["name"]] if "name" in how else []
    yield from how.get("also_named", {}).values()
    for field in ("created", "changed", "ended", *MEANINGS):
        yield from how.get(field, [])


@pytest.mark.parametrize("kind", LISTINGS)
def test_every_path_of_a_kind_is_in_the_answer_of_its_operation(kind: str) -> None:
    """As botocore knows it; a path that is misspelt would tell nothing for ever."""
    told = [path for path in paths(known_kinds()[kind]) if not path.startswith(ADDED)]
    assert [path for path in told if not stands(body_of(LISTINGS[kind]), path)] == []


def body_of(listing: Listing) -> Shape:
    operation = MODELS.get_service_model(listing.service).operation_model(listing.kind.partition(":")[2])
    shape = operation.output_shape
    if listing.kind.endswith(f":{listing.list}"):
        for part in re.sub(r"\[.*?\]", "", listing.items).split("."):
            shape = shape.members[part].member
    return shape


def stands(shape: Shape, path: str) -> bool:
    """A document (HealthOmics' parameters) may hold anything."""
    for step in re.findall(r"\w+|\[[*\d]+\]|\*", path.removeprefix("$")):
        if getattr(shape, "is_document_type", False):
            return True
        if step.startswith("[") and shape.type_name == "list":
            shape = shape.member
        elif step == "*" and shape.type_name == "map":
            shape = shape.value
        elif shape.type_name == "structure" and step in shape.members:
            shape = shape.members[step]
        else:
            return False
    return True


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("$.Role", {"Role": "r"}, ["r"]),
        ("$.Job.Role", {"Role": "r"}, []),
        ("$.In[*].Uri", {"In": [{"Uri": "a"}, {}, {"Uri": "b"}]}, ["a", "b"]),
        ("$.In[*].Of[*].Uri", {"In": [{"Of": [{"Uri": "a"}]}, {"Of": [{"Uri": "b"}]}]}, ["a", "b"]),
        ("$.Args[*]", {"Args": ["a", "b"]}, ["a", "b"]),
        ("$.Variables.*", {"Variables": {"A": "a", "B": "b"}}, ["a", "b"]),
        ("$.Variables.*", {"Variables": None}, []),
    ],
)
def test_a_path_may_pass_the_members_of_lists_and_objects(
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body: dict[str, Any],
    found: list[str],
) -> None:
    monkeypatch.setattr(kinds, "known_kinds", lambda: {"x:Get": {"roles": [path]}})
    told = values(connection, [("x:Get", body)])
    assert sorted(text for _, text in told) == found


def test_what_a_record_says_stands_under_the_word_that_its_kind_has_for_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    told = values(
        connection,
        [
            ("lambda:GetFunction", {"Configuration": {"Role": "r", "Environment": {"Variables": {"MODEL_NAME": "m"}}}}),
            ("kms:DescribeKey", {"KeyMetadata": {"Description": "of churn"}}),
            ("unknown:Get", {"RoleArn": "r"}),
        ],
    )
    assert told == {
        ("roles", "r"),
        ("data_in", "m"),
        ("calls", "m"),
        ("environment", '{"MODEL_NAME":"m"}'),
        ("description", "of churn"),
    }


def values(connection: duckdb.DuckDBPyConnection, records: list[tuple[str, dict[str, Any]]]) -> set[tuple[str, str]]:
    """meaning and text of what the records tell."""
    place: dict[str, str | None] = {
        "region": "us-east-1",
        "account_id": "1",
        "valid_from": None,
        "valid_to": None,
        "source": "f:1",
    }
    rows = [place | {"kind": kind, "resource_key": kind, "body": json.dumps(body)} for kind, body in records]
    history = pa.Table.from_pylist(rows)
    connection.register("given_history", history)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE resource_history AS SELECT * REPLACE (CAST(body AS JSON) AS body) FROM given_history"
    )
    provide_record_values(connection)
    return set(connection.execute("SELECT meaning, text FROM record_values").fetchall())
