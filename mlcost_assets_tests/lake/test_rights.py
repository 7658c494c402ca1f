"""Readers need no right to write: neither on S3 nor in IAM's policies."""

import json
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.stores import open_store
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

ROOT = Path(__file__).parents[2]


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_a_query_needs_to_read_and_list_only(world: World, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    world.configure(lake=f"s3://{s3.bucket}/lake")
    with LakeWriter(world.config) as lake:
        lake.replace("data_quality", "SELECT 'x' AS asset, CAST(range AS VARCHAR) AS run_id FROM range(100)")
        lake.publish()
    for name, value in s3.reader_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers the credentials from before
    with pytest.raises(StorageError, match="access denied"):
        open_store(world.config.lake).write("x", b"")
    told = subprocess.run(
        [sys.executable, "-m", "mlcost_assets", "query", "SELECT count(*) AS n FROM data_quality", "--format", "json"],
        cwd=world.folder, env={**s3.reader_environment(), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout) == [{"n": 100}]


@pytest.mark.parametrize(
    ("policy", "actions"),
    [
        ("reader", {"s3:GetObject", "s3:ListBucket"}),
        (
            "writer",
            {"s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
        ),
    ],
)
def test_the_policies_allow_no_more(policy: str, actions: set[str]) -> None:
    statements = json.loads((ROOT / "deploy" / "iam" / f"{policy}-policy.json").read_text())["Statement"]
    allowed = {name for one in statements for name in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])}  # fmt: skip
    assert allowed == actions
    assert all("*" not in str(one["Resource"]).replace("/*", "") for one in statements)
    deleting = [one["Resource"] for one in statements if "s3:DeleteObject" in one["Action"]]
    assert all("LAKE" in resource for resource in deleting)
