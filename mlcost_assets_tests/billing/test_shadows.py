"""Exports of one payer: what shares no account adds up; of two that share one, the one that tells of more counts."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlcost_assets.billing import ledger
from mlcost_assets.billing.shadows import Told
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import Row, charge
from mlcost_assets_tests.world import World


def told(export: str, accounts: str) -> Told:
    return Told(export, frozenset(accounts.split()))


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        ("p/1 p/2", "p/2 p/3", True),
        ("p/1", "p/2", False),
        ("p/1", "q/1", False),
        ("p/", "p/1", True),  # it names no account, and may tell of any
        ("p/", "q/", False),
        ("p/", "p/", True),
    ],
)
def test_exports_share_an_account_of_one_payer(one: str, other: str, shares: bool) -> None:
    assert told("a", one).shares(told("b", other)) is told("b", other).shares(told("a", one)) is shares


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("p/1", "p/1", "first"),  # the order of the configuration decides
        ("p/1", "p/1 p/2", "second"),  # whatever that order is
        ("p/1 p/2", "p/2 p/3", "first"),
        ("p/1 p/2", "p/", "second"),
    ],
)
def test_the_export_that_tells_of_more_accounts_counts(first: str, second: str, counts: str) -> None:
    before = told("first", first).counts_before(told("second", second), ["first", "second"])
    assert before is not told("second", second).counts_before(told("first", first), ["first", "second"])
    assert before is (counts == "first")


def usage(account: str, cost: float) -> Row:
    return charge(cost=cost, line_item_usage_account_id=account, identity_line_item_id=f"{account} {cost}")


def billed(ingested: Ingested) -> dict[str, Decimal]:
    rows = ingested.rows("SELECT export_name, sum(billed_cost) AS billed FROM line_items GROUP BY 1")
    return {row["export_name"]: row["billed"] for row in rows}


def test_members_add_up_until_their_payers_export_tells_of_them_all(tmp_path: Path) -> None:
    world = World(tmp_path / "world", exports=("one", "two", "payer"))
    with LakeWriter(world.config) as lake:
        ingested = Ingested(world, lake)
        world.bill([usage("000000000001", 7.0)], export="one")
        world.bill([usage("000000000002", 8.0)], export="two")
        assert [outcome.state for outcome in ingested.load()] == ["loaded", "loaded"]
        assert billed(ingested) == {"one": 7, "two": 8}
        world.bill([usage("000000000001", 7.0), usage("000000000003", 1.0)], export="payer")
        assert [outcome.state for outcome in ingested.load()] == ["loaded"]
        assert billed(ingested) == {"two": 8, "payer": 8}
        assert ingested.load() == []  # and that is settled
        assert ledger.drop_problems(lake.connection)[0] == (
            "shadowed", "one 2026-10 does not count: export payer tells of its accounts as well and counts",
        )  # fmt: skip
        # A delivery that tells of it no more gives the member's export its place back.
        world.bill([usage("000000000003", 2.0)], export="payer", execution="2")
        assert [outcome.state for outcome in ingested.load()] == ["loaded"]
        assert [(outcome.export, outcome.state) for outcome in ingested.load()] == [("one", "loaded")]
        assert billed(ingested) == {"one": 7, "two": 8, "payer": 2}


def test_the_money_that_is_left_out_is_told(tmp_path: Path) -> None:
    world = World(tmp_path / "world", exports=("first", "second"))
    world.bill([usage("000000000001", 1.0), usage("000000000002", 2.0)], export="first")
    world.bill([usage("000000000002", 2.0), usage("000000000003", 4.5)], export="second")
    with LakeWriter(world.config) as lake:
        _, outcome = Ingested(world, lake).load()
        assert outcome.reason == (
            "export first tells of its accounts as well and counts, without 4.5000000000 USD of 000000000003:"
            " let one export tell of all accounts"
        )
