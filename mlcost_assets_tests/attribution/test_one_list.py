"""What is a GPU machine, and where a record names what: one list each, that everything reads."""

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
    assert [type_ for type_ in gpu + ml + neither if of(connection, "is_ml_machine", type_)] == gpu[:4] + ml
    assert of(connection, "billed_type", "USE2-BoxUsage:p4d.24xlarge") == "p4d.24xlarge"
    assert of(connection, "billed_type", "EBS:VolumeUsage.gp3") == ""


def test_no_statement_has_a_list_of_its_own() -> None:
    """Where a record names its roles, images and keys is said in metadata/kinds/."""
    listed = re.compile(
        r"RoleArn'|xecutionRole'|IamInstanceProfile'|TrainingImage'|KmsKeyId'|S3OutputPath'|\btrn\[?|\bgr\["
    )
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.sql")
        if listed.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"macros/machines.sql"}
