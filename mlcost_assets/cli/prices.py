"""`mlcost prices`: AWS's public prices, read when somebody asks for it and at no other time."""

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say


@click.group(short_help="Read AWS's public price lists.")
def prices() -> None:
    """Read AWS's public price lists, for what the bill itself does not price."""


@prices.command(short_help="Read the price lists of what the bill has.")
@config_option
def refresh(config_path: str | None) -> None:
    """Read the public price lists of the services and regions of the bill, without credentials.

    Nothing else of mlcost reads them. What scenarios and the ladder of savings plans take of them is published by the
    next `mlcost refresh`. Where a list cannot be read, the prices read before stay.
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.reports.prices.refresh import refresh_prices

    count = refresh_prices(load_config(config_path), lambda line: say(line, err=True))
    say(f"{count:,} prices are kept. Run `mlcost refresh`: it prices scenarios with them.", err=True)
