"""`mlcost tables`: a user finds what to ask, and what a column means, before anything is configured."""

import json
from pathlib import Path

import pytest

from mlcost_assets.cli.tables import ORDER
from mlcost_assets.lake.registry import tables
from mlcost_assets_tests.cli.program import mlcost


def test_every_published_table_has_its_place_and_none_has_two() -> None:
    assert sorted(ORDER) == sorted(table.name for table in tables().values() if table.published)


def test_published_tables_are_listed_in_the_order_in_which_people_need_them(tmp_path: Path) -> None:
    done = mlcost("tables", "--format", "json", cwd=tmp_path)
    listed = json.loads(done.stdout)
    assert (done.returncode, [table["name"] for table in listed]) == (0, list(ORDER))
    assert listed[1]["grain"] == "one month × team × project × stage"
    lines = mlcost("tables", cwd=tmp_path).stdout.splitlines()
    assert lines[0].split() == ["table", "a", "row", "is", "it", "holds"]
    assert lines[2].startswith("model_costs")
    assert "one month × model × stage × environment" in lines[2]
    assert max(map(len, lines)) <= 120
    assert not list(tmp_path.iterdir())


def test_a_table_has_its_columns_their_types_and_meanings(tmp_path: Path) -> None:
    done = mlcost("tables", "Unit_Costs", cwd=tmp_path)
    assert done.returncode == 0
    assert "A row is one day × model." in " ".join(done.stdout.split())
    assert "requests BIGINT requests that it answered" in " ".join(done.stdout.split())
    (table,) = json.loads(mlcost("tables", "unit_costs", "--format", "json", cwd=tmp_path).stdout)
    assert [column["name"] for column in table["columns"]] == [column.name for column in tables()["unit_costs"].columns]


def test_an_internal_table_is_said_to_be_internal(tmp_path: Path) -> None:
    assert "internal" in mlcost("tables", "owners", cwd=tmp_path).stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "said"), [("team_cost", "Near it: team_costs"), ("modelcosts", "model_costs"), ("xyz", "called xyz. `")]
)
def test_an_unknown_table_is_met_with_the_nearest_names(tmp_path: Path, name: str, said: str) -> None:
    done = mlcost("tables", name, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
