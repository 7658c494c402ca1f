"""What a page is made of, and what it is asked with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from mlcost_assets.billing.bill_ends import BillEnd, bill_ends
from mlcost_assets.dashboard.lake import Version
from mlcost_assets.dashboard.tables import Row, Rows, Source
from mlcost_assets.dashboard.view import View, part
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.periods import known_periods


class NotThereError(MlcostError):
    """What an address names is not among what is published."""


@dataclass(frozen=True)
class Figure:
    """One number of a page: its label, its exact value, the unit that is said behind it, where it leads."""

    label: str
    value: Decimal | int | None
    unit: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar: `parts` are values from the left, the first the one that counts."""

    label: str
    value: Decimal
    link: str = ""
    of: Decimal | None = None


@dataclass(frozen=True)
class Chart:
    """Bars of one unit under a title; the same numbers stand in a table behind it."""

    title: str
    unit: str
    bars: Sequence[Bar]
    note: str = ""

    @property
    def most(self) -> Decimal:
        """What the longest bar stands for; never 0."""
        return max(
            [abs(bar.of if bar.of is not None else bar.value) for bar in self.bars], default=Decimal(0)
        ) or Decimal(1)


@dataclass(frozen=True)
class Page:
    """A page: the first of `tables` is what its downloads hold. `picture` is an SVG of ours. One that `spans_months`
    can be asked for all months since one (`since`). What a page is not `of` (a month,
    a kind of cost) it does not ask."""

    title: str
    lead: str = ""
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Source | Rows] = ()
    filters: Sequence[str] = ()
    picture: str = ""
    sentences: Sequence[str] = ()
    form: str = ""
    spans_months: bool = False
    of_month: bool = True
    of_cost: bool = False


@dataclass(frozen=True)
class Asked:
    """One request: the version that answers, the view, and the names in the path."""

    version: Version
    view: View
    path: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def periods(self) -> list[str]:
        """The published months, in order."""
        rows = self.version.ask("SELECT DISTINCT billing_period FROM team_costs ORDER BY 1").rows
        return [row["billing_period"] for row in rows]

    @cached_property
    def period(self) -> str:
        """The month that is asked for, or the newest. Raises NotThereError."""
        if not self.periods:
            raise NotThereError("No bill is published yet. Run `mlcost refresh` when an export has delivered one.")
        if self.view.period and self.view.period not in self.periods:
            known = known_periods(self.view.period, self.periods)
            raise NotThereError(f"The billing period {self.view.period} is not published; {known}.")
        return self.view.period or self.periods[-1]

    @property
    def span(self) -> list[str]:
        """The published months from `since`, where the address says so, to the one that is asked for."""
        since = self.view.other.get("since") or self.period
        return [one for one in self.periods if since <= one <= self.period] or [self.period]

    @cached_property
    def before(self) -> str:
        """The published month before that one, '' where there is none."""
        earlier = [one for one in self.periods if one < self.period]
        return earlier[-1] if earlier else ""

    @cached_property
    def bill(self) -> BillEnd:
        """How far the bill of the month goes."""
        return self.version.once(("bill end", self.period), lambda: bill_ends(self.version.cursor, [self.period]))[
            self.period
        ]

    @property
    def given(self) -> dict[str, Any]:
        """The parameters that every page's statements may name."""
        narrowed = {name: self.view.narrowed.get(name) for name in ("model", "team", "environment")}
        return {
            "period": self.period,
            "before": self.before,
            "periods": [self.period],
            "cost": self.view.cost,
        } | narrowed

    def link(self, path: str, **changed: Any) -> str:
        """The address of another page with this view."""
        return self.view.link(path, **changed)

    def of_month(self, period: str) -> "Asked":
        """The same request for another month."""
        return replace(self, view=self.view.of_month(period))

    def to_model(self, row: Row) -> str | None:
        """The page of the row's model; None where it has none."""
        return self.link(f"/models/{part(row['model'])}") if row["model"] else None

    def to_team(self, row: Row) -> str | None:
        """The page of the row's team; None where it has none."""
        return self.link(f"/teams/{part(row['team'])}") if row["team"] else None

    def to_resource(self, row: Row) -> str | None:
        """Why the row's resource has its owner; None where it names none."""
        return self.link("/explain", of=row["resource_id"]) if row["resource_id"] else None

    def rows(self, file: str, name: str, **given: Any) -> list[dict[str, Any]]:
        """The rows of the statement `name` beside the page `file`."""
        return self.version.ask(statement(file, name), self.given | given).rows


def statement(file: str, name: str) -> str:
    """The text of `name`.sql beside the page `file` (its `__file__`)."""
    return Path(file).with_name(f"{name}.sql").read_text(encoding="utf-8")


def months_drawn(asked: Asked, path: str, rows: Sequence[Row]) -> list[Chart]:
    """The months of the thing at `path` as bars, a chart a currency; `rows` have billing_period, cost, currency."""
    currencies = sorted({row["billing_currency"] for row in rows})
    return [
        Chart(
            f"Month by month, {one}" if len(currencies) > 1 else "Month by month",
            one,
            [
                Bar(row["billing_period"], row["cost"], asked.link(path, period=row["billing_period"]))
                for row in rows
                if row["billing_currency"] == one
            ],
        )
        for one in currencies
    ]
