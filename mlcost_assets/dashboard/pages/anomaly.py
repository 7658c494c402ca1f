"""One anomaly: none is detected yet."""

from mlcost_assets.dashboard.page import Asked, NotThereError, Page
from mlcost_assets.errors import excerpt

PATH = "/anomalies/{id:path}"


def page(asked: Asked) -> Page:
    """Raises NotThereError, with the page that says what will be detected."""
    raise NotThereError(
        f"No anomaly is called {excerpt(asked.path['id'])!r}: none are detected yet.",
        [("What will be, and what tells until then", asked.link("/anomalies"))],
    )
