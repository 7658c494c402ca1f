"""`mlcost export`: a period written out for other tools."""

from pathlib import Path

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say


@click.group(short_help="Write a billing period for other FinOps tools.")
def export() -> None:
    """Write a billing period for other FinOps tools."""


@export.command(short_help="Write a billing period as FOCUS 1.2 Parquet.")
@click.option("--period", required=True, type=PERIOD, help="The billing period.")
@click.option(
    "--output", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@config_option
def focus(period: str, folder: Path, config_path: str | None) -> None:
    """Write a billing period as FOCUS 1.2 Parquet, with the attribution as Tags and x_ columns (docs/focus.md)."""
    from mlcost_assets.config import load_config
    from mlcost_assets.reports.focus.export import export_focus

    written = export_focus(load_config(config_path), period, folder)
    say(f"{written.file}  {written.rows:,} rows")
    for currency, (billed, effective) in written.totals.items():
        say(f"  {currency}  BilledCost {billed:f}  EffectiveCost {effective:f}")
