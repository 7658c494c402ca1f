"""`mlcost verify`: does what is published follow from its evidence, by other means than those that made it?"""

import sys
from typing import TYPE_CHECKING

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say
from mlcost_assets.text import as_json
from mlcost_assets.words import counted

if TYPE_CHECKING:
    from mlcost_assets.verify.replay import Rows

_SHOWN = 20


@click.command(short_help="Check what is published against exports and evidence.")
@click.option("--period", type=PERIOD, help="Only this billing period.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@config_option
def verify(period: str | None, format_: str, config_path: str | None) -> int:
    """Check every attributed cost against exports, records and rules, independently of the code that attributed it.

    Exit code 1 when something does not follow from its evidence; each finding is listed.
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.verify.replay import depths, replay

    config = load_config(config_path)
    reader = LakeReader(config)
    try:
        looks = list(replay(config, reader, period, lambda asked: say(f"  {asked} ...", err=True)))
        depth = depths(reader, period)
    finally:
        reader.close()
    wrong = sum(len(look.problems) for look in looks)
    if format_ == "json":
        rows = [{"looked_at": look.asked, "size": look.size, "problems": look.problems} for look in looks]
        say(as_json(rows, indent=2), whole=True)
        return 1 if wrong else 0
    for look in looks:
        say(f"{'FAIL ' if look.problems else 'ok   '} {look.asked}{f' ({look.size})' if look.size else ''}")
        for problem in look.problems[:_SHOWN]:
            say(f"      {problem}")
        if len(look.problems) > _SHOWN:
            say(f"      and {len(look.problems) - _SHOWN:,} more")
    _write_depth(depth)
    say(f"\n{counted(wrong, 'thing does', 'things do')} not replay." if wrong else "\nEverything replays.")
    return 1 if wrong else 0


def _write_depth(depth: "Rows") -> None:
    """ML cost by method, beside it what was looked at again, and what the method says."""
    from mlcost_assets.attribution.explain.explain_words import METHODS
    from mlcost_assets.cli.grid import write_grid

    say("\nML cost by method, and how much of it rests on records, tags or rules that were looked at again")
    rows = []
    for one in depth:
        below = "; credits and refunds are more than its charges" if one["effective_cost"] < 0 else ""
        amounts = (one["effective_cost"], one["by_records"], one["billing_currency"])
        rows.append((one["method"], *amounts, f"{METHODS[one['method']]}{below}"))
    write_grid(("method", "ml_cost", "looked_at_again", "currency", "what it rests on"), rows, sys.stdout)
