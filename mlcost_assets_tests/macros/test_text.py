"""Names, times and maps as records and exports write them."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest

from mlcost_assets.lake.engine import connect


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    yield connection
    connection.close()


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> object:
    row = connection.execute(sql, list(values)).fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("fraud-detection", "fraud-detection"),
        ("Fraud_Detection", "fraud-detection"),
        ("fraudDetection", "fraud-detection"),
        ("Fraud Detection ", "fraud-detection"),
        ("fraud.detection/v2", "fraud-detection-v2"),
        ("Détection de Fraude", "detection-de-fraude"),
        ("модельОттока", "модель-оттока"),
        ("需要予測 v2", "需要予測-v2"),
        ("risk – growth · 2", "risk-growth-2"),
        ("--", None),
        ("", None),
    ],
)
def test_spellings_of_one_name_have_one_normal_form(
    connection: duckdb.DuckDBPyConnection, written: str, normal: str | None
) -> None:
    assert one(connection, "SELECT normal_form(?)", written) == normal


def test_every_letter_and_number_of_the_first_blocks_stays_and_every_other_sign_parts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Whatever the macro writes out says the same as Unicode's classes, for all of Latin-1 and Latin Extended-A."""
    for code in range(0x20, 0x180):
        letter = chr(code)
        parted = one(connection, "SELECT normal_form(?)", f"x{letter}x") == "x-x"
        assert parted != (unicodedata.category(letter)[0] in "LN"), letter


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-05-01T00:00:00.000Z", datetime(2026, 5, 1)),
        ("2024-10-01 00:00:00", datetime(2024, 10, 1)),
        ("2026-05-31T20:00-05:00", datetime(2026, 6, 1, 1)),
        ("2026-06-01T00:00Z", datetime(2026, 6, 1)),
        ("2026-06-01 00:00:00 UTC", datetime(2026, 6, 1)),
        ("2026-06-01T00:00:00+0000", datetime(2026, 6, 1)),
        ("yesterday", None),
    ],
)
def test_times_are_utc_however_they_are_written(
    connection: duckdb.DuckDBPyConnection, written: str, time: datetime | None
) -> None:
    assert one(connection, "SELECT time_from_text(?)", written) == time


@pytest.mark.parametrize(
    ("written", "entries"),
    [
        ('{"a": "b"}', {"a": "b"}),
        ('{"a": 1, "a": 2}', {"a": "1"}),
        ('{"a.b": "quote\\" and {brace"}', {"a.b": 'quote" and {brace'}),
        ('{"te\\"am": "x", "a/b~c": "y", "": "z", "*": "w"}', {'te"am': "x", "a/b~c": "y", "": "z", "*": "w"}),
        ("{}", {}),
        # As APIs answer tags.
        ('[{"Key": "team", "Value": "risk"}, {"Key": "env", "Value": null}]', {"team": "risk", "env": None}),
        ('[{"key": "team", "value": "risk"}]', {"team": "risk"}),
        ('[{"TagKey": "team", "TagValue": "risk"}]', {"team": "risk"}),
        ('[{"name": "team", "value": "risk"}]', {"team": "risk"}),
        ('[{"Key": "team", "Value": "risk"}, {"Key": "team", "Value": "growth"}]', {"team": "risk"}),
        ("[]", {}),
        ("[1]", None),
        ("no json", None),
    ],
)
def test_a_map_in_csv_is_json_text(
    connection: duckdb.DuckDBPyConnection, written: str, entries: dict[str, str] | None
) -> None:
    assert one(connection, "SELECT map_from_text(?)", written) == entries


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-10-01T02:00:00.123000+02:00", datetime(2026, 10, 1, 0, 0, 0, 123000)),
        ("1790812800", datetime(2026, 10, 1)),
        ("1790812800.123", datetime(2026, 10, 1, 0, 0, 0, 123000)),
        ("1.790812800123E9", datetime(2026, 10, 1, 0, 0, 0, 123000)),
        ("1790812800123", datetime(2026, 10, 1, 0, 0, 0, 123000)),
        ("1790812800123456", datetime(2026, 10, 1, 0, 0, 0, 123456)),
        ("1790812800123456000", datetime(2026, 10, 1, 0, 0, 0, 123456)),
        ("Thu, 01 Oct 2026 00:00:00 GMT", datetime(2026, 10, 1)),
        ("20261001T000000Z", datetime(2026, 10, 1)),
        ("20261001", None),
        ("0", None),
        ("soon", None),
        ("99999999999999999999", None),
    ],
)
def test_a_time_is_read_as_any_api_writes_it(
    connection: duckdb.DuckDBPyConnection, written: str, moment: datetime | None
) -> None:
    assert one(connection, "SELECT time_from_answer(?)", written) == moment


def test_text_that_is_no_json_is_no_map_and_stops_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """Of a column: DuckDB's optimizer takes what stands twice out of a TRY, which of a constant it does not."""
    told = connection.execute(
        """SELECT map_from_text(text) FROM (VALUES ('?'), ('{"team": "risk"}'), ('team=risk'), (NULL)) AS given(text)"""
    ).fetchall()
    assert sorted(told, key=str) == sorted([(None,), ({"team": "risk"},), (None,), (None,)], key=str)
