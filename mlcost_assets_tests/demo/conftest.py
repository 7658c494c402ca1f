"""Organisations that several tests look at, each simulated once."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.cli.refresh import run_refresh
from mlcost_assets.config import load_config
from mlcost_assets.demo import NO_GAPS, Gaps, simulate

Simulated = Callable[..., Path]


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Simulate one month of an organisation, or give the folder in which that was done before."""
    done: dict[tuple[Any, ...], Path] = {}

    def make(seed: int = 7, tag_compliance: float = 0.5, gaps: Gaps = NO_GAPS) -> Path:
        key = (seed, tag_compliance, gaps)
        if key not in done:
            folder = tmp_path_factory.mktemp("organisation")
            simulate(folder, seed=seed, months=1, tag_compliance=tag_compliance, gaps=gaps)
            done[key] = folder
        return done[key]

    return make


@pytest.fixture(scope="session")
def published(simulated: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the default organisation, refreshed."""
    folder = Path(shutil.copytree(simulated(), tmp_path_factory.mktemp("published") / "organisation"))
    assert run_refresh(load_config(folder / "mlcost.yaml"), [], quiet=True) in (0, 3)
    return folder


def records(folder: Path) -> list[dict[str, Any]]:
    """Read a landing zone."""
    found = []
    for path in sorted((folder / "metadata").rglob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            found += [json.loads(line) for line in lines]
    return found
