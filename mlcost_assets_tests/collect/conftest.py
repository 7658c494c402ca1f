"""Installations that collect: an account whose APIs are answered in this process."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.collect.run import Outcome, collect_now
from mlcost_assets.config import Config, load_config
from mlcost_assets.lake.stores import open_store
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, FakeAws


class Collecting:
    """An installation in a folder that collects from `accounts` (a list in YAML)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "exports").mkdir()
        self.configure()

    def configure(self, accounts: str = "", more: str = "", uri: str = "landing") -> None:
        listed = accounts or f'[{{account_id: "{ACCOUNT}", regions: [us-east-1]}}]'
        (self.folder / "mlcost.yaml").write_text(
            "billing: {exports: [{name: payer, uri: exports}]}\n"
            f"metadata:\n  uri: {uri}\n  accounts: {listed}\n  kubernetes: []\n{more}"
        )

    @property
    def config(self) -> Config:
        return load_config(self.folder / "mlcost.yaml")

    def collect(self, *services: str, accounts: Iterable[str] = ()) -> Outcome:
        return collect_now(self.config, accounts, services)

    def records(self, kind: str = "") -> list[dict[str, Any]]:
        """What landed, in the order of files and lines."""
        assert self.config.metadata is not None
        store = open_store(self.config.metadata.uri)
        lines = [line for entry in store.list() for line in gzip.decompress(store.read(entry.key)).splitlines()]
        return [one for one in map(json.loads, lines) if not kind or one["kind"] == kind]

    def snapshots(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The bodies of the looks by region and kind; the newest of each."""
        return {(one["region"], one["body"]["kind"]): one["body"] for one in self.records("mlcost:Snapshot")}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    return FakeAws(monkeypatch)


@pytest.fixture
def installed(tmp_path: Path) -> Collecting:
    return Collecting(tmp_path)
