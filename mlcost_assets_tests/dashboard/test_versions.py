"""When a version is published, what people asked last is asked of it before anybody sees it; until then they see the one
before."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from mlcost_assets.dashboard import lake, versions
from mlcost_assets.dashboard.lake import Answer, Answers, Version
from mlcost_assets.dashboard.versions import Versions
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.world import World

COSTS = "SELECT team, sum(effective_cost) AS cost FROM team_costs GROUP BY team ORDER BY team"


def publish(world: World, cost: int) -> int:
    """Two teams of that cost, as the next version; gives its number."""
    with LakeWriter(world.config) as writer:
        with writer.transaction() as connection:
            connection.execute("DELETE FROM team_costs")
            connection.execute(
                "INSERT INTO team_costs BY NAME SELECT '2026-10' AS billing_period, team, $cost AS effective_cost,"
                " 'USD' AS billing_currency FROM (VALUES ('risk'), ('search')) AS teams (team)",
                {"cost": cost},
            )
            connection.execute(
                "INSERT INTO refreshes SELECT max(snapshot_id) + 1, now() AT TIME ZONE 'UTC', 'test', ['2026-10']"
                " FROM ducklake_snapshots('lake')"
            )
        writer.publish()
        found = writer.connection.execute("SELECT snapshot FROM refreshes").fetchall()
    return max(int(snapshot) for (snapshot,) in found)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "world")
    world.begin()
    publish(world, 10)
    return world


@pytest.fixture
def served(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    monkeypatch.setattr(versions, "_MOMENT", 0)
    served = Versions(world.config)
    yield served
    served.close()


class Slow:
    """A question that a version made ready is asked last, and answers when it is `allowed`."""

    def __init__(self, version: Version) -> None:
        self.allowed, self._at_once = Event(), version.snapshot
        version.once("slow", self.find)

    def find(self, version: Version) -> str:
        assert version.snapshot == self._at_once or self.allowed.wait(30)
        return "found"


def costs(version: Version) -> list[int]:
    return [int(row["cost"]) for row in version.ask(COSTS).rows]


def asked_anew(_: Version) -> Answer:
    raise AssertionError("Nobody has asked this before.")


def wait_for(served: Versions, snapshot: int) -> None:
    with served._following:  # as long as it is made ready
        pass
    assert served.at(None).snapshot == snapshot


def test_the_version_before_is_served_until_the_new_one_is_warm(world: World, served: Versions) -> None:
    first = served.at(None)
    slow = Slow(first)
    costs(first)
    new = publish(world, 20)
    for _ in range(3):
        seen = served.at(None)
        assert (seen.snapshot, costs(seen)) == (first.snapshot, [10, 10])
    linked = served.at(new)  # a link names the new one already
    assert (linked.snapshot, costs(linked)) == (new, [20, 20])
    slow.allowed.set()
    wait_for(served, new)
    seen = served.at(None)
    assert seen.once((COSTS, "[]"), asked_anew) == seen.ask(COSTS)
    assert seen.once("slow", lambda _: "asked anew") == "found"
    assert costs(seen) == [20, 20]
    before = served.at(first.snapshot)
    assert (before.snapshot, costs(before)) == (first.snapshot, [10, 10])


def test_what_is_asked_ahead_is_asked_for_those_who_asked_it(world: World, served: Versions) -> None:
    assert costs(served.at(None, ("risk",))) == [10]
    new = publish(world, 20)
    served.at(None)
    wait_for(served, new)
    assert served.at(None, ("risk",)).once((COSTS, "[]"), asked_anew).rows == [{"team": "risk", "cost": 20}]
    for others in (None, ("search",), ("risk", "search")):
        with pytest.raises(AssertionError, match="before"):
            served.at(None, others).once((COSTS, "[]"), asked_anew)
    assert costs(served.at(None)) == [20, 20]


def test_a_new_version_comes_at_once_where_nobody_reads(
    world: World, served: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_MOMENT", 30)
    Slow(served.at(None))
    monkeypatch.setattr(lake, "_LASTING", 0)
    new = publish(world, 20)
    assert served.at(None).snapshot == new


def test_what_takes_too_long_or_fails_holds_no_version_back(
    world: World, served: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_MOMENT", 30)
    first = served.at(None)

    def lost(version: Version) -> str:
        if version.snapshot != first.snapshot:
            raise MlcostError("no more")
        return "found"

    first.once("lost", lost)
    second = publish(world, 20)
    assert served.at(None).snapshot == second
    Slow(served.at(None))
    monkeypatch.setattr(versions, "_LONGEST", 0)
    third = publish(world, 30)
    assert served.at(None).snapshot == third


def test_questions_and_answers_are_kept_within_bounds(
    world: World, served: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake, "_KEPT_QUESTIONS", 2)
    monkeypatch.setattr(lake, "_KEPT_ROWS", 1000)
    version = served.at(None)
    for number in range(4):
        version.ask(f"SELECT {number} AS number")
    version.ask("SELECT 3 AS number")
    version.ask("FROM range(2000)")  # a download is not kept
    assert version.questions
    assert [one.question for one in version.questions.lately()] == [
        ("SELECT 3 AS number", "[]"),
        ("SELECT 2 AS number", "[]"),
    ]
    answers = Answers()
    for number in range(3):
        answers.once(number, lambda: Answer({}, [{}] * 400))
    found = [answers.once(number, lambda: "anew") for number in (1, 2, 0)]
    assert found[2] == "anew"
    assert "anew" not in found[:2]
