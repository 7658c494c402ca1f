"""What a record tells is read as what it has to be, or as NULL; nothing that it tells raises."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from mlcost_assets.lake.engine import connect


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("sql", "told", "read"),
    [
        ("told_number(?)", "2.5", 2.5), ("told_number(?)", "-1", None), ("told_number(?)", "NaN", None), ("told_number(?)", "inf", None), ("told_number(?)", "9" * 40, None),
        ("told_number(?)", "two", None), ("told_number(?)", "{}", None),
        ("told_count(?)", "3", 3), ("told_count(?)", "-3", None), ("told_count(?)", "9223372036854775807", None), ("told_size(?)", "9223372036854775", 9223372036854775),
        ("told_money(?)", "0.25", Decimal("0.25")), ("told_money(?)", "1e17", None),
        ("told_day(?)::VARCHAR", "2026-10-05", "2026-10-05"), ("told_day(?)::VARCHAR", "infinity", None), ("told_day(?)::VARCHAR", "2026-13-45T99:99:99Z", None),
        ("told_texts(?::JSON)", '["a", 1, null, {}]', ["a", "1", None, "{}"]), ("told_texts(?::JSON)", '{"a": 1}', None), ("told_texts(?::JSON)", '"a"', None),
        ("told_numbers(?::JSON)", '[1, "2", "x", -1]', [1, 2, None, None]), ("told_percents(?::JSON)", "[800, 1e14]", [800, None]),
        ("time_from_text(?)::VARCHAR", "0001-01-01T00:00:00Z", None), ("time_from_text(?)::VARCHAR", "294247-01-10T04:00:54Z", None), ("time_from_text(?)::VARCHAR", "epoch", None),
        ("time_from_text(?)::VARCHAR", "2026-01-01 (BC)", None), ("time_from_text(?)::VARCHAR", "9999-12-31T23:59:59Z", "9999-12-31 23:59:59"),
        ("quantity(?)", "-1Gi", None), ("quantity(?)", "1e300", None),
        ("only_characters(?)", r'{"a\u0000": "\\u0000 \ud83d\ude80 \ud83d \ude80"}', r'{"a": "\\u0000 \ud83d\ude80  "}'), ("only_characters(?)", "a\0b", "ab"),
        # More calls than a BIGINT holds as quanta of 1e-10.
        ("scaled(CAST(20 AS DECIMAL(28,10)), 1000, CAST(? AS BIGINT))", "2000000000", Decimal("0.00001")),
    ],
)  # fmt: skip
def test_what_is_told_is_read_or_unknown(connection: duckdb.DuckDBPyConnection, sql: str, told: str, read: Any) -> None:
    assert connection.execute(f"SELECT {sql}", [told]).fetchone() == (read,)
