"""Who pays what of the month's invoices."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source

PATH, MENU = "/chargeback", "Chargeback"


def page(asked: Asked) -> Page:
    """The rows sum to each invoice; `mlcost report chargeback` prints statements, drafts and final ones."""
    shares = Source(
        "Who pays what of each invoice",
        statement(__file__, "chargeback"),
        asked.given,
        links={
            "team": asked.to_team,
            "billed_cost": lambda row: asked.link("/charges", cost="billed", **_of(row["team"])),
            "effective_cost": lambda row: asked.link("/charges", **_of(row["team"])),
        },
        note="Billed cost, net of credits: the rows of an invoice sum to it. (none) is of no known team.",
    )
    return Page("Chargeback", "Who pays what of the month's invoices?", tables=[shares], filters=("team",))


def _of(team: str | None) -> dict[str, str]:
    return {"team": team} if team else {"unknown": "team"}
