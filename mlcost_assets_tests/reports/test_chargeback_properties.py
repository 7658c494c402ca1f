"""What holds of every chargeback, whatever was billed and whoever owns it: parts sum to invoices, cents to cents."""

import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.lake.sql import as_dicts, run
from mlcost_assets.text import plain
from mlcost_assets_tests.attribution.statements import PACKAGE, Row, holding

ROOM = PACKAGE / "reports" / "chargeback"
QUANTUM = Decimal("0.0000000001")
DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}

amounts = st.integers(-(10**14), 10**14).map(lambda quanta: quanta * QUANTUM) | st.sampled_from(
    [Decimal(0), Decimal("0.005"), Decimal("-0.005"), Decimal("0.01"), Decimal(1)]
)
invoices = st.sampled_from(["A", "B", "C", None])
owners = st.sampled_from(["red", "blue", "green", None])
currencies = st.sampled_from(["USD", "JPY"])
classes = st.sampled_from([None, "Correction"])


def sql(name: str) -> str:
    return (ROOM / f"{name}.sql").read_text(encoding="utf-8")


def sums(rows: Sequence[Row], *key: str, of: str = "billed_cost") -> dict[tuple[Any, ...], Decimal]:
    """The sums of `of` by `key`, those that are nothing left out."""
    found: dict[tuple[Any, ...], Decimal] = {}
    for row in rows:
        at = tuple(row[name] for name in key)
        found[at] = found.get(at, Decimal(0)) + row[of]
    return {key: amount for key, amount in found.items() if amount}


