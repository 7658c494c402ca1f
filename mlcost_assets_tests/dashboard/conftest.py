"""What the tests of the login share: one lake of three teams."""

from collections.abc import Iterator

import pytest

from mlcost_assets_tests.dashboard.guarded import Visitor, guarded, teams
from mlcost_assets_tests.world import World


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> World:
    return teams(tmp_path_factory.mktemp("lake") / "teams")


@pytest.fixture
def visitor(lake: World) -> Iterator[Visitor]:
    """A browser at a dashboard that nobody else tries to sign in at."""
    with guarded(lake.config) as one:
        yield one
