"""How fresh and how sound the data is: checks, deliveries, versions."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source

PATH, MENU = "/data", "Data"


def page(asked: Asked) -> Page:
    """What failed comes first."""
    return Page(
        "Data",
        "Is the data fresh, whole and sound?",
        of_month=False,
        tables=[
            Source("Checks", statement(__file__, "data"), {}, empty="No check has run yet."),
            Source("Deliveries of the exports", statement(__file__, "drops"), {}, empty="Nothing was delivered yet."),
            Source(
                "Published versions",
                statement(__file__, "refreshes"),
                {},
                links={"snapshot": lambda row: asked.link("/", v=row["snapshot"])},
                note="A version is kept for as long as retention in mlcost.yaml says.",
            ),
        ],
    )