@st.composite
def things(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Charges with their invoices, and the same money by owner, thing by thing."""
    billed, owned = [], []
    for number in range(draw(st.integers(1, 4))):
        payer, currency = draw(st.sampled_from(["p", "q"])), draw(currencies)
        same: dict[str, Any] = {
            "billing_period": "2026-10", "export_name": "e", "billing_account_id": payer, "resource_id": f"r{number}",
            "charge_category": draw(st.sampled_from(["Usage", "Tax", "Credit"])), "billing_currency": currency,
        }  # fmt: skip
        sides = draw(st.lists(st.tuples(invoices, classes, amounts, amounts), min_size=1, max_size=4))
        billed += [
            same | {
                "charge_period_start": "2026-10-05 10:00:00", "sub_account_id": "a", "x_service_code": "s",
                "publisher_name": "AWS", "invoice_id": invoice, "charge_class": class_, "is_split_cost": False,
                "billed_cost": cost, "effective_cost": effective,
            } for invoice, class_, cost, effective in sides
        ]  # fmt: skip
        parts = draw(st.lists(st.tuples(owners, amounts, amounts), max_size=3))
        last = (
            "red",
            sum((side[2] for side in sides), Decimal(0)) - sum((part[1] for part in parts), Decimal(0)),
            sum((side[3] for side in sides), Decimal(0)) - sum((part[2] for part in parts), Decimal(0)),
        )
        owned += [
            same | {
                "charge_date": "2026-10-05", "account_id": "a", "service_code": "s", "evidence_id": "e",
                "team": team, "billed_cost": cost, "effective_cost": effective,
            } for team, cost, effective in [*parts, last]
        ]  # fmt: skip
    return billed, owned


@settings(max_examples=60, deadline=None)
@given(things())
def test_parts_sum_to_every_invoice_and_to_every_owner(made: tuple[list[Row], list[Row]]) -> None:
    billed, owned = made
    rows = {"line_items": billed, "attributed_costs": owned, "attribution_evidence": ()}
    with holding(sql("chargeback"), rows) as connection:
        parts = as_dicts(run(connection, sql("chargeback"), {"billing_period": "2026-10"}))
    for of in ("billed_cost", "effective_cost"):
        invoice = ("billing_account_id", "invoice_id", "billing_currency")
        assert sums(parts, *invoice, of=of) == sums(billed, *invoice, of=of)
        owner = ("billing_account_id", "team", "billing_currency")
        assert sums(parts, *owner, of=of) == sums(owned, *owner, of=of)


@st.composite
def charged(draw: st.DrawFn, period: str) -> list[dict[str, Any]]:
    """Rows of `chargeback` of a month."""
    kinds = st.sampled_from(["direct", "shared", "tax", "credit", "correction", "marketplace"])
    told = draw(
        st.lists(
            st.tuples(st.sampled_from(["p", "q"]), invoices, kinds, owners, amounts, st.sampled_from(sorted(DECIMALS))),
            max_size=12,
        )
    )
    return [
        {
            "billing_period": period, "billing_account_id": payer, "invoice_id": invoice, "kind": kind, "team": team,
            "billed_cost": cost, "effective_cost": cost * 2, "billing_currency": currency,
        } for payer, invoice, kind, team, cost, currency in told
    ]  # fmt: skip


def lines_of(
    period: str, rows: list[dict[str, Any]], said: Sequence[Row], settled: Sequence[str]
) -> list[dict[str, Any]]:
    """The statement of `period`, when `said` was said of the months `settled`; tied out against the same rows."""
    told = {
        "billing_period": period, "dimension": "team", "settled": list(settled), "centres": "[]",
        "said": json.dumps([plain(dict(one)) for one in said]),
    }  # fmt: skip
    bill = [
        {name: value for name, value in row.items() if name not in ("kind", "team")} | {"is_split_cost": False}
        for row in rows
    ]
    both = sql("statement_lines") + sql("tie_out")
    with holding(both, {"chargeback": rows, "line_items": bill}, "statement_lines") as connection:
        run(connection, f"INSERT INTO statement_lines BY NAME {sql('statement_lines')}", told)
        tied = as_dicts(run(connection, sql("tie_out"), told))
        lines = as_dicts(run(connection, sql("lines_in_order")))
    assert [one for one in tied if one["off_by"]] == []
    assert sums(tied, "billing_currency", of="amount") == sums(lines, "billing_currency", of="amount")
    return lines


INVOICE = ("billing_period", "billing_account_id", "invoice_id", "billing_currency")


def rounded(totals: dict[tuple[Any, ...], Decimal]) -> dict[tuple[Any, ...], Decimal]:
    cents = {key: Decimal(1).scaleb(-DECIMALS[key[-1]]) for key in totals}
    printed = {key: total.quantize(cents[key], ROUND_HALF_UP) for key, total in totals.items()}
    return {key: amount for key, amount in printed.items() if amount}


@settings(max_examples=60, deadline=None)
@given(charged("2026-10"))
def test_lines_sum_to_every_invoice_and_printed_cents_to_its_cents(rows: list[dict[str, Any]]) -> None:
    lines = lines_of("2026-10", rows, [], [])
    assert sums(lines, *INVOICE) == sums(rows, *INVOICE)
    assert sums(lines, *INVOICE, of="amount") == rounded(sums(rows, *INVOICE))
    exact, told = (
        sums(lines, *INVOICE[1:3], "section", "billing_currency"),
        sums(lines, *INVOICE[1:3], "section", "billing_currency", of="amount"),
    )
    assert all(abs(exact[one] - told.get(one, 0)) < Decimal(1).scaleb(-DECIMALS[one[-1]]) for one in exact)
    for line in lines:
        smallest = Decimal(1).scaleb(-DECIMALS[line["billing_currency"]])
        assert line["amount"] % smallest == 0
        assert abs(line["amount"] - line["billed_cost"]) < smallest
        assert (line["section"] == "unattributed") == (line["party"] is None and line["because"] is None
                and line["section"] in ("direct", "shared", "unattributed"))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(charged("2026-08"), charged("2026-08"), charged("2026-09"), charged("2026-10"))
def test_a_restatement_is_adjusted_once_to_what_is_known_now(
    before: list[dict[str, Any]], after: list[dict[str, Any]], next_: list[dict[str, Any]], last: list[dict[str, Any]]
) -> None:
    said = lines_of("2026-08", before, [], [])
    said += lines_of("2026-09", after + next_, said, ["2026-08"])
    of_august = [line for line in said if line["billing_period"] == "2026-08"]
    assert sums(of_august, *INVOICE, "party") == sums(
        [row | {"party": row["team"]} for row in after], *INVOICE, "party"
    )
    assert sums(of_august, *INVOICE, of="amount") == rounded(sums(after, *INVOICE))
    again = lines_of("2026-10", after + next_ + last, said, ["2026-08", "2026-09"])
    assert [line for line in again if line["section"] == "adjustment"] == []


@settings(max_examples=60, deadline=None)
@given(charged("2026-08"), charged("2026-08"), charged("2026-09"))
def test_debits_equal_credits_for_every_invoice(
    before: list[dict[str, Any]], after: list[dict[str, Any]], next_: list[dict[str, Any]]
) -> None:
    said = lines_of("2026-08", before, [], [])
    lines = lines_of("2026-09", after + next_, said, ["2026-08"])
    accounts = [{"party": party, "account": "6100"} for party in ("red", "blue", "green", None)]
    given_ = {
        "lines": json.dumps([plain(dict(line)) for line in lines]), "accounts": json.dumps(accounts),
        "credit_account": "2100", "credit_cost_centre": None,
    }  # fmt: skip
    with holding("", {}) as connection:
        entries = as_dicts(run(connection, sql("journal"), given_))
    assert all((entry["debit"] is None) != (entry["credit"] is None) and entry["account"] for entry in entries)
    assert all((entry["debit"] or entry["credit"]) > 0 for entry in entries)
    signed = [entry | {"net": (entry["debit"] or 0) - (entry["credit"] or 0)} for entry in entries]
    assert sums(signed, "reference", "currency", of="net") == {}
    owed = [{**entry, "billing_currency": entry["currency"]} for entry in signed if not entry["is_credit"]]
    assert sums(owed, "billing_currency", of="net") == sums(lines, "billing_currency", of="amount")
