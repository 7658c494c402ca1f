"""What statements promise of any rows: money divided stays money, and claims flow to an end."""

from collections.abc import Sequence
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PARAMETERS, holding, statement

FEW = settings(max_examples=15, deadline=None)
AMOUNTS = ("usage_quantity", "billed_cost", "effective_cost", "list_cost", "contracted_cost")
# What makes each of them, in their order.
STEPS = {
    "pool_weights": statement("pool_weights"),
    "pool_parts": statement("pooled_costs"),
    "pool_amounts": "FROM divided('pool_parts')",
    "parts_after_pools": statement("parts_after_pools"),
    "split_parts": statement("split_parts"),
    "split_amounts": "FROM divided('split_parts')",
    "parts_after_splits": statement("parts_after_splits"),
}

money = st.decimals(min_value=-1000, max_value=1000, places=10)
part = st.fixed_dictionaries(
    {
        "charge": st.integers(1, 3),
        "team": st.sampled_from(["risk", "growth", "platform", None]),
        "account_id": st.sampled_from(["1", "2", "9"]),
        "usage_class": st.sampled_from(["compute", "tax", "support", "control_plane"]),
        "weight": st.integers(0, 10**9),
        "pool": st.booleans(),
        **dict.fromkeys(AMOUNTS, money),
    }
)
ANY = dict.fromkeys(("model", "project", "team", "environment", "usage", "within"), "[]")
SPLITS = [
    {"name": "fixed", "way": "fixed", "of_charge": False, "cost": "effective_cost"} | ANY | {"team": "[platform]"},
    {"name": "share", "way": "proportional", "of_charge": False, "cost": "list_cost"} | ANY | {"team": "[growth]"},
]


@FEW
@given(parts=st.lists(part, max_size=8))
def test_pools_and_splits_keep_every_amount_of_every_charge(parts: list[dict[str, Any]]) -> None:
    told = {"billing_account_id": "9", "product_code": "p", "billing_currency": "USD", "resource_id": "", "billed_thing": "t"}  # fmt: skip
    rows = [told | one | {"part_id": number, "charge_date": "2026-10-05"} for number, one in enumerate(parts, 1)]
    matches = [
        {"billing_period": "2026-10", "billed_thing": "t", "kind": "split", "name": split["name"], "place": place, "valid_from": "1970-01-01", "valid_to": "9999-12-31"}
        for place, split in enumerate(SPLITS)
    ]  # fmt: skip
    targets = [{"split": "fixed", "team": team, "weight": weight} for team, weight in (("risk", 1), ("growth", 2))]
    with holding(
        "FROM parts_after_splits",
        {"direct_parts": rows, "rule_matches": matches, "splits": SPLITS, "split_targets": targets},
        *STEPS,
    ) as connection:
        before = sums(connection, "direct_parts")
        for step, sql in STEPS.items():
            run(connection, f"INSERT INTO {step} BY NAME {sql}", PARAMETERS)
            if step.startswith("parts_"):
                assert sums(connection, step) == before
        numbered = (
            "SELECT count(*), count(DISTINCT (charge, owner)), count(*) FILTER (weight < 0) FROM parts_after_splits"
        )
        rows_, owners, negative = connection.execute(numbered).fetchone() or (0, 0, 0)
        assert (rows_, negative) == (owners, 0)


def sums(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"sum({amount})" for amount in AMOUNTS)
    return connection.execute(f"SELECT charge, {columns} FROM {relation} GROUP BY charge ORDER BY charge").fetchall()


things = st.sampled_from("abcdef")
edge = st.fixed_dictionaries(
    {
        "from_id": things, "to_id": things, "relation": st.just("produced"), "dimension": st.sampled_from(["model", "team"]), "keep": st.just(0.9), "timed": st.booleans(), "weak": st.booleans(),
        "voices": st.sampled_from([1, 2]),
        "valid_from": st.sampled_from(["2026-10-01", "2026-10-05"]), "valid_to": st.sampled_from(["2026-10-05", "2026-10-09", "9999-12-31"]),
        "label": st.just("l"), "source": st.just("s"),
    }
)  # fmt: skip
claim = st.fixed_dictionaries(
    {
        "resource_key": things, "dimension": st.sampled_from(["model", "team"]), "value": st.sampled_from(["x", "y"]),
        "valid_from": st.sampled_from(["1970-01-01", "2026-10-01"]), "valid_to": st.sampled_from(["2026-10-09", "9999-12-31"]),
        "factors": st.just("[{what: name, factor: 1}]"), "source": st.sampled_from(["lineage", "identity", "name"]), "own": st.booleans(),
        "path": st.just("[]"), "code": st.just("name"), "place": st.just("p"), "said": st.just("s"),
    }
)  # fmt: skip


@FEW
@given(edges=st.lists(edge, max_size=12), claims=st.lists(claim, min_size=1, max_size=5))
def test_flow_comes_to_an_end_and_then_gives_nothing_new(
    edges: Sequence[dict[str, Any]], claims: Sequence[dict[str, Any]]
) -> None:
    with holding(statement("flow"), {"flow_edges": edges, "claimed": claims}, "frontier") as connection:
        connection.execute("INSERT INTO frontier BY NAME SELECT * EXCLUDE (own, method) FROM claimed")
        for _ in range(50):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE hop AS {statement('flow')}")
            if not connection.execute("FROM hop LIMIT 1").fetchone():
                break
            connection.execute("INSERT INTO claimed BY NAME SELECT *, false AS own FROM hop")
            connection.execute("DELETE FROM frontier; INSERT INTO frontier BY NAME FROM hop")
        else:
            raise AssertionError("it still flows after fifty hops")
        connection.execute(
            "DELETE FROM frontier; INSERT INTO frontier BY NAME SELECT * EXCLUDE (own, method) FROM claimed"
        )
        assert connection.execute(statement("flow")).fetchall() == []
