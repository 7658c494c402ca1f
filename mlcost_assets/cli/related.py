"""How a neighbourhood is printed: as a table for people, as JSON for machines."""

import sys

from mlcost_assets.cli.grid import write_grid
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.lineage.neighbourhood import Neighbourhood, short, words
from mlcost_assets.text import as_json, plain

_COLUMNS = ("step", "from", "relation", "to", "since", "until", "record")


def write_json(around: Neighbourhood) -> None:
    """An array of the edges; those beyond what was asked for have one end, and `others` counts them."""
    rows = [plain(row) for row in [*around.edges, *around.more]]
    say(as_json(rows, indent=2), whole=True)


def write_table(around: Neighbourhood) -> None:
    """What the thing is, then an edge a line."""
    say(Bold(around.key))
    thing = around.things[around.key]
    if thing:
        cost = f", {thing['effective_cost']:,.2f} so far" if thing["effective_cost"] is not None else ""
        lived = f", from {thing['created_at']} to {thing['ended_at'] or 'now'}" if thing["created_at"] else ""
        say(f"  {thing['kind'] or 'only the bill knows it'}{lived}{cost}")
    if not around.edges:
        say("  no record connects it to anything")
        return
    rows = [
        (row["distance"], short(row["from_id"]), words(row["relation"]), short(row["to_id"]),
         row["valid_from"], row["valid_to"] or "now", row["source"])
        for row in around.edges
    ]  # fmt: skip
    write_grid(_COLUMNS, rows, sys.stdout)
    for row in around.more:
        if row["from_id"]:
            say(f"{short(row['from_id'])} {words(row['relation'])} {row['others']:,} more; see --most")
        else:
            say(f"{row['others']:,} more {words(row['relation'])} {short(row['to_id'])}; see --most")
