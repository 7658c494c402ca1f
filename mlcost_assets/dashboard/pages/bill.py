"""The bill: its lines as they were exported, each with its file and row."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source

PATH, MENU = "/bill", "Bill"


def page(asked: Asked) -> Page:
    """All lines of the month, or those of one `resource` or `usage_type`."""
    narrowed = {name: asked.view.other.get(name) for name in ("resource", "usage_type")}
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in narrowed.items() if value)
    lines = Source(
        f"Lines of {asked.period}{f', {told}' if told else ''}",
        statement(__file__, "bill"),
        asked.given | narrowed,
        links={"resource_id": asked.to_resource},
        note="Parts of split cost allocation are left out: they are parts of lines that stand here.",
    )
    return Page("Bill", "Which lines of the export is this made of?", tables=[lines])
