"""The simulation is the judge: an organisation that nobody tuned for, without a single user tag."""

import pytest

from mlcost_assets.cli.refresh import run_refresh
from mlcost_assets.config import load_config
from mlcost_assets.demo import simulate
from mlcost_assets_tests.attribution.accuracy import Accuracy, measure


@pytest.fixture(scope="module")
def accuracy(tmp_path_factory: pytest.TempPathFactory) -> Accuracy:
    folder = tmp_path_factory.mktemp("organisation")
    simulate(folder, seed=4711, months=1, tag_compliance=0.0)
    assert run_refresh(load_config(folder / "mlcost.yaml"), [], quiet=True) in (0, 3)
    return measure(folder)


@pytest.mark.parametrize("dimension", ["model", "team", "environment", "agent", "stage"])
def test_nearly_everything_that_can_be_known_is(accuracy: Accuracy, dimension: str) -> None:
    assert accuracy.right[dimension] >= 0.98


@pytest.mark.parametrize("dimension", ["model", "team", "environment", "agent", "stage"])
def test_next_to_nothing_is_claimed_wrongly(accuracy: Accuracy, dimension: str) -> None:
    assert accuracy.wrong[dimension] <= 0.01


@pytest.mark.parametrize("dimension", ["model", "team"])
def test_high_confidence_is_deserved(accuracy: Accuracy, dimension: str) -> None:
    sure = [(dollars, share) for confidence, dollars, share in accuracy.reliability[dimension] if confidence >= 0.9]
    assert sum(dollars * share for dollars, share in sure) >= 0.97 * sum(dollars for dollars, _ in sure)
