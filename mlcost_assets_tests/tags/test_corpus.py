"""Names as people write them: `name_pairs.csv` says of each pair whether both are one name, and who uses them.

All pairs of a half live in one organisation, so every name is also compared with those of all other pairs. Thresholds are
chosen on one half and reported on the other.
"""

import csv
from itertools import product
from pathlib import Path

import duckdb
import pytest

from mlcost_assets.tags.reconcile import Thresholds, compare_names, decide
from mlcost_assets_tests.tags.population import organisation

with (Path(__file__).parent / "name_pairs.csv").open(encoding="utf-8") as _file:
    PAIRS = list(csv.DictReader(_file))
CHOSEN_ON, REPORTED_ON = PAIRS[0::2], PAIRS[1::2]


def compared(pairs: list[dict[str, str]]) -> duckdb.DuckDBPyConnection:
    connection = organisation(pairs)
    compare_names(connection)
    return connection


def errors(
    connection: duckdb.DuckDBPyConnection, pairs: list[dict[str, str]], thresholds: Thresholds
) -> dict[str, list[str]]:
    """The pairs that are rightly one (`found`), wrongly one (`mixed_up`) and wrongly two (`missed`)."""
    decide(connection, thresholds)
    meanings = {
        (dimension, name): meaning
        for dimension, name, meaning in connection.execute(
            "SELECT dimension, name, canonical_value FROM name_meanings"
        ).fetchall()
    }
    written = sorted({pair[side] for pair in pairs for side in ("name", "other")})
    forms = connection.execute("SELECT list_transform($1, lambda n: joined_environments(normal_form(n)))", [written])
    form = dict(zip(written, (forms.fetchone() or ([],))[0], strict=True))
    result: dict[str, list[str]] = {"found": [], "mixed_up": [], "missed": []}
    for pair in pairs:
        one, other = (meanings[pair["dimension"], form[pair[side]]] for side in ("name", "other"))
        kind = {(True, True): "found", (True, False): "mixed_up", (False, True): "missed"}.get(
            (one == other, pair["verdict"] == "same")
        )
        if kind:
            result[kind].append(f"{pair['dimension']}: {pair['name']} / {pair['other']} ({pair['why']})")
    return result


def precision(of: dict[str, list[str]]) -> float:
    return len(of["found"]) / max(len(of["found"]) + len(of["mixed_up"]), 1)


def recall(of: dict[str, list[str]]) -> float:
    return len(of["found"]) / (len(of["found"]) + len(of["missed"]))


def test_the_corpus_is_large_and_has_many_of_both_verdicts() -> None:
    same = sum(pair["verdict"] == "same" for pair in PAIRS)
    assert len(PAIRS) >= 400
    assert 0.4 < same / len(PAIRS) < 0.6
    assert len({(pair["dimension"], frozenset((pair["name"], pair["other"]))) for pair in PAIRS}) == len(PAIRS)


def test_precision_and_recall_on_the_half_that_chose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    connection = compared(REPORTED_ON)
    result = errors(connection, REPORTED_ON, Thresholds())
    with capsys.disabled():
        print(
            f"\n{len(REPORTED_ON)} pairs of names: precision {precision(result):.3f}, recall {recall(result):.3f};"
            f" mixed up: {result['mixed_up'] or 'none'}; missed: {result['missed'] or 'none'}"
        )
    assert precision(result) >= 0.99
    assert recall(result) >= 0.90


def test_the_thresholds_are_the_strictest_that_lose_nothing_on_the_other_half() -> None:
    """Of those without a mix-up the ones that find most; among equals the strictest."""
    connection = compared(CHOSEN_ON)
    grid = [
        Thresholds(alone=alone, supported=supported, support=support)
        for supported, alone, support in product((0.84, 0.86, 0.88, 0.9), (0.92, 0.94, 0.96), (0.3, 0.4, 0.5))
    ]

    def merit(thresholds: Thresholds) -> tuple[float, float, float, float, float]:
        result = errors(connection, CHOSEN_ON, thresholds)
        found = recall(result) if precision(result) >= 0.99 and not result["mixed_up"] else 0.0
        return found, thresholds.supported, thresholds.alone, thresholds.support, precision(result)

    assert max(grid, key=merit) == Thresholds()


def test_it_does_not_matter_in_which_order_names_are_seen() -> None:
    """The same links, confidences and words of evidence, whatever the order of the rows."""
    some = PAIRS[::5]
    outcomes = []
    for pairs in (some, some[::-1]):
        connection = compared(pairs)
        decide(connection, Thresholds())
        outcomes.append(
            connection.execute(
                "SELECT dimension, name, canonical_value, stages, confidence, evidence FROM name_meanings"
                " WHERE name NOT LIKE 'owners-%' ORDER BY ALL"
            ).fetchall()
        )
    assert outcomes[0] == outcomes[1]
