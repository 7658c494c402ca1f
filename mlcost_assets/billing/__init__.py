"""Bills: from what AWS delivered to `line_items` and `daily_charges`.

manifests.py finds drops, plan.py says which of them there is something to load of, load.py takes one up: source.py
opens its files, `<format>.sql` maps them to FOCUS, replace.py verifies them and puts them in their period's place.
ledger.py remembers. What a charge is for is decided elsewhere (attribution/).
"""

from mlcost_assets.lake.sql import read_sql


def daily_charges_sql() -> str:
    """The statement of daily_charges; attribution reads hours with it where a day has to be cut."""
    return read_sql(__file__, "daily_charges")
