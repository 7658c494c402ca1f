"""How commands speak: what they print holds names of others, so it is cleaned here; only we print in bold."""

import shutil
import sys
import textwrap

import click

from mlcost_assets.text import clean

_NARROWEST = 40
# Where bold begins and ends while lines are folded: a letter each, which clean() leaves in no name.
_BOLD, _PLAIN = "\x02", "\x03"


class Bold(str):
    """A part of a line that is printed in bold."""

    __slots__ = ()


def say(*parts: str, err: bool = False, nl: bool = True, whole: bool = False) -> None:
    """Prints the parts, one behind the other, to standard output or error; no name in them reaches the terminal raw.

    In a terminal, lines are folded between words, and what follows is indented; what is `whole`, or has no end of its
    own (`nl`), is a document and stays as it is, and so does all that goes into a pipe.
    """
    told = "".join(f"{_BOLD}{clean(part)}{_PLAIN}" if isinstance(part, Bold) else clean(part) for part in parts)
    width = 0 if whole or not nl else _width(err)
    if width and any(len(line) > width for line in told.splitlines()):
        told = "\n".join(_folded(line, width) for line in told.split("\n"))
    click.echo(told.replace(_BOLD, "\x1b[1m").replace(_PLAIN, "\x1b[0m"), err=err, nl=nl)


def _width(err: bool) -> int:
    """Of the terminal; 0 where nobody reads in one."""
    stream = sys.stderr if err else sys.stdout
    return max(_NARROWEST, shutil.get_terminal_size().columns) if stream.isatty() else 0


def _folded(line: str, width: int) -> str:
    """No name and no number is broken, however long."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
        drop_whitespace=True, replace_whitespace=False,
    )  # fmt: skip
