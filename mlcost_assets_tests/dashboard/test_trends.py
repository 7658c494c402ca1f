"""What is drawn over time stands where its amounts say, and sums to what they sum to."""

from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets.dashboard.trends import Lines, Series, by_day, sparkline

DAYS = ["2026-10-01", "2026-10-02", "2026-10-03"]


def chart(*series: tuple[int, ...], stacked: bool) -> Lines:
    named = [Series(f"s{place}", [Decimal(value) for value in values]) for place, values in enumerate(series)]
    return Lines("Cost", "USD", DAYS[: len(series[0])], named, stacked=stacked)


def test_lines_go_from_the_ground_to_the_most_and_the_highest_value_is_at_the_top() -> None:
    (line,) = chart((0, 50, 100), stacked=False).drawn
    assert line.points == "0,200.0 500,100.0 1000,0.0"


def test_layers_stand_on_one_another() -> None:
    below, above = chart((10, 20, 10), (10, 20, 30), stacked=True).drawn
    assert below.points == "0,150.0 500,100.0 1000,150.0 1000,200.0 500,200.0 0,200.0"
    assert above.points == "0,100.0 500,0.0 1000,0.0 1000,150.0 500,100.0 0,150.0"


def test_a_credit_goes_below_the_ground_and_one_day_is_as_wide_as_the_chart() -> None:
    (line,) = chart((-50, 50, 0), stacked=False).drawn
    assert line.points == "0,200.0 500,0.0 1000,100.0"
    (layer,) = chart((5,), stacked=True).drawn
    assert layer.points == "0,0.0 1000,0.0 1000,200.0 0,200.0"
    assert chart((0, 0, 0), stacked=False).drawn[0].points == "0,200.0 500,200.0 1000,200.0"


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (100, ["0", "20", "40", "60", "80", "100"]),
        (7, ["0", "2", "4", "6"]),
        (9600, ["0", "2000", "4000", "6000", "8000"]),
        (Decimal("0.03"), ["0", "0.01", "0.02", "0.03"]),
    ],
)
def test_ticks_are_round_and_few(most: Decimal, ticks: list[str]) -> None:
    found = Lines("Cost", "USD", DAYS[:1], [Series("s", [Decimal(most)])]).ticks
    assert [Decimal(text) for text in ticks] == [value for value, _ in found]


def test_marks_are_days_at_their_places() -> None:
    month = [f"2026-10-{day:02d}" for day in range(1, 32)]
    marks = Lines("Cost", "USD", month, [Series("s", [Decimal(1)] * 31)]).marks
    assert marks == [
        ("2026-10-01", "0.00", "start"),
        ("2026-10-11", "33.33", "middle"),
        ("2026-10-21", "66.67", "middle"),
        ("2026-10-31", "100.00", "end"),
    ]


def test_a_month_has_its_dearest_stages_one_layer_each_and_the_rest_in_one_and_no_cent_is_lost() -> None:
    rows: list[dict[str, Any]] = [
        {"charge_date": day, "stage": f"stage-{place}", "cost": Decimal(place + 1), "billing_currency": currency}
        for day in DAYS[:2]
        for place in range(8)
        for currency in ("EUR", "USD")
    ]
    euros, dollars = by_day("Days", rows, lambda stage: f"/charges?stage={stage}")
    assert (euros.title, dollars.unit) == ("Days, EUR", "USD")
    assert [one.name for one in dollars.series] == [*(f"stage-{place}" for place in (7, 6, 5, 4, 3)), "3 other stages"]
    assert dollars.series[0].link == "/charges?stage=stage-7"
    assert sum(one.total for one in dollars.series) == sum(row["cost"] for row in rows) / 2


def test_a_small_line_shows_months_at_their_distance() -> None:
    months = {"2026-08": Decimal(50), "2026-10": Decimal(100), "2026-12": Decimal(0)}
    assert sparkline(months) == [("3.0", "12.0"), ("48.0", "3.0"), ("93.0", "21.0")]
    assert sparkline({"2026-10": Decimal(5)}) == [("93.0", "3.0")]
