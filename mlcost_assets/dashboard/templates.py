"""The components that pages are made of, as templates, and the words that these call functions by."""

from pathlib import Path

import jinja2

from mlcost_assets.dashboard.tables import written
from mlcost_assets.dashboard.terms import meaning
from mlcost_assets.dashboard.trends import sparkline
from mlcost_assets.text import plain


def page_templates() -> jinja2.Environment:
    """The templates of `components/`: what is shown is escaped, and what is not given is an error."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader([Path(__file__).parent / "components"]), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {
        "written": lambda value: written([value])[0],
        "exact": plain,  # as in the downloads, so never 2.6E-8
        "meaning": meaning,
        "sparkline": sparkline,
    }
    return found
