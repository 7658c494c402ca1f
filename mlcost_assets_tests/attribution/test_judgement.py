"""Benchmarks say right, wrong and unknown of a truth in small literal tables, and how far confidence is from it."""

import duckdb
import pytest

from benchmarks.organisations.measure import judge

TRUTH = """
    CREATE TABLE truth AS
    SELECT '2026-10' AS billing_period, DATE '2026-10-01' AS charge_date, '1' AS account_id, 'S' AS service_code,
        'U' AS usage_type, '' AS operation, *
    FROM (VALUES {}) AS _(resource_id, is_ml, model, team, environment, effective_cost)
"""
ATTRIBUTED = """
    CREATE TABLE attributed AS
    SELECT '2026-10' AS billing_period, DATE '2026-10-01' AS charge_date, '1' AS account_id, 'S' AS service_code,
        'U' AS usage_type, CAST(NULL AS VARCHAR) AS operation, *
    FROM (VALUES {}) AS _(resource_id, evidence_id, model, team, environment, effective_cost)
"""
EVIDENCE = """
    CREATE TABLE evidence AS
    SELECT '2026-10' AS billing_period, *, [{{'what': code, 'factor': confidence}}] AS factors
    FROM (VALUES {}) AS _(evidence_id, dimension, value, code, confidence)
"""


def judged(
    truth: str, attributed: str, evidence: str = "('e', 'team', 'risk', 'label', 0.9)"
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement, rows in ((TRUTH, truth), (ATTRIBUTED, attributed), (EVIDENCE, evidence)):
        connection.execute(statement.format(rows))
    judge(connection, {"team fraudteam": "risk"})
    return connection


def figures(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, float, float]]:
    """Right, wrong and unknown of each dimension."""
    return {row[0]: tuple(round(share, 4) for share in row[2:]) for row in connection.table("figures").fetchall()}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("('r', 'e', 'a', 'risk', 'prod', 10)", {"model": (1, 0, 0), "team": (1, 0, 0), "joint": (1, 0, 0)}),
        # Another spelling, and an alias of the truth.
        ("('r', 'e', 'A', 'Fraud team', 'prod', 10)", {"model": (1, 0, 0), "team": (1, 0, 0), "joint": (1, 0, 0)}),
        # Who says less is not wrong, nor right.
        ("('r', 'e', 'a', NULL::VARCHAR, 'prod', 10)", {"model": (1, 0, 0), "team": (0, 0, 1), "joint": (0, 0, 1)}),
        ("('r', 'e', 'b', NULL::VARCHAR, 'prod', 10)", {"model": (0, 1, 0), "team": (0, 0, 1), "joint": (0, 1, 0)}),
        # Half of it.
        (
            "('r', 'e', 'a', 'risk', 'prod', 5), ('r', 'e', 'b', 'risk', 'prod', 5)",
            {"model": (0.5, 0.5, 0), "team": (1, 0, 0), "joint": (0.5, 0.5, 0)},
        ),
    ],
)  # fmt: skip
def test_shares_of_a_cell_are_right_wrong_or_unknown(
    given: str, expected: dict[str, tuple[float, float, float]]
) -> None:
    found = figures(judged("('r', true, 'a', 'risk', 'prod', 10)", given))
    assert {dimension: found[dimension] for dimension in expected} == expected


def test_what_anybody_may_say_forgives_as_much_and_what_nobody_has_is_wrong_to_give() -> None:
    truth = "('r', true, 'a', 'risk', 'prod', 6), ('r', true, '*', 'risk', 'prod', 4), ('n', true, NULL, 'risk', 'prod', 10)"
    given = (
        "('r', 'e', 'a', 'risk', 'prod', 5), ('r', 'e', 'b', 'risk', 'prod', 5), ('n', 'e', 'c', 'risk', 'prod', 10)"
    )
    right, wrong, _ = figures(judged(truth, given))["model"]
    # Of r 6 of 20 dollars have an owner, of which 5 are right; of the 5 that another got 4 are anybody's.
    assert (right, wrong) == (round(5 / 6, 4), round((1 + 10) / 20, 4))


def test_what_is_not_ml_is_in_no_figure() -> None:
    truth = "('r', true, 'a', 'risk', 'prod', 10), ('web', false, NULL, NULL, NULL, 90)"
    given = "('r', 'e', 'a', 'risk', 'prod', 10), ('web', 'e', 'b', 'shop', 'prod', 90)"
    assert figures(judged(truth, given))["joint"] == (1, 0, 0)


def test_the_error_of_confidence_is_its_distance_from_what_is_right_in_each_step() -> None:
    truth = "('r', true, 'a', 'risk', 'prod', 30), ('s', true, 'a', 'shop', 'prod', 10), ('t', true, 'a', 'shop', 'prod', 60)"
    given = (
        "('r', 'e', 'a', 'risk', 'prod', 30), ('s', 'e', 'a', 'risk', 'prod', 10), ('t', 'f', 'a', 'shop', 'prod', 60)"
    )
    found = judged(truth, given, "('e', 'team', 'risk', 'label', 0.9), ('f', 'team', 'shop', 'name', 0.6)")
    # At 0.9 three of four are right, at 0.6 all.
    assert found.table("calibration").fetchall() == [("team", pytest.approx(0.4 * 0.15 + 0.6 * 0.4), 0.75)]


def test_what_follows_from_a_model_is_made_of_its_factors_too() -> None:
    found = judged(
        "('r', true, 'a', 'risk', 'prod', 10)",
        "('r', 'e', 'a', 'risk', 'prod', 10)",
        "('e', 'model', 'a', 'itself', 0.98), ('e', 'team', 'risk', 'its model''s own claim', 0.98)",
    )
    factors = found.execute("SELECT dimension, list_transform(factors, lambda one: one.what) FROM reasons ORDER BY 1")
    assert factors.fetchall() == [("model", ["itself"]), ("team", ["itself"])]
