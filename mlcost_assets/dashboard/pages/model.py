"""One model: what it costs by stage and environment, month by month, and the charges that this is made of."""

from dataclasses import replace

from mlcost_assets.dashboard.page import Asked, Figure, Page, months_drawn, statement
from mlcost_assets.dashboard.pages.charges import charges
from mlcost_assets.dashboard.pages.reports import answer
from mlcost_assets.dashboard.tables import Source
from mlcost_assets.dashboard.trends import by_day
from mlcost_assets.dashboard.view import part

PATH = "/models/{name:path}"


def page(asked: Asked) -> Page:
    """Raises NotThereError for a model that no published charge has."""
    name = asked.path["name"]
    months = asked.rows(__file__, "model_months", named=name)
    if not months:
        raise asked.no_such("model", name)
    stages = Source(
        f"{name} in {asked.period}, by stage and environment",
        statement(__file__, "stages"),
        asked.given | {"named": name},
        links={one: lambda row: asked.to_charges(row, "stage", "environment", model=name) for one in ("cost", "stage")}
        | {"team": asked.to_team, "environment": asked.to_environment},
        empty=f"{name} cost nothing in {asked.period}.",
    )
    own = replace(asked, view=replace(asked.view, narrowed={**asked.view.narrowed, "model": name}))
    asked_for = asked.given | {"named": name}
    more = [
        Source(f"Why it changed since {asked.before}", statement(__file__, "model_drivers"), asked_for)
        if asked.before
        else None,
        Source(
            "What a thousand predictions cost",
            statement(__file__, "model_units"),
            asked_for,
            empty="Nothing served it in this month.",
        ),
        Source(
            "What running it another way would save",
            statement(__file__, "model_scenarios"),
            asked_for,
            links={
                "resource": lambda row: asked.link("/whatif", of=row["resource"]),
                "scenario": lambda row: asked.link("/whatif", of=row["resource"], to=row["scenario"]),
            },
            note="Of the last 30 full days; each scenario stands alone. Follow one to ask it with numbers of your own.",
            empty="It runs on no endpoint and no notebook of its own.",
            summed=(),
        ),
        replace(answer(asked, "gpu", model=name), title="Its GPUs and other accelerators", empty="It uses none."),
    ]
    days = by_day(
        f"Day by day in {asked.period}",
        asked.rows(__file__, "days", named=name),
        lambda stage: asked.link("/charges", model=name, stage=stage),
    )
    return Page(
        name,
        "What is this model's cost made of?",
        of_cost=True,
        trends=days,
        near=[
            ("Why these costs are its own, drawn", asked.link("/explain", model=name)),
            ("What it would cost another way", asked.link("/whatif", of=name)),
            ("What of it runs for nobody", asked.link("/reports/idle", model=name)),
        ],
        figures=[
            Figure(
                f"Expected in the {row['days']} days from {row['first_day']}",
                row["expected"],
                row["billing_currency"],
                asked.link("/forecast"),
                f"an estimate; its backtest was off by {row['backtest_percent']:.0f} %"
                if row["backtest_percent"] is not None
                else "an estimate; the series is too short for a backtest",
            )
            for row in asked.rows(__file__, "model_forecast", named=name)
        ],
        charts=months_drawn(asked, f"/models/{part(name)}", months),
        tables=[stages, *filter(None, more), charges(own, "Charges of the month")],
    )
