"""The first page: what the month came to, what of it is ML, who owns it, and what moved."""

from mlcost_assets.dashboard.page import Asked, Bar, Chart, Figure, Page, statement
from mlcost_assets.dashboard.tables import Row, Source

PATH, MENU = "/", "Overview"


def page(asked: Asked) -> Page:
    """Figures of the month in each currency, the months as bars, the models that moved most."""
    months = asked.rows(__file__, "overview")
    now = [row for row in months if row["billing_period"] == asked.period]
    figures = []
    for row in now:
        share = row["with_a_team"] / row["ml_spend"] * 100 if row["ml_spend"] else None
        currency = row["billing_currency"]
        figures += [
            Figure("Bill", row["bill"], currency, asked.link("/environments")),
            Figure("of which ML", row["ml_spend"], currency, asked.link("/models")),
            Figure(
                "of no known team",
                row["of_no_known_team"],
                currency,
                asked.link("/charges", unknown="team", is_ml="true"),
                _share(share),
            ),
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
            "The dark part has a known team, the light one has none.",
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
    return Page("Overview", figures=figures, charts=charts, tables=[movers], of_cost=True)


def _share(share: object) -> str:
    return f"{share:.1f} % of the ML spend has a team" if share is not None else ""
