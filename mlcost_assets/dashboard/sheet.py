"""The component sheet: everything that pages are made of, in every state, with rows that are invented."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import jinja2

from mlcost_assets.dashboard.page import Bar, Chart, Field, Figure, Step
from mlcost_assets.dashboard.people import Person
from mlcost_assets.dashboard.tables import Rows, Table, shown
from mlcost_assets.dashboard.terms import terms
from mlcost_assets.dashboard.trends import Lines, Series
from mlcost_assets.dashboard.view import COSTS, View

_HERE = "/components"
_LINK = "?"  # to this page, wherever it is served
_MONTHS = [f"2026-{month:02d}" for month in range(5, 11)]
_STATES = {
    "empty": "No charge of this month is of the stage training.",
    "unanswered": "No endpoint, notebook or model is called 'chrun'.",
    "loading": "The answer is on its way.",
    "error": "The billing period 2026-13 is not published; known are 2026-08 to 2026-10.",
    "stale": "This is version 41, kept as this link shows it.",
    "unfinished": "The bill of 2026-10 ends at 2026-10-30 12:00: AWS may still add to it.",
    "narrowed": "Shown: teams risk, search only; totals are of these.",
    "denied": "You see the teams risk and search. Whoever runs this dashboard can add others.",
}
_FIELDS = (
    Field("of", "Model or resource", "churn", offered=("churn", "church")),
    Field("to", "Run it as", "spot", "choice", choices=[("", "every way that applies"), ("spot", "spot")]),
    Field("reserve_percent", "Kept free of each machine", "20", "range", least="0", most="90", step="1", unit="%"),
    Field("one_off", "The change costs once", kind="number", least="0", unit="USD"),
)


def sheet(templates: jinja2.Environment, root: str, menu: Sequence[tuple[str, str]], who: Person) -> str:
    """The page that shows them all; it reads nothing."""
    view = View(root=root, sort="cost", pages={1: 2})
    return templates.get_template("sheet.html").render(
        root=root, menu=menu, who=who, path=_HERE, view=view, here=lambda **changed: view.here(_HERE, **changed),
        turned=lambda place, page: view.turned(_HERE, place, page),
        figures=_figures(), bars=_bars(), trends=[_lines(stacked=False), _lines(stacked=True)],
        spark=dict(zip(_MONTHS, _amounts(310, 280, 420, 390, 460, 520), strict=True)), table=_table(), steps=_steps(),
        states=_STATES, near=[("churn", _LINK), ("church", _LINK)], costs=COSTS, months=_MONTHS,
        fields=_FIELDS, terms=terms(), confidences=[0.99, 0.75, 0.2],
        methods=[word.removeprefix("method ") for word in terms() if word.startswith("method ")],
    )  # fmt: skip


def _amounts(*values: float) -> list[Decimal]:
    return [Decimal(str(value)).quantize(Decimal("0.0001")) for value in values]


def _figures() -> list[Figure]:
    bill, before, less, equal = _amounts(81234.56, 75000, 90000, 81234.56)
    return [
        Figure("Bill", bill, "USD", _LINK, before=before, before_said="2026-09"),
        Figure("of which ML", bill, "USD", _LINK, "An estimate since 2026-10-30 12:00.", less, "2026-09"),
        Figure(
            "Cost", bill, "USD", before=equal, before_said="2026-09", share=Decimal("0.931"), share_said="attributed"
        ),
        Figure("Requests", 1_234_567),
        Figure("Confidence", None),
    ]


def _bars() -> list[Chart]:
    names = ("search", "risk", "growth", "(none)")
    costs, direct = _amounts(1500, 900, 640, 0), _amounts(1200, 700, 640, 0)
    return [
        Chart("Cost by team", "USD", [Bar(name, cost, _LINK) for name, cost in zip(names, costs, strict=True)]),
        Chart(
            "Cost by team, in parts",
            "USD",
            [Bar(name, own, _LINK, cost) for name, own, cost in zip(names, direct, costs, strict=True)],
            "A note says what the parts are.",
            "direct",
            "all",
        ),
    ]


def _lines(*, stacked: bool) -> Lines:
    days = [f"2026-10-{day:02d}" for day in range(1, 32)]
    names = ("inference", "training", "storage", "experimentation", "monitoring", "3 other stages")
    series = [
        Series(name, _amounts(*(40 + 25 * place + (day * (place + 3)) % 17 for day in range(31))), _LINK)
        for place, name in enumerate(reversed(names))
    ]
    chosen = series if stacked else series[:3]
    return Lines("Stages of a model by day" if stacked else "Models by day", "USD", days, chosen, stacked=stacked)


def _table() -> Table:
    names = ("fraud-detection", "<img src=x onerror=alert(1)>", "naïve 🤖 model", "m" * 90)
    rows = [
        {
            "model": name,
            "team": "risk" if place else None,
            "method": "tag" if place else "telemetry",
            "confidence": 0.99 - place / 5,
            "cost": cost,
            "by_month": dict(zip(_MONTHS, _amounts(*range(place, place + 6)), strict=True)),
            "billing_currency": "USD",
        }
        for place, (name, cost) in enumerate(zip(names, _amounts(900.5, 340.25, -12, 0.004), strict=True))
    ]
    table = shown(Rows("Models", rows, {"model": lambda _: _LINK, "cost": lambda _: _LINK}, note="Invented rows."))
    return replace(
        table,
        paged=True,
        page=2,
        count=120,
        totals=[{"of_currency": "USD", "row_count": 120, "cost": Decimal("81234.56")}],
    )


def _steps() -> list[Step]:
    return [
        Step(
            "model", "visual-search", "tag", 0.99, "tagged Model = visual-search on the resource",
            records=["123456789012/2026-10-31/sagemaker.jsonl.gz:73"],
        ),
        Step(
            "team", "search", "tag", 0.76, "4 of 5 tags of the model's resources say so",
            [(0.97, "agreeing tags"), (0.80, "agreement"), (0.99, "its model's own claim")],
        ),
        Step("environment", None, "none", None, "nothing says so"),
    ]  # fmt: skip
