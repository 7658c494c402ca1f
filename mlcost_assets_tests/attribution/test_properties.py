"""What holds of every organisation, whatever it is billed, records and rules: money, evidence, order, repetition."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from mlcost_assets_tests.attribution.organisations import Organisation, organisation
from mlcost_assets_tests.world import World

SEED = 7
COSTS = "sum(billed_cost), sum(effective_cost), sum(list_cost), sum(contracted_cost)"
DIMENSIONS = ("model", "project", "pipeline", "experiment", "team", "environment", "business_function", "agent")


def installed(folder: Path, of: Organisation, shuffled: int | None = None) -> World:
    """The organisation's installation, refreshed; `shuffled` lets everything come in another order and other files."""
    world = World(folder)
    world.rules(of.rules)
    landed, billed = list(of.landed), {period: list(rows) for period, rows in of.billed.items()}
    if shuffled is not None:
        chance = Random(shuffled)
        for rows in (landed, *billed.values()):
            chance.shuffle(rows)
        world.land(*landed[::2], file="later/part-b.jsonl")
        landed = landed[1::2]
    world.land(*landed)
    for period, rows in billed.items():
        world.bill(rows, period=period, chunks=1 if shuffled is None else 3)
    world.refresh()
    return world


@pytest.fixture(scope="module")
def of() -> Organisation:
    return organisation(SEED)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, of: Organisation) -> World:
    return installed(tmp_path_factory.mktemp("organisation"), of)


def attributed(world: World) -> list[tuple[Any, ...]]:
    # Evidence names files and lines, which differ with the order in which they landed.
    return sorted(world.query("SELECT * EXCLUDE (evidence_id) FROM attributed_costs"), key=repr)


def test_all_four_costs_are_conserved_for_every_period_currency_and_charge(world: World) -> None:
    of_what = "billing_period, billing_currency, charge_date, account_id, service_code, charge_category, usage_type, operation, resource_id"
    billed = f"""
        SELECT {of_what.replace("charge_date", "CAST(charge_period_start AS DATE)").replace("account_id", "sub_account_id").replace("service_code", "x_service_code")
                .replace("usage_type", "x_usage_type").replace("operation", "x_operation").replace("resource_id", "coalesce(resource_id, '')")}, {COSTS}
        FROM line_items WHERE NOT is_split_cost GROUP BY ALL
    """  # fmt: skip
    given = f"SELECT {of_what}, {COSTS} FROM attributed_costs GROUP BY ALL"
    assert world.query(f"(({billed}) EXCEPT ALL ({given})) UNION ALL (({given}) EXCEPT ALL ({billed}))") == []
    assert len(world.query(f"SELECT billing_period, billing_currency, {COSTS} FROM attributed_costs GROUP BY ALL")) == 4


def test_every_dimension_of_every_row_has_its_evidence(world: World) -> None:
    for dimension in DIMENSIONS:
        without = f"""
            SELECT * FROM attributed_costs AS row WHERE {dimension} IS NOT NULL AND NOT EXISTS (
                FROM attribution_evidence AS reason WHERE reason.billing_period = row.billing_period AND reason.evidence_id = row.evidence_id
                AND (reason.dimension = '{dimension}' AND reason.value = row.{dimension} OR reason.method = 'proportional' OR starts_with(reason.statement, 'split ')))
        """  # fmt: skip
        assert world.query(without) == []


def test_who_is_not_known_is_said_to_be_nobody(world: World) -> None:
    nobody = "coalesce(model, project, pipeline, experiment, team, business_function) IS NULL"
    assert world.query(f"FROM attributed_costs WHERE ({nobody}) <> (method = 'none')") == []
    assert (
        world.query("FROM attributed_costs WHERE stage IS NULL OR is_ml IS NULL OR confidence NOT BETWEEN 0 AND 1")
        == []
    )


def test_the_order_in_which_things_arrive_changes_nothing(world: World, of: Organisation, tmp_path: Path) -> None:
    assert attributed(installed(tmp_path, of, shuffled=1)) == attributed(world)


def test_refreshing_again_changes_nothing(world: World) -> None:
    before = attributed(world)
    world.refresh(everything=True)
    assert attributed(world) == before
