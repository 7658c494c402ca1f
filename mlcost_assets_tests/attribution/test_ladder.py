"""decide/ladder.yaml holds every number and order that decides whose a dollar is, and why; statements have none."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

import mlcost_assets
from mlcost_assets.attribution.ladder import grades, ladder, powers, provide_ladder, told
from mlcost_assets.macros import all_macros
from mlcost_assets.packaged import read_yaml

ATTRIBUTION = Path(mlcost_assets.__file__).parent / "attribution"
DECIDING = [
    file for room in ("resolve", "names", "claims", "decide", "settle") for file in sorted((ATTRIBUTION / room).rglob("*.sql"))
]  # fmt: skip
# An even part is 1 of all; hours, bytes and the last digit of money are units.
UNITS = {"1.0", "1e6", "1e9"}


def code_of(file: Path) -> str:
    return re.sub(r"--.*", "", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", DECIDING, ids=lambda file: str(file.relative_to(ATTRIBUTION)))
def test_no_statement_has_a_number_of_its_own_that_decides(file: Path) -> None:
    text = re.sub(r"'[^']*'", "''", code_of(file))
    assert set(re.findall(r"(?<![\w.])\d+\.\d+|\d+e\d+\b", text)) <= UNITS


@pytest.mark.parametrize("file", DECIDING, ids=lambda file: str(file.relative_to(ATTRIBUTION)))
def test_no_statement_ranks_what_the_ladder_does_not(file: Path) -> None:
    assert not re.search(r"\b\d+(\.\d+)? AS (rank|precedence|kind|turn|place)\b|'rank': \d", code_of(file))


def test_every_number_that_a_statement_asks_for_is_in_the_ladder() -> None:
    asked = {
        what
        for file in [*DECIDING, ATTRIBUTION / "macros.sql"]
        for what in re.findall(r"\b(?:grade|graded|started)\('([^']+)'[,)]", code_of(file))
    }
    assert len(asked) > 20
    assert asked <= grades().keys()


def test_every_factor_that_is_counted_says_what_it_is_and_where_it_is_counted() -> None:
    literal = re.compile(r"(?<!graded)(?<!started)\bfactor\('((?:[^']|'')+)'")
    made = {what for file in DECIDING for what in literal.findall(code_of(file))}
    counted: dict[str, dict[str, str]] = ladder()["counted"]
    # thing_picks.sql makes the name of two of them of what the fact is of.
    assert (made - {"its "}) | {"its model's own claim", "its project's own claim"} == set(counted)
    assert [
        what for what, one in counted.items() if not (one["is"] and (ATTRIBUTION.parent / one["by"]).exists())
    ] == []


def test_every_rung_of_a_statement_is_one_of_the_ladder() -> None:
    known = {one["rung"] for one in ladder()["rungs"]}
    said = "".join(
        code_of(ATTRIBUTION / "decide" / f"{name}.sql") for name in ("thing_claims", "thing_picks", "thing_reasons")
    )
    assert {rung for rung in known if f"'{rung}'" in said} == known


def test_what_fills_stands_last() -> None:
    """The project's values fill what all others leave open (thing_picks.sql), and what that leaves the account's one team
    (thing_reasons.sql), so no other place would be true."""
    assert [one["rung"] for one in ladder()["rungs"][-2:]] == ["project", "account of one team"]


def test_every_rank_that_a_statement_asks_for_is_on_a_ladder() -> None:
    asked = {pair for file in DECIDING for pair in re.findall(r"rank_of\('(\w+)', '([\w ]+)'\)", code_of(file))}
    assert asked <= {(name, one["rung"]) for name in ("names", "stages", "scopes") for one in ladder()[name]}
    assert len(asked) > 15


@pytest.mark.parametrize("section", ["kinds", "measures", "factors", "thresholds"])
def test_every_entry_says_why(section: str) -> None:
    entries: dict[str, dict[str, Any]] = ladder()[section]
    assert [name for name, entry in entries.items() if len(entry["why"]) < 8] == []


def test_every_rung_says_why_and_of_what_it_speaks() -> None:
    assert [one["rung"] for one in ladder()["rungs"] if not {"why", "speaks_of", "of"} <= one.keys()] == []


def test_numbers_are_probabilities_or_shares() -> None:
    assert {what: number for what, number in grades().items() if not 0 <= number <= 1} == {
        "an accelerator": 9,
        "several things": 3,
    }


def test_names_are_said_once() -> None:
    sections = ("kinds", "measures", "factors", "thresholds")
    names = [name for section in sections for name in ladder()[section]]
    assert len(names) == len(set(names))


def test_every_fitted_power_is_of_a_factor_that_reasons_can_have() -> None:
    known = ladder()
    flows = read_yaml(ATTRIBUTION / "claims" / "flows.yaml")
    assert powers().keys() <= {"any other", *known["kinds"], *known["factors"], *known["counted"], *flows}
    assert [what for what, power in powers().items() if not 0 < power <= 3] == []
    assert {what for what, power in powers().items() if power == 1} == {
        "its model's own claim",
        "its project's own claim",
    }


def test_a_factor_is_told_to_its_power_or_to_that_of_any_other() -> None:
    with duckdb.connect() as connection:
        connection.execute(all_macros())
        connection.execute((ATTRIBUTION / "macros.sql").read_text(encoding="utf-8"))
        provide_ladder(connection)
        rows = connection.execute("""
            SELECT unnest(told([
                factor('agreement', 0.8), factor('never fitted', 0.8), factor('its model''s own claim', 0.8)
            ]), recursive := true)
        """).fetchall()
    assert [(what, round(number, 6)) for what, number in rows] == [
        ("agreement", round(0.8 ** powers()["agreement"], 6)),
        ("never fitted", round(told("never fitted", 0.8), 6)),
        ("its model's own claim", 0.8),
    ]
