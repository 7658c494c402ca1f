"""Organisations written blind load, and their truth has every dollar of their bill."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from benchmarks.organisations.load import ORGANISATIONS, load
from benchmarks.organisations.template import days_of, filled

AUGUST = [date(2026, 8, day) for day in range(1, 32)]


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_dollar_of_an_organisation_has_its_truth(name: str) -> None:
    read = load(name)
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for one in read.charges:
        if one.type not in ("SavingsPlanCoveredUsage", "SavingsPlanNegation") and not one.row.get("split_of"):
            billed[one.period] += one.cost
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
