"""How commands speak: what they print holds names of others, so it is cleaned here; only we print in bold."""

import click

from mlcost_assets.text import clean


class Bold(str):
    """A part of a line that is printed in bold."""

    __slots__ = ()


def say(*parts: str, err: bool = False, nl: bool = True) -> None:
    """Prints the parts, one behind the other, to standard output or error; no name in them reaches the terminal raw."""
    shown = (click.style(clean(part), bold=True) if isinstance(part, Bold) else clean(part) for part in parts)
    click.echo("".join(shown), err=err, nl=nl)
