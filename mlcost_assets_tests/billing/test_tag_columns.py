"""Tags in whatever form a column has them: read as what they are, or counted as not read; never lost without a word."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlcost_assets.billing import formats
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.formats import CUR, CUR2, FOCUS, Format
from mlcost_assets.billing.types import as_map, typed
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.macros import all_macros

TEXTS: list[tuple[str, dict[str, str | None] | None]] = [
    ('{"team": "growth"}', {"team": "growth"}),
    (r'{"q\"uote": "x", "a/b~c": "y", "": "z"}', {'q"uote': "x", "a/b~c": "y", "": "z"}),
    ('{"team": "growth", "team": "risk"}', {"team": "growth"}),
    ('[{"key": "team", "value": "growth"}, {"key": "team", "value": "risk"}]', {"team": "growth"}),
    ('[{"Value": "growth", "Key": "team"}]', {"team": "growth"}),
    ('[["team", "growth"]]', {"team": "growth"}),
    ('{"key_value": [{"key": "team", "value": "growth"}]}', {"team": "growth"}),
    ('{"list": [{"element": {"key": "team", "value": "growth"}}]}', {"team": "growth"}),
    (r'"{\"team\": \"growth\"}"', {"team": "growth"}),
    ("{team=growth, model=ranker}", {"team": "growth", "model": "ranker"}),
    ("{'team': 'growth', 'model': None}", {"team": "growth", "model": None}),
    ("{}", {}), ("[]", {}),
    # What is none, or could be read in two ways.
    ("{team=growth, risk, model=ranker}", None), ('[{"a": "b"}]', None), ("team=growth", None), ('{"team": "gro', None), ("7", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(all_macros())
    connection.execute(read_sql(formats.__file__, "macros"))
    return connection


@pytest.mark.parametrize(("text", "tags"), TEXTS)
def test_a_text_is_read_as_the_tags_that_it_tells(
    sql: duckdb.DuckDBPyConnection, text: str, tags: dict[str, str] | None
) -> None:
    assert sql.execute("SELECT tags_from_text($1)", [text]).fetchone() == (tags,)


PAIRS = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
VALUES: dict[str, tuple[Any, Any, dict[str, str]]] = {
    "a map": (pa.map_(pa.string(), pa.string()), [("team", "growth")], {"team": "growth"}),
    "a map with a key twice": (pa.map_(pa.string(), pa.string()), [("a", "1"), ("a", "2"), ("b", "3")], {"a": "1", "b": "3"}),
    "a list of keys and values": (PAIRS, [{"key": "team", "value": "growth"}], {"team": "growth"}),
    "a list in a struct": (pa.struct([("key_value", PAIRS)]), {"key_value": [{"key": "team", "value": "growth"}]}, {"team": "growth"}),
    "a struct of all keys": (pa.struct([("team", pa.string()), ("model", pa.string())]), {"team": "growth"}, {"team": "growth"}),
    "bytes": (pa.binary(), '{"team": "größe"}'.encode(), {"team": "größe"}),
}  # fmt: skip


@pytest.mark.parametrize(("type_", "value", "tags"), VALUES.values(), ids=VALUES)
def test_a_column_of_another_type_is_read_as_tags(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path, type_: Any, value: Any, tags: dict[str, str]
) -> None:
    pq.write_table(pa.table({"tags": pa.array([value, None], type=type_)}), tmp_path / "x.parquet")
    ((_, actual, *_),) = sql.execute(f"DESCRIBE FROM '{tmp_path}/x.parquet'").fetchall()
    read = f"SELECT first_of_each({typed('map', [('tags', actual)])}) FROM '{tmp_path}/x.parquet'"
    assert sql.execute(read).fetchall() == [(tags,), (None,)]


@pytest.mark.parametrize(
    ("format_", "map_", "columns", "tags"),
    [
        (CUR, "resource_tags", {"resourceTags/user:Team": "a", "resourceTags/aws:createdBy": "b", "resourceTags/user:x": ""}, {"user:Team": "a", "aws:createdBy": "b"}),
        (CUR, "resource_tags", {"resourceTags/user:Team": "", "resourceTags/user:Team (2)": "b"}, {"user:Team": "b"}),
        (CUR, "resource_tags", {"resource_tags_user_team": "a"}, {"user_team": "a"}),
        (CUR, "cost_category", {"costCategory/Business Unit": "pay"}, {"Business Unit": "pay"}),
        (CUR2, "resource_tags", {"resource_tags_user_team": "a", "user_model": "b", "aws_created_by": "c", "username": "d"}, {"user_team": "a", "user_model": "b", "aws_created_by": "c"}),
        (CUR2, "cost_category", {"cost_category_unit": "ads"}, {"unit": "ads"}),
        (CUR2, "discount", {"discount_edp_discount": "1"}, {"edp_discount": "1"}),
        (FOCUS, "tags", {"Tags_team": "a", "TagsTeam": "b"}, {"team": "a"}),
        (FOCUS, "x_cost_categories", {"x_CostCategories_unit": "ads"}, {"unit": "ads"}),
    ],
)  # fmt: skip
def test_entries_of_a_map_may_be_columns(
    sql: duckdb.DuckDBPyConnection, format_: Format, map_: str, columns: dict[str, str], tags: dict[str, str]
) -> None:
    row = ", ".join(f"'{value}' AS \"{name}\"" for name, value in columns.items())
    spread = FileColumns(dict.fromkeys(columns, "VARCHAR")).spread(format_.flat_maps[map_])
    assert sql.execute(f"SELECT {as_map(spread)} FROM (SELECT {row})").fetchone() == (tags,)
