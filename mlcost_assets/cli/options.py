"""Options that commands share."""

import click

config_option = click.option(
    "--config",
    "config_path",
    metavar="FILE",
    help="mlcost.yaml to use (default: $MLCOST_CONFIG, else ./mlcost.yaml).",
)
