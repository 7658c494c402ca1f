"""For any bill of tokens and any estimates: parts sum to their difference, and rows to the bill, to the last digit."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, Row, holding

FINDINGS = (PACKAGE / "reports" / "estimates" / "untied_estimates.sql").read_text(encoding="utf-8")
MADE = statement_of("estimate_vs_bill")
GIVEN = {"billing_period": "2026-10", "periods": ["2026-10"]}

money = st.decimals(min_value=0, max_value=1000, places=10)
tokens = st.integers(0, 10**7)
named = {
    "charge_date": st.sampled_from(["2026-10-05", "2026-10-06"]),
    "model": st.sampled_from(["chat", "help", None]),
}
billed = st.fixed_dictionaries(
    named
    | dict.fromkeys(("billed_cost", "effective_cost", "list_cost"), money)
    | {
        "billing_period": st.just("2026-10"),
        "foundation_model": st.sampled_from(["Claude3.5Sonnet", "NovaLite", None]),
        "direction": st.sampled_from(["input", "output", "cache read", "cache write", "other"]),
        "is_batch": st.booleans(),
        "billing_currency": st.sampled_from(["USD", "USD", "EUR"]),
        "caller": st.sampled_from(["", "ann", "bob"]),
        "tokens": tokens,
        "tokens_unknown_because": st.none(),
    }
)
directions = ("input", "output", "cache_read", "cache_write")
estimates = st.fixed_dictionaries(
    named
    | {f"{failed}{way}_tokens": st.one_of(st.none(), tokens) for way in directions for failed in ("", "failed_")}
    | {
        "source": st.sampled_from(["litellm", "otel"]),
        "foundation_model_key": st.sampled_from(["claude35sonnet", "novalite", "gpt41", None]),
        "foundation_model": st.just("as called"),
        "principal": st.sampled_from(["ann", "bob"]),
        "provider": st.sampled_from(["bedrock", None, "openai"]),
        "cost": money,
        "failed_cost": money,
    }
)


def unknown(rows: Sequence[Row]) -> list[Row]:
    """The rows, each third without tokens."""
    said = {"tokens": None, "tokens_unknown_because": "no unit"}
    return [row | said if place % 3 == 2 else row for place, row in enumerate(map(dict, rows))]


def made_of(bill: Sequence[Row], told: Sequence[Row], sql: str) -> list[tuple[Any, ...]]:
    costs = [{name: value for name, value in row.items() if name != "caller"} for row in bill]
    rows = {"token_callers": bill, "token_costs": costs, "estimated_usage": told}
    with holding(f"{MADE}\n{FINDINGS}", rows, "estimate_vs_bill") as connection:
        run(connection, f"INSERT INTO estimate_vs_bill BY NAME {MADE}", GIVEN)
        return run(connection, sql, GIVEN if "$" in sql else None).fetchall()


# One row of a grain, as estimated_usage has it.
told_once = st.lists(
    estimates,
    max_size=8,
    unique_by=lambda row: tuple(
        str(row[key]) for key in ("charge_date", "source", "foundation_model_key", "model", "principal", "provider")
    ),
)


@settings(max_examples=60, deadline=None)
@given(bill=st.lists(billed, max_size=10), told=told_once, lacking=st.booleans())
def test_parts_sum_to_differences_and_rows_to_the_bill(
    bill: list[Mapping[str, Any]], told: list[Mapping[str, Any]], lacking: bool
) -> None:
    assert made_of(unknown(bill) if lacking else bill, told, FINDINGS) == []


@settings(max_examples=60, deadline=None)
@given(bill=st.lists(billed, max_size=10), told=told_once)
def test_a_rest_has_a_reason_and_every_estimate_stands(
    bill: list[Mapping[str, Any]], told: list[Mapping[str, Any]]
) -> None:
    sql = "SELECT count(*) FILTER (rest <> 0 AND rest_because IS NULL), count(*) FILTER (is_seen), coalesce(sum(estimated_cost), 0) FROM estimate_vs_bill"
    (found,) = made_of(bill, told, sql)
    assert found == (0, len(told), sum(row["cost"] + row["failed_cost"] for row in told))


@settings(max_examples=20, deadline=None)
@given(bill=st.lists(billed, max_size=8), told=told_once, order=st.randoms())
def test_the_order_of_rows_changes_nothing(
    bill: list[Mapping[str, Any]], told: list[Mapping[str, Any]], order: Any
) -> None:
    everything = "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM estimate_vs_bill ORDER BY ALL"
    shuffled = made_of(order.sample(bill, len(bill)), order.sample(told, len(told)), everything)
    assert made_of(bill, told, everything) == shuffled
