"""Commands that are shown: whatever a name holds, a shell reads one argument, and AWS's CLI one JSON document."""

import json
import shlex

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcost_assets.macros import all_macros

# A shell ends an argument at NUL, whatever quotes there are; JSON escapes it.
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(all_macros())
    return connection


def shown(connection: duckdb.DuckDBPyConnection, macro: str, *given: str) -> list[str]:
    (text,) = connection.execute(f"SELECT {macro}", given).fetchone() or ("",)
    return shlex.split(text)


@given(name=ANYTHING)
def test_a_name_is_one_value_of_one_document(duck: duckdb.DuckDBPyConnection, name: str) -> None:
    words = shown(duck, "aws_command('sagemaker delete-endpoint', 'us-east-1', json_object('EndpointName', ?))", name)
    assert words[:-1] == ["aws", "sagemaker", "delete-endpoint", "--region=us-east-1", "--cli-input-json"]
    assert json.loads(words[-1]) == {"EndpointName": name}
    assert not any(ord(letter) < 32 for letter in words[-1])


@given(name=ANYTHING)
def test_a_schedule_passes_the_same_document_on(duck: duckdb.DuckDBPyConnection, name: str) -> None:
    macro = "aws_schedule('sagemaker:deleteEndpoint', 'us-gov-west-1', '0 20 ? * MON-FRI *', json_object('EndpointName', ?))"
    words = shown(duck, macro, name)
    target = json.loads(words[-1])
    assert target["Arn"] == "arn:aws-us-gov:scheduler:::aws-sdk:sagemaker:deleteEndpoint"
    assert target["RoleArn"] == "$SCHEDULER_ROLE_ARN"
    assert json.loads(target["Input"]) == {"EndpointName": name}


@given(region=ANYTHING)
def test_a_region_is_no_option_of_its_own(duck: duckdb.DuckDBPyConnection, region: str) -> None:
    words = shown(duck, "aws_command('s', ?, json_object('a', 1))", region.replace("\0", ""))
    assert [word for word in words if word.startswith("-")][-1] == "--cli-input-json"
    assert len(words) == (5 if region.replace("\0", "") else 4)
