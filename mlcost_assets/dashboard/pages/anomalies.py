"""Costs that are not as they were expected: what will stand here, and what tells of them until then."""

from mlcost_assets.dashboard.page import Asked, Page

PATH, MENU = "/anomalies", "Anomalies"


def page(asked: Asked) -> Page:
    """Nothing is detected yet, and the page says so."""
    near = [
        ("Why the cost changed since the month before", asked.link("/reports/drivers")),
        ("What the next days are expected to cost", asked.link("/forecast")),
        ("What it costs right now", asked.link("/reports/live")),
        ("What the checks complain about", asked.link("/data")),
    ]
    return Page(
        "Anomalies",
        "Which costs are not as they were expected?",
        said="No table of anomalies exists yet: nothing compares a day's cost with what was expected of it. Until one"
        " does, these tell what changed:",
        near=near,
        of_month=False,
        sentences=(
            "A row will be one day, or one run of days, on which a model, team or service cost more or less than its"
            " forecast's interval allows: since when, how much more, and what drove it.",
            "Each refresh will fill it from the tables daily_costs, forecasts and cost_drivers, which are there.",
        ),
    )
