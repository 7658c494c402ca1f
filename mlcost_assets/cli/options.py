"""Options that commands share."""

import re
from typing import Any

import click

from mlcost_assets.errors import ConfigError, excerpt


class Period(click.ParamType[str]):
    """A billing period, `2026-10`. Anything else is a ConfigError before anything is read."""

    name = "yyyy-mm"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """`value` as it stands, where it is a month."""
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
            name = param.opts[0] if param else "--period"
            raise ConfigError(f"{name} {excerpt(value)}: write a billing period as YYYY-MM, such as 2026-10")
        return str(value)


PERIOD = Period()

config_option = click.option(
    "--config",
    "config_path",
    metavar="FILE",
    help="mlcost.yaml to use (default: $MLCOST_CONFIG, else ./mlcost.yaml).",
)
