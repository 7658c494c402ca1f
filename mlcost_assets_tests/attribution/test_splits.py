"""Splits of rules.yaml: how shared costs are divided, to the last digit (CONTRACT §5)."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

NAT = {
    "line_item_usage_type": "NatGateway-Bytes", "line_item_operation": "NatGateway",
    "line_item_resource_id": "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1",
}  # fmt: skip


def instance(number: int, cost: float, **tags: str) -> dict[str, Any]:
    named = {f"user_{key}": value for key, value in tags.items()}
    return charge(cost=cost, line_item_resource_id=f"i-{number:08x}", resource_tags=named)


def refreshed(folder: Path, splits: str, *charges: dict[str, Any]) -> World:
    world = World(folder)
    world.rules("splits:\n" + splits)
    world.bill(list(charges))
    assert not world.refresh().failures
    return world


def shares(folder: Path, splits: str, *charges: dict[str, Any], where: str) -> dict[str | None, Decimal]:
    world = refreshed(folder, splits, *charges)
    found = world.dicts(
        f"SELECT team, sum(effective_cost) AS cost FROM attributed_costs WHERE {where} GROUP BY 1 ORDER BY 1"
    )
    assert world.dicts("SELECT sum(effective_cost) AS cost FROM attributed_costs") == [
        {"cost": sum(Decimal(str(one["line_item_unblended_cost"])) for one in charges)}
    ]
    return {row["team"]: row["cost"] for row in found}


def test_a_platform_team_is_divided_by_fixed_percentages(tmp_path: Path) -> None:
    assert shares(
        tmp_path,
        "  - {name: platform, when: {team: ml-platform}, by: fixed, to: {risk: 60, growth: 40}}\n",
        instance(1, 10.0, team="ml-platform"), instance(2, 5.0, team="risk"),
        where="resource_id = 'i-00000001'",
    ) == {"growth": 4, "risk": 6}  # fmt: skip


def test_an_even_split_hands_out_every_last_digit(tmp_path: Path) -> None:
    found = shares(
        tmp_path,
        "  - {name: thirds, when: {team: shared}, by: even, to: [a-team, b-team, c-team]}\n",
        instance(1, 10.0, team="shared"),
        where="true",
    )
    assert found == {
        "a-team": Decimal("3.3333333334"), "b-team": Decimal("3.3333333333"), "c-team": Decimal("3.3333333333"),
    }  # fmt: skip


def test_a_proportional_split_of_charges_follows_the_cost_within_its_scope(tmp_path: Path) -> None:
    assert shares(
        tmp_path,
        "  - {name: nat, when: {usage_type: '*NatGateway*'}, by: proportional, over: {cost: effective_cost, within: [account_id]}}\n",
        charge(cost=8.0, **NAT), instance(1, 30.0, team="risk"), instance(2, 10.0, team="growth"),
        where="usage_type LIKE '%NatGateway%'",
    ) == {"growth": 2, "risk": 6}  # fmt: skip


def test_a_proportional_split_of_a_team_follows_the_cost_of_the_others(tmp_path: Path) -> None:
    assert shares(
        tmp_path,
        "  - {name: platform, when: {team: ml-platform}, by: proportional, over: {cost: effective_cost}}\n",
        instance(1, 8.0, team="ml-platform"), instance(2, 30.0, team="risk"), instance(3, 10.0, team="growth"),
        where="resource_id = 'i-00000001'",
    ) == {"growth": 2, "risk": 6}  # fmt: skip


def test_a_split_that_is_over_divides_nothing(tmp_path: Path) -> None:
    assert shares(
        tmp_path,
        "  - {name: old, when: {team: ml-platform}, by: fixed, to: {risk: 100}, valid: {to: 2026-01-01}}\n",
        instance(1, 10.0, team="ml-platform"),
        where="true",
    ) == {"ml-platform": 10}  # fmt: skip


def test_the_evidence_names_the_split(tmp_path: Path) -> None:
    world = refreshed(
        tmp_path,
        "  - {name: platform, when: {team: ml-platform}, by: fixed, to: {risk: 60, growth: 40}}\n",
        instance(1, 10.0, team="ml-platform"),
    )
    statements = world.dicts(
        "SELECT DISTINCT statement FROM attribution_evidence SEMI JOIN attributed_costs USING (billing_period, evidence_id)"
    )
    assert {"statement": "split platform: 60000000 of 100000000"} in statements


@pytest.mark.parametrize("cost", [0.1, 33.33, 1e-10])
def test_no_amount_is_too_small_to_be_divided(tmp_path: Path, cost: float) -> None:
    found = shares(
        tmp_path,
        "  - {name: halves, when: {team: shared}, by: even, to: [a-team, b-team]}\n",
        instance(1, cost, team="shared"),
        where="true",
    )
    assert sum(found.values()) == Decimal(str(cost)).quantize(Decimal("1e-10"))
