"""What a page is made of, and what it is asked with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from mlcost_assets.billing.bill_ends import BillEnd, bill_ends
from mlcost_assets.dashboard.lake import Version
from mlcost_assets.dashboard.people import Access, Person
from mlcost_assets.dashboard.tables import Row, Rows, Source
from mlcost_assets.dashboard.trends import Lines
from mlcost_assets.dashboard.view import FILTERS, View, part
from mlcost_assets.errors import MlcostError, UnknownNameError, excerpt
from mlcost_assets.lake.periods import known_periods
from mlcost_assets.reports.answers import refuse_unknown


class NotThereError(MlcostError):
    """What an address names is not among what is published; `near` are names like it, each with its address."""

    def __init__(self, said: str, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(said)
        self.near = near


@dataclass(frozen=True)
class Figure:
    """One number of a page: its label, its exact value, the unit that is said behind it, where it leads.

    `before` is what it is compared with, and `before_said` what that was; `share` is the part of it, from 0 to 1, that
    `share_said` speaks of.
    """

    label: str
    value: Decimal | int | None
    unit: str = ""
    link: str = ""
    note: str = ""
    before: Decimal | None = None
    before_said: str = ""
    share: Decimal | None = None
    share_said: str = ""

    @property
    def change(self) -> Decimal | None:
        """What it is more than before; None where either is not known."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def change_percent(self) -> Decimal | None:
        """The change in percent of what was before; None where that was nothing."""
        return self.change / abs(self.before) * 100 if self.change is not None and self.before else None


@dataclass(frozen=True)
class Bar:
    """One bar: `parts` are values from the left, the first the one that counts."""

    label: str
    value: Decimal
    link: str = ""
    of: Decimal | None = None


@dataclass(frozen=True)
class Chart:
    """Bars of one unit under a title, each with its number beside it. `part` and `whole` say what the two parts are."""

    title: str
    unit: str
    bars: Sequence[Bar]
    note: str = ""
    part: str = "cost"
    whole: str = "all"

    def percent(self, value: Decimal) -> str:
        """The width of a value; the longest bar has all of it. What is below nothing has no width."""
        most = max((abs(bar.value if bar.of is None else bar.of) for bar in self.bars), default=Decimal(0))
        return f"{max(value, Decimal(0)) / most * 100:.2f}" if most else "0"


@dataclass(frozen=True)
class Step:
    """One reason of an explanation. `factors` are those whose product `confidence` is, each with what it is of."""

    dimension: str
    value: str | None
    method: str
    confidence: float | None
    because: str
    factors: Sequence[tuple[float, str]] = ()
    records: Sequence[str] = ()


@dataclass(frozen=True)
class Field:
    """What a form asks for under `name`: text, or one of `choices` (value, what is said) where it is a `choice`, or a
    `number`, or a `range` with a slider, from `least` to `most` in steps. What is `offered` a text may be, or not."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    offered: Sequence[str] = ()
    least: str = ""
    most: str = ""
    step: str = "any"
    unit: str = ""


@dataclass(frozen=True)
class Page:
    """A page: the first of `tables` is what its downloads hold. `picture` is an SVG of ours. One that `spans_months`
    can be asked for all months since one (`since`). What a page is not `of` (a month,
    a kind of cost) it does not ask. `said` is why it has no answer, in one line; `near` are
    other questions, or names to ask of instead, with their addresses. `fields` are what a page of its own kind asks
    for, beside the one text `form`."""

    title: str
    lead: str = ""
    said: str = ""
    near: Sequence[tuple[str, str]] = ()
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    trends: Sequence[Lines] = ()
    steps: Sequence[Step] = ()
    tables: Sequence[Source | Rows] = ()
    filters: Sequence[str] = ()
    picture: str = ""
    picture_title: str = "Picture"
    sentences: Sequence[str] = ()
    form: str = ""
    fields: Sequence[Field] = ()
    spans_months: bool = False
    of_month: bool = True
    of_cost: bool = False


@dataclass(frozen=True)
class Asked:
    """One request: the version that answers, the view, the names in the path, who asks, and of whom else a login
    knows (None where there is none)."""

    version: Version
    view: View
    path: Mapping[str, str] = field(default_factory=dict)
    who: Person = field(default_factory=Person)
    access: Access | None = None

    @cached_property
    def periods(self) -> list[str]:
        """The published months, in order."""
        rows = self.version.ask("SELECT DISTINCT billing_period FROM team_costs ORDER BY 1").rows
        return [row["billing_period"] for row in rows]

    @cached_property
    def period(self) -> str:
        """The month that is asked for, or the newest. Raises NotThereError."""
        if not self.periods and self.who.shown:
            raise NotThereError(f"No published cost is of what you may see. {self.who.shown}.")
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
        month = self.period
        ends = self.version.once(("bill end", month), lambda version: bill_ends(version.cursor, [month]))
        return ends[month]

    @property
    def given(self) -> dict[str, Any]:
        """The parameters that every page's statements may name."""
        narrowed = {name: self.view.narrowed.get(name) for name in FILTERS}
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
        return self._of("model", row)

    def to_team(self, row: Row) -> str | None:
        """The page of the row's team; None where it has none."""
        return self._of("team", row)

    def to_environment(self, row: Row) -> str | None:
        """The page of the row's environment; None where it has none."""
        return self._of("environment", row)

    def _of(self, dimension: str, row: Row) -> str | None:
        """The page of what the row has as its dimension: all of it, whatever else the view is narrowed by."""
        all_of_it = dict.fromkeys(FILTERS)
        return self.link(f"/{dimension}s/{part(row[dimension])}", **all_of_it) if row[dimension] else None

    def to_resource(self, row: Row) -> str | None:
        """Why the row's resource has its owner; None where it names none."""
        return self.link("/explain", of=row["resource_id"]) if row["resource_id"] else None

    def to_charges(self, row: Row, *names: str, **also: Any) -> str:
        """The charges that the row is the sum of: those that have what it says under `names`, or know it as little."""
        said = {name: row[name] for name in names} | also
        known = {name: str(value).lower() if value in (True, False) else value for name, value in said.items()}
        unknown = ",".join(name for name, value in said.items() if value is None)
        return self.link("/charges", **known, unknown=unknown)

    def no_such(self, dimension: str, name: str) -> NotThereError:
        """What to say of a model, team or environment that no published charge has, with the names like it."""
        try:
            refuse_unknown(self.version, dimension, name)
        except UnknownNameError as error:
            return NotThereError(error.said, [(one, self.link(f"/{dimension}s/{part(one)}")) for one in error.near])
        return NotThereError(f"The {dimension} {excerpt(name)!r} has no costs.")

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
