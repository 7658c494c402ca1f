"""The first page: what the month came to, what of it is ML, who owns it, and what moved."""

from collections.abc import Iterator

from mlcost_assets.dashboard.page import Asked, Bar, Chart, Figure, Page, statement
from mlcost_assets.dashboard.tables import Row, Source
from mlcost_assets.dashboard.trends import by_day

PATH, MENU = "/", "Overview"


def page(asked: Asked) -> Page:
    """Figures of the month in each currency, the months as bars, the models that moved most."""
    months = asked.rows(__file__, "overview")
    now = [row for row in months if row["billing_period"] == asked.period]
    earlier = {row["billing_currency"]: row for row in months if row["billing_period"] == asked.before}
    figures = []
    for row in now:
        currency = row["billing_currency"]
        was = earlier.get(currency, {})
        share = row["with_a_team"] / row["ml_spend"] if row["ml_spend"] else None
        figures += [
            Figure(
                "Bill", row["bill"], currency, asked.link("/environments"), _until(asked), was.get("bill"), asked.before
            ),
            Figure(
                "of which ML", row["ml_spend"], currency, asked.link("/models"), "", was.get("ml_spend"), asked.before
            ),
            Figure(
                "of no known team",
                row["of_no_known_team"],
                currency,
                asked.link("/charges", unknown="team", is_ml="true"),
                share=share,
                share_said="of the ML spend has a team",
            ),
            *_ahead(asked, currency),
        ]
    currencies = sorted({row["billing_currency"] for row in months})
    charts = [
        Chart(
            f"ML spend by month{f', {one}' if len(currencies) > 1 else ''}",
            one,
            [
                Bar(
                    row["billing_period"],
                    row["with_a_team"],
                    asked.link("/", period=row["billing_period"]),
                    row["ml_spend"],
                )
                for row in reversed(months)
                if row["billing_currency"] == one
            ],
            part="with a team",
            whole="all",
        )
        for one in currencies
    ]

    def to_model(row: Row) -> str:
        return asked.to_model(row) or asked.link("/gaps", dimension="model")

    movers = Source(
        f"What moved since {asked.before}" if asked.before else "Models",
        statement(__file__, "movers"),
        asked.given,
        links=dict.fromkeys(("model", "cost", "change"), to_model)
        | {"cost_before": lambda row: asked.of_month(asked.before).to_model(row)},
        note="A month in progress is compared with a whole one." if asked.bill.lacks else "",
    )
    alerts = Source(
        "What the checks complain about",
        statement(__file__, "alerts"),
        {},
        links={"check_name": lambda _: asked.link("/data")},
        empty="All checks of the last run passed.",
    )
    days = by_day(
        f"ML spend by day in {asked.period}",
        asked.rows(__file__, "days", named=None),
        lambda stage: asked.link("/charges", stage=stage, is_ml="true"),
    )
    return Page(
        "Overview",
        near=[("Why it changed", asked.link("/reports/drivers"))] if asked.before else [],
        figures=figures,
        trends=days,
        charts=charts,
        tables=[movers, alerts],
        of_cost=True,
    )


def _ahead(asked: Asked, currency: str) -> Iterator[Figure]:
    """ML spend without a model; and of the newest month what came since the bill, and where it is expected to land."""
    for row in asked.rows(__file__, "of_no_known_model"):
        if row["billing_currency"] == currency:
            yield Figure("of no known model", row["cost"], currency, asked.link("/gaps", dimension="model"))
    if asked.period != asked.periods[-1] or asked.view.cost != "effective":
        return
    for row in asked.rows(__file__, "since_bill"):
        if row["billing_currency"] == currency:
            since = f"Estimated since {row['billed_until']:%d %B, %H:%M}"
            note = f"to {row['as_of']:%d %B, %H:%M}, not to be added: the bill may tell a part of it already"
            yield Figure(since, row["estimated"], currency, asked.link("/reports/live"), note)
    for row in asked.rows(__file__, "landing"):
        if row["billing_currency"] == currency and asked.bill.lacks:
            off = (
                f"; the backtest was off by {row['backtest_percent']:.0f} %"
                if row["backtest_percent"] is not None
                else ""
            )
            note = f"as billed to {row['trained_to']:%d %B}, then as forecast{off}"
            yield Figure("ML spend lands at", row["landing"], currency, asked.link("/forecast"), note)


def _until(asked: Asked) -> str:
    return "month to date" if asked.bill.lacks else ""
