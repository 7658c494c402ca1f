"""What changed between two refreshes: dollars that changed hands, came with the bill or left it; sums of every owner."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlcost_assets.attribution.explain.diff import Difference, compare_refreshes
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake import engine
from mlcost_assets.lake.registry import tables

# A resource, its model and its cost.
Held = list[tuple[str, str | None, Decimal]]


@dataclass
class Lake:
    """A lake of three tables, each version of which is written out by hand."""

    connection: duckdb.DuckDBPyConnection
    versions: list[int] = field(default_factory=list)

    def query(self, sql: str, given: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, given)

    def publish(self, held: Held, at: datetime | None = None) -> int:
        self.connection.execute("BEGIN; DELETE FROM attributed_costs; DELETE FROM attribution_evidence")
        for resource, model, cost in held:
            self.connection.execute(
                "INSERT INTO attributed_costs (billing_period, charge_date, service_code, resource_id, model, is_ml, evidence_id, effective_cost, billing_currency)"
                " VALUES ('2026-10', '2026-10-05', 'AmazonSageMaker', $resource, $model, true, $evidence, $cost, 'USD')",
                {"resource": resource, "model": model, "evidence": f"because {model}", "cost": cost},
            )
            self.connection.execute(
                "INSERT INTO attribution_evidence (evidence_id, dimension, statement, sources) VALUES ($id, 'model', $id, ['file:1'])",
                {"id": f"because {model}"},
            )
        last = self.connection.execute("SELECT max(snapshot_id) + 1 FROM ducklake_snapshots('lake')").fetchall()[0][0]
        published = "INSERT INTO refreshes (snapshot, published_at) VALUES ($last, coalesce($at, now()))"
        self.connection.execute(published, {"last": last, "at": at})
        self.connection.execute("COMMIT")
        self.versions.append(last)
        return int(last)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    folder = tmp_path_factory.mktemp("lake")
    connection = engine.connect()
    connection.execute(f"ATTACH 'ducklake:{folder / 'c.ducklake'}' AS lake (DATA_PATH '{folder / 'data'}'); USE lake")
    for name in ("attributed_costs", "attribution_evidence", "refreshes"):
        columns = ", ".join(f"{one.name} {one.type}" for one in tables()[name].columns)
        connection.execute(f"CREATE TABLE {name} ({columns})")
    yield Lake(connection)
    connection.close()


def difference(lake: Lake, before: Held, after: Held) -> Difference:
    return compare_refreshes(lake, lake.publish(before), lake.publish(after))  # type: ignore[arg-type]


def changes(found: Difference) -> list[tuple[Any, ...]]:
    return [(row["change"], row["model_before"], row["model_after"], row["effective_cost"]) for row in found.changes]


def test_dollars_that_change_hands_are_said_with_the_evidence_for_both(lake: Lake) -> None:
    found = difference(lake, [("job", None, Decimal(5))], [("job", "otter", Decimal(5))])
    assert changes(found) == [("changed hands", None, "otter", 5)]
    (row,) = found.changes
    assert (row["because_before"], row["because_after"]) == ("because None", "because otter")
    assert row["sources_after"] == ["file:1"]


def test_what_the_bill_adds_or_takes_away_changes_no_hands(lake: Lake) -> None:
    found = difference(lake, [("a", "otter", Decimal(5)), ("b", "lynx", Decimal(2))], [("a", "otter", Decimal(7))])
    assert changes(found) == [("came with the bill", None, "otter", 2), ("left the bill", "lynx", None, -2)]


def test_a_shared_charge_is_laid_owner_beside_owner(lake: Lake) -> None:
    before: Held = [("node", "a", Decimal(6)), ("node", "b", Decimal(4))]
    after: Held = [("node", "a", Decimal(1)), ("node", "c", Decimal(9)), ("node", "d", Decimal(2))]
    assert changes(difference(lake, before, after)) == [
        ("came with the bill", None, "d", 2),
        ("changed hands", "a", "c", 5),
        ("changed hands", "b", "c", 4),
    ]


def test_a_credit_changes_hands_as_what_it_is(lake: Lake) -> None:
    found = difference(lake, [("credit", "a", Decimal(-3))], [("credit", "b", Decimal(-3))])
    assert changes(found) == [("changed hands", "a", "b", -3)]


def test_without_numbers_the_last_refresh_is_compared_with_the_one_before(lake: Lake) -> None:
    lake.publish([("job", "a", Decimal(1))])
    lake.publish([("job", "b", Decimal(1))])
    assert changes(compare_refreshes(lake)) == [("changed hands", "a", "b", 1)]  # type: ignore[arg-type]


def test_a_refresh_that_is_not_there_is_named_with_those_that_are(lake: Lake) -> None:
    last = lake.publish([])
    with pytest.raises(MlcostError, match=rf"No refresh 999999 can be read.*{last} \("):
        compare_refreshes(lake, 999_999)  # type: ignore[arg-type]


def test_a_day_stands_for_its_last_refresh_or_the_one_before_it(lake: Lake) -> None:
    lake.publish([("job", "morning", Decimal(1))], datetime(2020, 10, 1, 8))
    evening = lake.publish([("job", "evening", Decimal(1))], datetime(2020, 10, 1, 23, 59))
    later = lake.publish([("job", "later", Decimal(1))], datetime(2020, 10, 3))
    for before in (date(2020, 10, 1), date(2020, 10, 2)):
        found = compare_refreshes(lake, before, date(2020, 10, 3))  # type: ignore[arg-type]
        assert (found.before["snapshot"], found.after["snapshot"]) == (evening, later)
        assert changes(found) == [("changed hands", "evening", "later", 1)]
    with pytest.raises(MlcostError, match=r"No refresh of 2020-09-30 or before can be read"):
        compare_refreshes(lake, date(2020, 9, 30))  # type: ignore[arg-type]
    with pytest.raises(MlcostError, match=rf"Both are refresh {evening} \(2020-10-01 23:59\): nothing was published"):
        compare_refreshes(lake, date(2020, 10, 1), date(2020, 10, 2))  # type: ignore[arg-type]


holdings = st.lists(
    st.tuples(
        st.sampled_from(["x", "y"]),
        st.sampled_from([None, "a", "b", "c"]),
        st.decimals(-50, 100, places=2).map(Decimal),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=holdings, after=holdings)
def test_the_changes_of_every_owner_sum_to_the_difference_of_its_cost(lake: Lake, before: Held, after: Held) -> None:
    expected: dict[str | None, Decimal] = defaultdict(Decimal)
    for sign, held in ((-1, before), (1, after)):
        for _, model, cost in held:
            expected[model] += sign * cost
    summed: dict[str | None, Decimal] = defaultdict(Decimal)
    for change, was, now, cost in changes(difference(lake, before, after)):
        if change == "changed hands":
            summed[was] -= cost
        summed[now if change != "left the bill" else was] += cost
    assert {model: cost for model, cost in summed.items() if cost} == {m: c for m, c in expected.items() if c}
