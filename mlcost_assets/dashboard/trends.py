"""What is drawn over time: lines, layers, small lines. Amounts are exact; only places on the screen are rounded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

WIDE, TALL = 1000, 200  # of a drawing, whatever room it gets on the screen
_SPARK_WIDE, _SPARK_TALL, _SPARK_EDGE = 96, 24, 3
_KINDS = 6  # as many as there are colours and patterns
_MOST_TICKS = 5


@dataclass(frozen=True)
class Series:
    """One line or one layer: a value for each label of its chart."""

    name: str
    values: Sequence[Decimal]
    link: str = ""

    @property
    def total(self) -> Decimal:
        """All of its values."""
        return sum(self.values, Decimal(0))


class Drawn(NamedTuple):
    """A series with the `points` of its line or of the outline of its layer; `kind` is its colour and pattern."""

    series: Series
    points: str
    kind: int


@dataclass(frozen=True)
class Lines:
    """Series over the same `labels` (days, months), as lines, or as layers on one another where they sum to a whole."""

    title: str
    unit: str
    labels: Sequence[str]
    series: Sequence[Series]
    stacked: bool = False
    note: str = ""

    @property
    def drawn(self) -> list[Drawn]:
        """The series as they are drawn, the first one at the bottom."""
        if not self.stacked:
            return [Drawn(one, self._points(one.values), place % _KINDS) for place, one in enumerate(self.series)]
        return [
            Drawn(one, f"{self._points(above)} {self._points(below, back=True)}", place % _KINDS)
            for place, (one, below, above) in enumerate(zip(self.series, self._edges, self._edges[1:], strict=False))
        ]

    @property
    def ticks(self) -> list[tuple[Decimal, str]]:
        """Round values with the heights, in percent, of the lines that are drawn for them."""
        low, high = self._range
        step = _round_step(high - low)
        first = (low / step).to_integral_value(rounding="ROUND_CEILING")
        values = [step * (first + place) for place in range(int((high - low) / step) + 1)]
        return [(one, f"{self._height(one) / TALL * 100:.2f}") for one in values if one <= high]

    @property
    def marks(self) -> list[tuple[str, str, str]]:
        """Labels that fit under a chart on a telephone: with the place of each, in percent, and how it is anchored."""
        last = len(self.labels) - 1
        apart = next((n for n in (4, 3, 2) if last > 0 and last % n == 0), 1)
        places = [last * part // apart for part in range(apart + 1)] if last > 0 else [0]
        anchors = {0: "start", last: "end"}
        return [
            (self.labels[place], f"{place / last * 100 if last else 0:.2f}", anchors.get(place, "middle"))
            for place in dict.fromkeys(places)
        ]

    @property
    def _edges(self) -> list[list[Decimal]]:
        """From the ground upward, the lines between the layers."""
        columns = [list(accumulate(column, initial=Decimal(0))) for column in zip(*self._values, strict=True)]
        return [list(line) for line in zip(*columns, strict=True)]

    @property
    def _values(self) -> list[Sequence[Decimal]]:
        return [one.values for one in self.series]

    @property
    def _range(self) -> tuple[Decimal, Decimal]:
        """From nothing, or from below it, to the most; never empty."""
        every = [value for line in (self._edges if self.stacked else self._values) for value in line]
        low, high = min([*every, Decimal(0)]), max([*every, Decimal(0)])
        return low, high if high > low else low + 1

    def _height(self, value: Decimal) -> Decimal:
        low, high = self._range
        return TALL * (high - value) / (high - low)

    def _points(self, values: Sequence[Decimal], *, back: bool = False) -> str:
        apart = Decimal(WIDE) / max(len(values) - 1, 1)
        if len(values) == 1:
            values, apart = [*values, *values], Decimal(WIDE)  # one day is drawn as wide as the chart
        points = [f"{apart * place:.0f},{self._height(value):.1f}" for place, value in enumerate(values)]
        return " ".join(reversed(points) if back else points)


def _round_step(reach: Decimal) -> Decimal:
    """1, 2 or 5 with zeros: the least that divides `reach` into few enough parts."""
    power = Decimal(10) ** (reach.adjusted() - 1)
    return next(
        step for step in (power * n for n in (1, 2, 5, 10, 20, 50, 100)) if reach / step <= _MOST_TICKS
    )  # fmt: skip


def sparkline(values: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """Points of a small line over months `YYYY-MM`, at their distance in time, from nothing to the most."""
    months = {month: int(month[:4]) * 12 + int(month[5:]) for month in values}
    first, last = min(months.values()), max(months.values())
    low, high = min([*values.values(), Decimal(0)]), max([*values.values(), Decimal(0)])
    wide, tall = _SPARK_WIDE - 2 * _SPARK_EDGE, _SPARK_TALL - 2 * _SPARK_EDGE
    return [
        (
            f"{_SPARK_EDGE + (wide * (month - first) / (last - first) if last > first else wide):.1f}",
            f"{_SPARK_EDGE + tall * (high - values[name]) / ((high - low) or 1):.1f}",
        )
        for name, month in months.items()
    ]


def by_day(title: str, rows: Sequence[Mapping[str, Any]], link: Callable[[str], str], note: str = "") -> list[Lines]:
    """The stages of a month's days as layers, a chart a currency, the dearest stage at the bottom.

    `rows` have charge_date, stage, cost and billing_currency; `link` leads to what is behind a stage, and of '' to
    what is behind all.
    """
    currencies = sorted({row["billing_currency"] for row in rows})
    return [
        _layers(
            f"{title}, {one}" if len(currencies) > 1 else title,
            [row for row in rows if row["billing_currency"] == one],
            link,
            note,
        )
        for one in currencies
    ]


def _layers(title: str, rows: Sequence[Mapping[str, Any]], link: Callable[[str], str], note: str) -> Lines:
    days = sorted({str(row["charge_date"]) for row in rows})
    costs = {(row["stage"], str(row["charge_date"])): row["cost"] for row in rows}
    stages = [
        Series(stage, [costs.get((stage, day), Decimal(0)) for day in days], link(stage))
        for stage in dict.fromkeys(row["stage"] for row in rows)
    ]
    dearest = sorted(stages, key=lambda one: (-one.total, one.name))
    own, rest = (dearest, []) if len(dearest) <= _KINDS else (dearest[: _KINDS - 1], dearest[_KINDS - 1 :])
    if rest:
        sums = [sum(column, Decimal(0)) for column in zip(*(one.values for one in rest), strict=True)]
        own = [*own, Series(f"{len(rest)} other stages", sums, link(""))]
    return Lines(title, rows[0]["billing_currency"], days, own, stacked=True, note=note)
