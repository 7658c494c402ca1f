"""A table that claims to hold the bill's or the ML total (`holds` in its tables.yaml) is held to it, to the last digit."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from mlcost_assets.automation.run import refresh_now
from mlcost_assets.definitions import defs
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime.checks import COSTS, conserves_total
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World

HOLDING = [table.name for table in tables().values() if table.holds]
REPORTS = [name for name in HOLDING if tables()[name].domain == "reports"]
PARTS = ("direct_cost", "shared_cost")


def test_the_tables_of_the_bill_and_of_ml_spend_say_so() -> None:
    assert {name: tables()[name].holds for name in HOLDING} == {
        "line_items": "bill",
        "daily_charges": "bill",
        "attributed_costs": "bill",
        "team_costs": "bill",
        "environment_costs": "bill",
        "model_costs": "ml",
        "agent_costs": "ml",
    }


@pytest.mark.parametrize("name", HOLDING)
def test_each_has_a_check_that_stops_what_comes_after(name: str) -> None:
    graph = defs.resolve_asset_graph()
    check = graph.get_check_spec(dg.AssetCheckKey(dg.AssetKey(name), "conserves_total"))
    assert check.blocking


class Lake:
    """A report and the attributed costs it is made of, in memory: 0.75 of ML and 0.25 of other work, in dollars."""

    def __init__(self, report: str) -> None:
        self.report = report
        self.connection = duckdb.connect()
        self.connection.execute("ATTACH ':memory:' AS lake")
        for name in (report, "attributed_costs"):
            columns = ", ".join(f"{column.name} {column.type}" for column in tables()[name].columns)
            self.connection.execute(f"CREATE TABLE {tables()[name].qualified} ({columns})")
        for is_ml, cost in ((True, 0.75), (False, 0.25)):
            self._add("attributed_costs", is_ml, cost)
            if is_ml or tables()[report].holds == "bill":
                self._add(report, is_ml, cost)

    def _add(self, table: str, is_ml: bool, cost: float) -> None:
        row: dict[str, Any] = dict.fromkeys(COSTS, cost) | {"direct_cost": cost, "shared_cost": 0, "is_ml": is_ml}
        row |= {"billing_period": "2026-10", "billing_currency": "USD"}
        held = {column.name: row[column.name] for column in tables()[table].columns if column.name in row}
        self.connection.execute(
            f"INSERT INTO {tables()[table].qualified} ({', '.join(held)}) VALUES ({', '.join('?' * len(held))})",
            list(held.values()),
        )

    def change(self, what: str) -> None:
        self.connection.execute(f"UPDATE {tables()[self.report].qualified} SET {what}")

    def passes(self) -> bool:
        _, evaluate = conserves_total(self.report, of="attributed_costs")
        noted = SimpleNamespace(connection=self.connection, note_check=lambda _: None)
        return evaluate(noted, ["2026-10"]).passed  # type: ignore[arg-type]


def changes() -> Iterator[tuple[str, str]]:
    for report in REPORTS:
        yield report, "billing_currency = 'EUR'"
        for column in tables()[report].columns:
            if column.name in (*COSTS, *PARTS):
                yield report, f"{column.name} = {column.name} + 0.0000000001"


@pytest.mark.parametrize(("report", "change"), changes())
def test_a_report_passes_as_it_is_and_fails_when_its_last_digit_or_its_currency_is_another(
    report: str, change: str
) -> None:
    lake = Lake(report)
    assert lake.passes()
    lake.change(change)
    assert not lake.passes()


def test_a_report_that_lost_a_cent_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 9.0)])
    world.refresh()
    real = LakeWriter.replace

    def loses_a_cent(writer: LakeWriter, table: str, *given: Any, **more: Any) -> Any:
        made = real(writer, table, *given, **more)
        if table == "model_costs":
            writer.connection.execute("UPDATE model_costs SET billed_cost = billed_cost - 0.01")
        return made

    monkeypatch.setattr(LakeWriter, "replace", loses_a_cent)
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 8.0)], execution="2")
    done = refresh_now(world.config, [], everything=False, quiet=True)
    assert done.failures[0].startswith("model_costs · conserves_total: 2026-10 is off by -0.01")
    assert world.query("SELECT sum(billed_cost) FROM model_costs") == [(9,)]
