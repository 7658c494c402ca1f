"""What becomes money, and how money is divided, against Python's own Decimal."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcost_assets.attribution.knowledge import provide_knowledge
from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.engine import connect
from mlcost_assets.tags.vocabulary import provide_vocabulary

QUANTUM = Decimal("0.0000000001")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    provide_vocabulary(connection, Rules())
    provide_knowledge(connection, Rules())
    yield connection
    connection.close()


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> object:
    row = connection.execute(sql, list(values)).fetchone()
    assert row
    return row[0]


@given(quanta=st.integers(-(10**17), 10**17))
def test_a_double_that_aws_wrote_becomes_the_decimal_it_stands_for(
    connection: duckdb.DuckDBPyConnection, quanta: int
) -> None:
    written = Decimal(quanta) * QUANTUM
    if Decimal(repr(float(written))).quantize(QUANTUM) != written:
        return  # more digits than a double holds: AWS cannot have written it
    assert one(connection, "SELECT money_from_double(CAST(? AS DOUBLE))", float(written)) == written


# What is left after a division has at most 28 digits, as money has; the parts of a charge are no larger than it.
@given(whole=st.integers(1, 10**27), part=st.integers(0, 10**27), amount=st.integers(-(10**27), 10**27))
def test_money_of_any_size_is_divided_as_integers_are(
    connection: duckdb.DuckDBPyConnection, whole: int, part: int, amount: int
) -> None:
    part = min(part, whole)
    quanta = abs(amount) * part // whole * (1 if amount > 0 else -1)
    sql = "SELECT scaled_at_length(CAST(? AS DECIMAL(28,10)), CAST(? AS DECIMAL(28,10)), CAST(? AS DECIMAL(28,10)))"
    with localcontext(prec=40):
        given = [Decimal(number) * QUANTUM for number in (amount, part, whole)]
        assert one(connection, sql, *given) == Decimal(quanta) * QUANTUM


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("0.0000000001", "0.0000000001"),
        ("1.23e1", "12.3"),
        ("-1.8E-7", "-0.00000018"),
        ("0.12345678905", "0.1234567890"),  # a half goes to the even neighbour
        ("0.12345678915", "0.1234567892"),
        ("-0.12345678915", "-0.1234567892"),
        ("1375.37869128671190784", "1375.3786912867"),
    ],
)
def test_text_becomes_money_rounded_once_half_to_even(
    connection: duckdb.DuckDBPyConnection, text: str, money: str
) -> None:
    assert one(connection, "SELECT money_from_text(?)", text) == Decimal(money)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=14))
def test_rounding_agrees_with_decimal(connection: duckdb.DuckDBPyConnection, value: Decimal) -> None:
    expected = value.quantize(QUANTUM, rounding=ROUND_HALF_EVEN)
    assert one(connection, "SELECT money_from_text(?)", str(value)) == expected


@pytest.mark.parametrize("text", ["convertible", "", "12,34", "NULL", "--1"])
def test_what_is_no_number_is_no_money(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert one(connection, "SELECT money_from_text(?)", text) is None


amounts = st.decimals(min_value=-(10**7), max_value=10**7, places=10)


@given(amount=amounts, weights=st.lists(st.integers(0, 10**15), min_size=1, max_size=12))
def test_a_split_keeps_the_total_and_gives_nobody_a_quantum_more_than_his_share(
    connection: duckdb.DuckDBPyConnection, amount: Decimal, weights: list[int]
) -> None:
    parts = split(connection, amount, weights)
    assert sum(parts, Decimal(0)) == amount
    total = sum(weights)
    fair = [abs(amount) * (weight if total else 1) / (total or len(weights)) for weight in weights]
    assert all(abs(abs(part) - share) < QUANTUM for part, share in zip(parts, fair, strict=True))


def test_the_remainder_goes_to_the_largest_remainder_and_then_by_owner(connection: duckdb.DuckDBPyConnection) -> None:
    ten_quanta = Decimal("0.0000000010")
    assert [part / QUANTUM for part in split(connection, ten_quanta, [1, 1, 1])] == [4, 3, 3]
    assert [part / QUANTUM for part in split(connection, ten_quanta, [1, 5, 1])] == [2, 7, 1]
    assert [part / QUANTUM for part in split(connection, -ten_quanta, [0, 0, 0])] == [-4, -3, -3]


def split(connection: duckdb.DuckDBPyConnection, amount: Decimal, weights: list[int]) -> list[Decimal]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE parts AS SELECT 1 AS charge, owner, weight, CAST(NULL AS DECIMAL(28,10)) AS usage_quantity,"
        " money_from_text($amount) AS billed_cost, money_from_text($amount) AS effective_cost,"
        " money_from_text('0') AS list_cost, money_from_text('0') AS contracted_cost"
        " FROM (SELECT unnest($owners) AS owner, unnest(CAST($weights AS BIGINT[])) AS weight)",
        {"amount": str(amount), "weights": weights, "owners": list(range(len(weights)))},
    )
    rows = connection.execute("SELECT billed_cost, usage_quantity FROM divided('parts') ORDER BY owner").fetchall()
    assert all(quantity is None for _, quantity in rows)
    return [cost for cost, _ in rows]
