"""What is a GPU machine, where a record names its roles and where its images: one list each, that everything reads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import mlcost_assets
from mlcost_assets.lake.engine import connect

PACKAGE = Path(mlcost_assets.__file__).parent


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def of(connection: duckdb.DuckDBPyConnection, macro: str, value: object) -> Any:
    (found,) = connection.execute(f"SELECT {macro}($value)", {"value": value}).fetchone() or (None,)
    return found


def test_a_machine_has_a_gpu_or_what_is_made_for_ml_or_neither(connection: duckdb.DuckDBPyConnection) -> None:
    gpu = ["p2.xlarge", "p3dn.24xlarge", "p5en.48xlarge", "p6-b200.48xlarge", "g2.2xlarge", "g3s.xlarge", "g4dn.xlarge", "g6e.xlarge", "gr6.4xlarge"]  # fmt: skip
    ml = ["trn1.2xlarge", "trn1n.32xlarge", "trn2u.48xlarge", "inf1.xlarge", "inf2.48xlarge", "dl1.24xlarge", "dl2q.24xlarge"]  # fmt: skip
    neither = ["m5.large", "p1.large", "r6g.large", "c7gn.large", "t4g.nano", "gp3", "d3en.xlarge", "i4g.large"]
    assert [type_ for type_ in gpu + ml + neither if of(connection, "is_gpu_machine", type_)] == gpu
    assert [type_ for type_ in gpu + ml + neither if of(connection, "is_ml_machine", type_)] == ml
    assert of(connection, "billed_type", "USE2-BoxUsage:p4d.24xlarge") == "p4d.24xlarge"
    assert of(connection, "billed_type", "EBS:VolumeUsage.gp3") == ""


ROLES = [
    {"RoleArn": "r"}, {"ExecutionRoleArn": "r"}, {"roleArn": "r"}, {"Role": "r"}, {"Configuration": {"Role": "r"}}, {"Job": {"Role": "r"}},
    {"jobRun": {"executionRole": "r"}}, {"cluster": {"roleArn": "r"}}, {"Environment": {"ExecutionRoleArn": "r"}}, {"DefaultUserSettings": {"ExecutionRole": "r"}},
    {"UserSettings": {"ExecutionRole": "r"}}, {"InstanceGroups": [{"ExecutionRole": "r"}]}, {"IamInstanceProfile": {"Arn": "r"}},
    {"Cluster": {"Ec2InstanceAttributes": {"IamInstanceProfile": "r"}}},
]  # fmt: skip
IMAGES = [
    {"AlgorithmSpecification": {"TrainingImage": "i"}}, {"AppSpecification": {"ImageUri": "i"}}, {"PrimaryContainer": {"Image": "i"}},
    {"TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingImage": "i"}}}, {"Containers": [{"Image": "i"}]},
    {"InferenceSpecification": {"Containers": [{"Image": "i"}]}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("macro", "body"), [("roles_of", body) for body in ROLES] + [("images_of", body) for body in IMAGES]
)
def test_every_service_names_its_roles_and_images_in_its_own_way(
    connection: duckdb.DuckDBPyConnection, macro: str, body: dict[str, Any]
) -> None:
    (found,) = connection.execute(f"SELECT {macro}(CAST($body AS JSON))", {"body": json.dumps(body)}).fetchone() or ()
    assert found == ["r" if macro == "roles_of" else "i"]


def test_no_statement_has_a_list_of_its_own() -> None:
    listed = re.compile(r"RoleArn'|xecutionRole'|IamInstanceProfile'|TrainingImage'|\btrn\[?|\bgr\[")
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.sql")
        if listed.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"macros/machines.sql", "macros/record_paths.sql"}
