"""What tests share: an installation in a temporary folder, and a real S3 server on loopback."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

# The long ones begin first, so that no worker waits for another at the end.
_FIRST = (
    "focus-validator", "s3", "test_stuck", "test_simulator", "test_damage", "test_repair", "test_restatements", "test_sensors", "test_kill",
    "test_refresh", "test_samples", "test_readme",
)  # fmt: skip
# What `make check` runs: tests that start no process and refresh nothing, file by file or folder by folder.
FAST = (
    "test_text.py", "test_statements.py", "macros/", "config/test_rules.py", "config/test_settings.py", "contract/test_docs.py",
    "contract/test_tables.py", "contract/test_tidy.py", "cli/test_grid.py", "cli/test_help.py", "collect/test_landing_names.py",
    "collect/test_policy.py", "billing/test_cur2.py", "billing/test_effective_cost.py",
    "lake/test_query.py", "lake/test_scratch.py", "lake/test_statements.py", "lineage/test_drawing.py", "tags/test_corpus.py",
    "automation/test_definitions.py",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests go to one worker, and those of one session-wide installation too: each is refreshed only once."""
    for item in items:
        if item.nodeid.removeprefix("mlcost_assets_tests/").startswith(FAST):
            item.add_marker(pytest.mark.fast)
        if not item.get_closest_marker("xdist_group"):
            shared = {"paid", "published", "simulated", "site", "odd_site"} & set(getattr(item, "fixturenames", ()))
            item.add_marker(pytest.mark.xdist_group(min(shared, default=item.nodeid.split("::")[0])))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    marker = item.get_closest_marker("xdist_group")
    group = str(marker.args[0]) if marker else ""
    return next((place for place, name in enumerate(_FIRST) if name in group), len(_FIRST))


@pytest.fixture(autouse=True)
def no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """xdist tells its workers the width of the terminal; what is tested writes to a pipe."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of FAST that starts a process does not belong there."""
    if request.node.get_closest_marker("fast"):
        monkeypatch.setattr(subprocess, "Popen", _refuse)


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("this test starts a process: take its file out of FAST in conftest.py")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One SeaweedFS a worker, stopped by its own process id."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """The server, with the standard AWS environment pointing at it and a new bucket."""
    for name, value in s3_server.environment().items():
        monkeypatch.setenv(name, value)
    s3_server.new_bucket()
    return s3_server
