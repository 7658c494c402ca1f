"""Required tags: where they stand, where they are missing or wrong, and where sources contradict each other."""

from mlcost_assets.dashboard.page import Asked, Page, statement
from mlcost_assets.dashboard.tables import Source

PATH, MENU = "/tags", "Tags"


def page(asked: Asked) -> Page:
    """Compliance of the month, largest gap first, then the contradictions."""
    compliance = Source(
        "Required tags",
        statement(__file__, "tags"),
        asked.given,
        links={"team": asked.to_team, "missing_cost": lambda row: asked.link("/charges", team=row["team"])},
        note="Cost of ML spend and GPU machines that can carry the tag. `mlcost tags audit` writes what would mend it.",
        empty="The month has no ML spend and no GPU machine.",
        summed=(),  # a resource can have each tag
    )
    conflicts = Source(
        "Contradictions",
        statement(__file__, "tag_conflicts"),
        asked.given,
        links={"resource_id": asked.to_resource},
        empty="No two sources contradict each other.",
        summed=(),  # a resource can have several
    )
    return Page("Tags", "How much of the cost carries its tags?", tables=[compliance, conflicts], filters=("team",))
