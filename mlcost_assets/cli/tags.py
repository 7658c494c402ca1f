"""`mlcost tags`: what the tags lack, and what about them a person has to decide."""

from pathlib import Path

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say
from mlcost_assets.words import counted


@click.group(short_help="Audit required tags; review names that may be one name.")
def tags() -> None:
    """Audit the required tags, and review names that may be two spellings of one."""


@tags.command(short_help="List missing and wrong tags, largest cost first.")
@click.option("--period", type=PERIOD, help="The billing period (default: the newest).")
@click.option(
    "--format", "format_", type=click.Choice(["table", "md", "csv", "json"]), default="table", show_default=True
)
@click.option(
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the report, the list of resources and input files for the AWS command line here.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    help="Least confidence of a value that goes into the input files.",
)
@config_option
def audit(period: str | None, format_: str, folder: Path | None, confidence: float, config_path: str | None) -> None:
    """List missing and wrong required tags, largest cost first, and how to mend each.

    Nothing is changed in any account: --output writes input files with which you make the changes yourself.
    """
    from mlcost_assets.billing.bill_ends import NO_INVOICE, bill_ends
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.periods import published_period
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.audit.audit import BRIEF_ROWS, audit_tags, findings, has_states
    from mlcost_assets.reports.audit.mend import write_mends
    from mlcost_assets.reports.audit.page import as_markdown

    reader = LakeReader(load_config(config_path))
    try:
        month = published_period(reader, period)
        bill = bill_ends(reader.connection(), [month])[month]
        has_ml = has_states(reader, month)
        if not has_ml:
            say(f"{bill} has no ML spend and no GPU machine: there are no tags to audit.", err=True)
        if format_ != "md":
            write_result(findings(reader, month, confidence, brief=format_ == "table"), format_, None)
        found = audit_tags(reader, month, confidence) if folder or format_ in ("md", "table") else None
    finally:
        reader.close()
    if found and format_ == "md":
        say(as_markdown(found), nl=False)
    if format_ == "table" and has_ml and bill.lacks:
        say(f"{bill}: {NO_INVOICE}", err=True)
    if found and format_ == "table" and len(found.findings) > BRIEF_ROWS:
        say(f"{counted(len(found.findings) - BRIEF_ROWS, 'smaller finding')}: --format csv or json has all.", err=True)
    if found and folder:
        files = write_mends(found, folder)
        say(f"{folder}  {counted(len(files), 'file')}; begin with report.md", err=True)


@tags.command(short_help="List names that may be two spellings of one.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "yaml"]), default="table", show_default=True)
@config_option
def review(format_: str, config_path: str | None) -> None:
    """List pairs of names that may be two spellings of one, with the entry of rules.yaml that decides.

    Nothing is changed. --format yaml prints the part of rules.yaml that accepts all pairs: keep what is right.
    """
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.lake.sql import as_dicts
    from mlcost_assets.reports.audit.review import as_rules, proposals

    reader = LakeReader(load_config(config_path))
    try:
        snippet = as_rules(as_dicts(proposals(reader)))
        if format_ != "yaml":
            write_result(proposals(reader), format_, None)
    finally:
        reader.close()
    if format_ == "yaml":
        say(snippet, nl=False)
    elif format_ == "table" and snippet:
        say(f"To accept them, write into rules.yaml what of this is right:\n\n{snippet}", nl=False)
    if not snippet:
        say("No name is in doubt.", err=True)
