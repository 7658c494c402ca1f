"""`mlcost report chargeback`: who pays what of a month's invoices, as a statement that Finance can post."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say

if TYPE_CHECKING:
    from mlcost_assets.config import Config
    from mlcost_assets.reports.chargeback.statement import Statement

_KEYS = ("team", "model", "environment", "business_function", "cost-centre")
_FORMATS = ("table", "md", "csv", "xlsx", "pdf", "json", "journal")
_SUFFIXES = {".md": "md", ".csv": "csv", ".xlsx": "xlsx", ".pdf": "pdf", ".json": "json", ".txt": "table"}
_FILES = ("xlsx", "pdf")


@click.command(short_help="Who pays what of a month's invoices, to the cent?")
@click.option("--period", type=PERIOD, help="The billing period (default: the newest).")
@click.option("--by", type=click.Choice(_KEYS), default="team", show_default=True, help="Who the parties are.")
@click.option(
    "--status",
    type=click.Choice(["draft", "final"]),
    default="draft",
    show_default=True,
    help="A final statement is kept, and printed again as it was.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="How it is written (default: what the name of --output ends in, else table).",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here: FILE.xlsx, FILE.pdf …")
@config_option
def chargeback(
    period: str | None, by: str, status: str, format_: str | None, output: Path | None, config_path: str | None
) -> None:
    """Who pays what of a month's invoices, to the cent?

    What parties have for themselves, their parts of what is shared (and by what it is divided), what nobody is known to
    own, marketplace, corrections, credits and tax stand apart; they sum to each invoice, in each currency. The amount
    is billed cost; effective cost stands beside it.

    A final statement is kept with the version of the lake that it comes from, and each format of it as it was first
    printed. What changed of it later is an adjustment in the next statement. `journal` writes entries of a ledger, with
    the accounts of `chargeback:` in mlcost.yaml.

    \b
    mlcost report chargeback --period 2026-10
    mlcost report chargeback --period 2026-10 --status final --output october.pdf
    mlcost report chargeback --period 2026-10 --status final --format journal --output october.csv
    """
    from mlcost_assets.config import load_config

    chosen = _format(format_, output)
    config = load_config(config_path)
    made = _statement(config, period, by.replace("-", "_"), status)
    _write(_form(config, made, chosen), chosen, output)
    say(f"{made.status} statement of {made.period}, from version {made.snapshot} of the lake", err=True)


def _format(given: str | None, output: Path | None) -> str:
    """The format that was given, or that the name of the file tells. Raises click.UsageError where neither does."""
    told = _SUFFIXES.get(output.suffix.lower()) if output else None
    if output and not given and not told:
        raise click.UsageError(f"--output {output}: name it {', '.join(_SUFFIXES)}, or say its --format")
    chosen = given or told or "table"
    if chosen in _FILES and output is None:
        raise click.UsageError(f"--format {chosen} needs --output FILE.{chosen}")
    return chosen


def _statement(config: "Config", period: str | None, by: str, status: str) -> "Statement":
    """The statement that is kept where a final one is asked for, else the one that the lake tells now."""
    from mlcost_assets.lake.periods import published_period
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.chargeback.statement import final_statement, finalise, make_statement

    is_final = status == "final"
    # A statement that is kept needs no lake.
    if is_final and period and (kept := final_statement(config, period, by)):
        return kept
    reader = LakeReader(config)
    try:
        period = published_period(reader, period)
        if is_final and (kept := final_statement(config, period, by)):
            return kept
        made, content = make_statement(reader, config, period, by)
        return finalise(reader, config, made, content) if is_final else made
    finally:
        reader.close()


def _form(config: "Config", statement: "Statement", chosen: str) -> bytes:
    """The statement in one of its forms; of a final one what was first printed so."""
    from mlcost_assets.cli.statement_forms import FORMS, as_journal
    from mlcost_assets.reports.chargeback.journal import journal
    from mlcost_assets.reports.chargeback.kept import keep, read_kept
    from mlcost_assets.reports.chargeback.statement import folder_of

    name, write = FORMS.get(chosen, ("journal.csv", None))
    folder = folder_of(config, statement.period, statement.by) / chosen
    if statement.sha256 and (kept := read_kept(folder, name)):
        return kept
    content = write(statement) if write else as_journal(journal(config, statement))
    return keep(folder, name, content) if statement.sha256 else content


def _write(content: bytes, chosen: str, output: Path | None) -> None:
    from mlcost_assets.errors import StorageError

    if output:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise StorageError(f"{output} cannot be written: {error.strerror}") from None
    elif chosen == "table" or sys.stdout.isatty():
        say(content.decode(), nl=False, whole=True)
    else:  # what a program reads is whole
        sys.stdout.write(content.decode())
