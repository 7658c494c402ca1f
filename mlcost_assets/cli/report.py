"""`mlcost report`: the answers to what people ask of their bill, as a table, a page or a spreadsheet."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlcost_assets.cli.chargeback import chargeback
from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say

if TYPE_CHECKING:
    from mlcost_assets.reports.answers import Report

FORMATS = ("table", "md", "csv", "json", "xlsx")
_SUFFIXES = {f".{format_}": format_ for format_ in FORMATS[1:]}
# Reports that are more than one statement's rows have commands of their own.
_MADE: dict[str, click.Command] = {"chargeback": chargeback}
# The last one first, as decorators stand.
_MONTHS = (
    click.option("--to", "last", type=PERIOD, help="The last billing period."),
    click.option("--from", "first", type=PERIOD, help="The first of several billing periods."),
    click.option("--period", type=PERIOD, help="The billing period (default: the newest)."),
)
_WRITING = (
    click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here: FILE.xlsx, FILE.csv, FILE.md …"
    ),
    click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        help="How it is written (default: what the name of --output ends in, else table).",
    ),
)


class Reports(click.Group):
    """A command for each report of the package, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of the reports."""
        from mlcost_assets.reports.answers import reports

        return sorted({*reports(), *_MADE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of the report of that name, None where there is none."""
        from mlcost_assets.reports.answers import reports

        if cmd_name in _MADE:
            return _MADE[cmd_name]
        found = reports().get(cmd_name)
        return _command(found) if found else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own, but the nearest names are offered for one that is none. Raises click.UsageError."""
        from difflib import get_close_matches

        if self.get_command(ctx, args[0]) is None:
            near = get_close_matches(args[0], self.list_commands(ctx), n=3)
            offered = f" Near it: {', '.join(near)}." if near else ""
            raise click.UsageError(f"No report is called {args[0]!r}.{offered} `mlcost report` lists them.", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Reports, invoke_without_command=True, short_help="Answer a question: a table, a page or a spreadsheet."
)
@click.pass_context
def report(ctx: click.Context) -> None:
    """Print one of the reports below as a table, a page, a spreadsheet or data. What it assumes stands beneath it.

    \b
    mlcost report models --period 2026-10
    mlcost report teams --from 2026-07 --to 2026-09 --output teams.xlsx
    """
    if ctx.invoked_subcommand is None:
        say(ctx.get_help(), whole=True)


def _command(chosen: "Report") -> click.Command:
    """The command of a report, with an option for each dimension by which it can be narrowed."""

    def run(
        period: str | None, first: str | None, last: str | None, format_: str | None, output: Path | None,
        config_path: str | None, **narrowed: str | None,
    ) -> None:  # fmt: skip
        _print(chosen, (period, first, last), _format(format_, output), output, config_path, narrowed)

    made: Callable[..., None] = run
    narrowing = [click.option(f"--{name}", metavar="NAME", help=f"Only this {name}.") for name in chosen.filters]
    for option in (config_option, *_WRITING, *reversed(narrowing), *_MONTHS):
        made = option(made)
    assumed = "".join(f"\n\n{one}" for one in chosen.assumes)
    return click.command(chosen.name, help=f"{chosen.question}{assumed}", short_help=chosen.question)(made)


def _format(given: str | None, output: Path | None) -> str:
    """The format that was given, or that the name of the file tells. Raises click.UsageError where neither does."""
    told = _SUFFIXES.get(output.suffix.lower()) if output else None
    if output and not given and not told and output.suffix.lower() != ".txt":
        raise click.UsageError(f"--output {output}: name it {', '.join(_SUFFIXES)} or .txt, or say its --format")
    chosen = given or told or "table"
    if chosen == "xlsx" and output is None:
        raise click.UsageError("A spreadsheet needs --output FILE.xlsx")
    return chosen


def _print(
    chosen: "Report",
    asked: tuple[str | None, str | None, str | None],
    format_: str,
    output: Path | None,
    config_path: str | None,
    narrowed: dict[str, Any],
) -> None:
    from mlcost_assets.billing.bill_ends import NO_INVOICE, bill_ends
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.answers import answered, months

    reader = LakeReader(load_config(config_path))
    try:
        periods = months(reader, *asked)
        write_result(answered(reader, chosen, periods, narrowed), format_, output, (chosen.question, *chosen.assumes))
        if format_ == "table" and output is None:
            for one in chosen.assumes:
                say(one, err=True)
            for bill in bill_ends(reader.connection(), periods).values():
                if bill.lacks:
                    say(f"{bill}: {NO_INVOICE}", err=True)
    finally:
        reader.close()
