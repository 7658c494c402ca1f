"""Bodies as they land: JSON, times in ISO 8601, and nothing that authenticates."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcost_assets.collect.plain import plain


def test_times_are_iso_8601_in_utc_and_bytes_are_text() -> None:
    east = timezone(timedelta(hours=2))
    body = {
        "At": datetime(2026, 10, 5, 8, 0, tzinfo=east),
        "Exact": datetime(2026, 10, 5, 6, 0, 0, 5000, tzinfo=UTC),
        "Raw": b"x",
    }
    assert plain(body) == {"At": "2026-10-05T06:00:00Z", "Exact": "2026-10-05T06:00:00.005000Z", "Raw": "eA=="}


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        ({"Environment": {"DB_PASSWORD": "x", "ENDPOINT_NAME": "churn"}}, {"Environment": {"DB_PASSWORD": "***", "ENDPOINT_NAME": "churn"}}),
        ({"Environment": {"Variables": {"API_KEY": "x", "HF_TOKEN": "y"}}}, {"Environment": {"Variables": {"API_KEY": "***", "HF_TOKEN": "***"}}}),
        ({"HyperParameters": {"max_tokens": "512", "wandb_api_key": "x"}}, {"HyperParameters": {"max_tokens": "512", "wandb_api_key": "***"}}),
        ({"env": [{"name": "SECRET_ARN", "value": "x"}, {"name": "A", "value": "b"}]}, {"env": [{"name": "SECRET_ARN", "value": "***"}, {"name": "A", "value": "b"}]}),
        ({"DefaultArguments": {"--db": "postgres://me:pw@host/x"}}, {"DefaultArguments": {"--db": "postgres://me:***@host/x"}}),
        # AWS's own members are names of things, not secrets.
        ({"KmsKeyId": "k", "clientRequestToken": "t", "SecretArn": "a"}, {"KmsKeyId": "k", "clientRequestToken": "t", "SecretArn": "a"}),
        ({"Container": {"Image": "i"}, "tokenizer": "bert"}, {"Container": {"Image": "i"}, "tokenizer": "bert"}),
    ],
)  # fmt: skip
def test_what_people_set_is_masked_where_it_authenticates(body: dict[str, Any], masked: dict[str, Any]) -> None:
    assert plain(body) == masked


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.datetimes(timezones=st.just(UTC)) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_anything_becomes_json_and_stays_as_it_is_the_second_time(value: Any) -> None:
    once = plain({"body": value})
    assert plain(json.loads(json.dumps(once))) == once
