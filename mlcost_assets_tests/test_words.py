"""Counts in English."""

import pytest

from mlcost_assets.words import counted


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (1, ("split",), "1 split"),
        (0, ("split",), "0 splits"),
        (2000, ("split",), "2,000 splits"),
        (1, ("refresh", "refreshes"), "1 refresh"),
        (3, ("refresh", "refreshes"), "3 refreshes"),
    ],
)
def test_one_is_told_from_several(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
