"""Who may see what, and who signed in: for admins."""

from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.dashboard.tables import Rows

PATH, MENU = "/people", "People"
ROLE = "admin"  # nobody else has this page


def page(asked: Asked) -> Page:
    """The roles as mlcost.yaml gives them. Raises NotThereError where there is no login."""
    if not asked.access:
        raise NotThereError("This dashboard has no login: whoever works on this machine sees everything.")
    roles = [
        {"whose": role.whose, "role": role.role, "teams": _teams(role.teams)} for role in asked.access.dashboard.roles
    ]
    return Page(
        "People",
        "Who may see what, and who signed in?",
        of_month=False,
        tables=[
            Rows("Roles", roles, note="As dashboard.roles in mlcost.yaml gives them; of several, the most counts."),
            Rows(
                "Signed in since this server started",
                asked.access.signed_in.rows(),
                empty="Nobody signed in yet.",
            ),
        ],
    )


def _teams(teams: object) -> str:
    return "their own" if teams == "own" else ", ".join(teams) if isinstance(teams, list) else "all"
