"""Stories of the simulator of faults (simulator.py says what must hold): some hundred on disk, some on a real S3 server
that refuses, cuts off and forgets. MLCOST_STORIES says how many; a story that breaks names its seed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from mlcost_assets.lake import s3 as lake_s3
from mlcost_assets_tests.faults.processes import warm_up
from mlcost_assets_tests.faults.proxy import FaultyS3, Trouble
from mlcost_assets_tests.faults.simulator import Story
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

STORIES = int(os.environ.get("MLCOST_STORIES", "200"))
AT_ONCE = 20


class StoryOnS3(Story):
    """A story whose lake is on S3, behind a proxy."""

    def __init__(self, seed: int, folder: Path, empty: World, bucket: str, proxy: FaultyS3) -> None:
        super().__init__(seed, folder, empty, lake=f"s3://{bucket}/lake-{seed}")
        self.proxy = proxy

    def fault(self) -> dict[str, int]:
        """A killed process as on disk, or an answer of S3 that fails, for some requests or for one key for good."""
        if self.chance.random() < 0.5:
            return super().fault()
        kind = self.chance.choice(
            ("500 InternalError", "503 SlowDown", "404 NoSuchKey", "412 PreconditionFailed", "403 AccessDenied", "cut")
        )
        where = self.chance.choice(
            (
                "PUT /",
                "HEAD /",
                "GET /",
                "DELETE /",
                "catalog.ducklake",
                "mlcost-lake.json",
                "/data/",
                "runs",
                "list-type",
            )
        )
        self.proxy.troubles = [Trouble(kind, where, times=self.chance.choice((1, 3, None)))]  # type: ignore[arg-type]
        self.told.append(f"  S3 answers {kind} to {where}")
        return {"dies_at": 10**9}  # not at all: the fault is around it

    def end_of_fault(self) -> None:
        self.proxy.troubles = []

    def excuses(self, end: dict[str, Any]) -> bool:
        """While S3 fails, readers may, too: with a line that says so."""
        return "failed" in end

    def expect_tidy(self) -> None:
        """What a killed writer left is another host's for a day."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        yield warm_up(tmp_path_factory.mktemp("warm"), patch)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, STORIES, AT_ONCE))
def test_stories_on_disk(tmp_path: Path, empty: World, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        Story(seed, tmp_path / str(seed), empty).run(events=7)


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_stories_on_s3(tmp_path: Path, empty: World, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = FaultyS3(s3.endpoint)
    for name, value in (("AWS_ENDPOINT_URL", proxy.endpoint), ("AWS_MAX_ATTEMPTS", "2")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(lake_s3, "READ_TIMEOUT", 2)
    try:
        for seed in range(1, 1 + max(1, STORIES // 15)):
            StoryOnS3(seed, tmp_path / str(seed), empty, s3.bucket, proxy).run(events=6)
    finally:
        proxy.stop()
