"""Organisations written blind load, and their truth has every dollar of their bill."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.organisations.load import HERE, ORGANISATIONS, load
from benchmarks.organisations.organisation import Organisation
from benchmarks.organisations.template import days_of, filled

AUGUST = [date(2026, 8, day) for day in range(1, 32)]


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_dollar_of_an_organisation_has_its_truth(name: str) -> None:
    read = load(HERE / name)
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for one in read.charges:
        if "split_of" not in one.row:
            billed[one.period] += one.billed
    told: dict[str, Decimal] = defaultdict(Decimal)
    for charge, _, _, part in read.truth:
        told[charge.period] += part
    assert told == billed
    assert len(read.truth) >= 600


def test_generated_ids_agree_between_bill_and_records_and_differ_from_day_to_day() -> None:
    first, same = filled("<dayhex:job:6>", {}, AUGUST[0]), filled({"x": ["<dayhex:job:6>"]}, {}, AUGUST[0])
    assert same == {"x": [first]}
    assert first != filled("<dayhex:job:6>", {}, AUGUST[1])
    assert filled("<id:pod:5>", {"turn": "a"}, AUGUST[0]) == filled("<id:pod:5>", {"turn": "a"}, AUGUST[1])


def test_a_placeholder_that_nobody_named_is_refused() -> None:
    with pytest.raises(ValueError, match="<prod>"):
        filled("<prod>:endpoint/x", {})


def test_days_are_ranges_weekdays_or_lists() -> None:
    found = [
        [day.day for day in days_of(text, AUGUST)]
        for text in ("2026-08-29..2026-09-02", "2026-08-01..2026-08-09 mon-fri", "tue/thu", "2026-08-05, 2026-08-19")
    ]
    assert found == [[29, 30, 31], [3, 4, 5, 6, 7], [4, 6, 11, 13, 18, 20, 25, 27], [5, 19]]


ABOUT = """
company: A shop.
payer: "111111111111"
region: eu-west-1
months: ["2026-08"]
accounts: {"111111111111": shop}
"""


def written(folder: Path, blocks: str) -> Organisation:
    (folder / "organisation.yaml").write_text(ABOUT)
    (folder / "kinds.yaml").write_text(blocks)
    return load(folder)


def test_a_pooled_charge_follows_the_direct_cost_of_its_month(tmp_path: Path) -> None:
    read = written(
        tmp_path,
        """
- kind: endpoints
  expert: By name.
  bill:
    - {type: Fee, days: 2026-08-02, account: "<shop>", service: S, cost: 30, owner: {model: a, team: t, environment: prod}}
    - {type: Fee, days: 2026-08-03, account: "<shop>", service: S, cost: 10, owner: {model: b, team: t, environment: prod}}
- kind: tax
  expert: Follows what it is on.
  pooled: account
  bill: [{type: Tax, days: 2026-08-01, account: "<shop>", service: S, cost: 8}]
""",
    )
    assert [(owner[1], part) for charge, owner, part, _ in read.truth if charge.kind == "tax"] == [("a", 6), ("b", 2)]


def test_a_split_cost_row_is_in_no_total_and_a_savings_plan_costs_what_it_covers(tmp_path: Path) -> None:
    read = written(
        tmp_path,
        """
- kind: node
  expert: By its pods.
  owner: {model: a, team: t, environment: prod}
  bill:
    - {days: 2026-08-01, account: "<shop>", type: SavingsPlanCoveredUsage, service: AmazonEC2, resource: i-1, cost: 10, effective: 6}
    - {days: 2026-08-01, account: "<shop>", service: AmazonEC2, resource: pod, split_of: i-1, cost: 4}
    - {days: 2026-08-01, account: "<shop>", type: SavingsPlanRecurringFee, service: Plans, cost: 9}
""",
    )
    covered = read.charges[0].effective
    assert [(one.type, one.billed, one.effective) for one in read.charges if one.row["service"] == "AmazonEC2"] == [
        ("SavingsPlanCoveredUsage", 0, covered),
        ("SavingsPlanNegation", 0, 0),
        ("Usage", read.charges[-2].cost, read.charges[-2].cost),
    ]
    assert [part for _, _, part, _ in read.truth] == [covered, 9 - covered]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("{cost: 1, colour: red}", "unknown key colour"),
        ("{cost: 1, owners: [{share: 0.5}, {share: 0.4}]}", "sum to 0.9"),
        ("{cost: 1, owner: {modell: a}}", "unknown key modell"),
        ("{cost: 1, account: <shpo>}", "<shpo>"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_kind(tmp_path: Path, row: str, complaint: str) -> None:
    block = f"- {{kind: x, expert: y, bill: [{row.replace('{cost', '{account: a, service: s, cost', 1)}]}}"
    with pytest.raises(ValueError, match=complaint):
        written(tmp_path, block)
