"""Bills: from what AWS delivered to `line_items` and `daily_charges`.

manifests.py finds drops, source.py opens the files of one, `<format>.sql` maps them to FOCUS, load.py
verifies and replaces a period, plan.py says which periods have something to load. What a charge is for
is decided elsewhere (attribution/).
"""

from mlcost_assets.lake.sql import read_sql


def daily_charges_sql() -> str:
    """The statement of daily_charges; attribution reads hours with it where a day has to be cut."""
    return read_sql(__file__, "daily_charges")
