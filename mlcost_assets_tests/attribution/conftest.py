"""The installation in which the sentences of attribution hold."""

from collections.abc import Iterator

import pytest

from mlcost_assets_tests.attribution.scenarios import Paid, refreshed
from mlcost_assets_tests.world import World


@pytest.fixture(scope="session")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paid]:
    """Who pays for what, after one refresh of everything that the collected test files gave."""
    found = Paid(refreshed(World(tmp_path_factory.mktemp("scenarios"))))
    yield found
    found.close()
