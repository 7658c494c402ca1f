"""`mlcost query`: read-only SQL over the published tables."""

import re
from pathlib import Path

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say

_SUFFIXES = {".csv": "csv", ".json": "json", ".parquet": "parquet"}
_TEXT = ("", ".txt", ".md")
_SHOW_TABLES = re.compile(r"\s*SHOW\s+TABLES\s*;?\s*", re.IGNORECASE)
_DESCRIBE = re.compile(r"\s*DESC(?:RIBE)?\s+(?:lake\.)?(?:(?:main|internal)\.)?(\w+)\s*;?\s*", re.IGNORECASE)
_COLUMNS = """
    SELECT column_name AS name, data_type AS type, comment AS meaning
    FROM duckdb_columns() WHERE database_name = 'lake' AND table_name = '{name}' ORDER BY column_index
"""


# SQL may begin with a comment, which looks like an option.
@click.command(context_settings={"ignore_unknown_options": True}, short_help="Run SQL over the published tables.")
@click.argument("sql")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "parquet"]),
    help="How the result is written (default: what the name of --output ends in, else table).",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here instead of standard output: FILE.csv, FILE.json, FILE.parquet.",
)
@config_option
def query(sql: str, format_: str | None, output: Path | None, config_path: str | None) -> None:
    """Run read-only SQL over the published tables; safe while a refresh runs.

    \b
    mlcost query "SELECT model, sum(effective_cost) AS cost FROM model_costs GROUP BY ALL ORDER BY cost DESC"
    mlcost query "SELECT * FROM team_costs" --output teams.csv
    mlcost query "DESCRIBE team_costs"
    mlcost tables      lists the tables
    """
    from mlcost_assets.billing.bill_ends import NO_INVOICE, bill_ends
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.periods import published_periods
    from mlcost_assets.lake.reader import LakeReader

    chosen = _format(format_, output)
    reader = LakeReader(load_config(config_path), limited=True)
    try:
        months = write_result(reader.ask(_asked(sql)), chosen, output)
        summed = [] if months or chosen != "table" or output or not _sums_months(sql) else published_periods(reader)
        for bill in bill_ends(reader.connection(), months or summed).values():
            if bill.lacks:
                say(f"{'among the months: ' if summed else ''}{bill}: {NO_INVOICE}", err=True)
    finally:
        reader.close()


def _asked(sql: str) -> str:
    """`sql` as DuckDB is asked: its own SHOW TABLES lists what is internal too, its own DESCRIBE tells no meanings."""
    if _SHOW_TABLES.fullmatch(sql):
        return "SHOW TABLES FROM lake.main"
    described = _DESCRIBE.fullmatch(sql)
    if described:
        from mlcost_assets.lake.registry import tables

        if (name := described[1].lower()) in tables():
            return _COLUMNS.format(name=name)
    return sql


def _sums_months(sql: str) -> bool:
    """Whether a statement reads tables of costs by month and does not say which months: then all are in its answer."""
    from mlcost_assets.lake.registry import tables

    words = set(re.findall(r"[a-z_]+", sql.lower()))
    named = [table for name, table in tables().items() if name in words and table.published]
    if {"billing_period", "charge_date"} & words or _DESCRIBE.fullmatch(sql):
        return False
    return any(column.name == "billing_period" for table in named for column in table.columns)


def _format(given: str | None, output: Path | None) -> str:
    """The format that was given, or that the file's name tells. Raises click.UsageError where the two differ, or
    neither is known: a drawn table, with rounded amounts, is for a terminal or a text file."""
    suffix = output.suffix.lower() if output else ""
    told = _SUFFIXES.get(suffix)
    if suffix not in (*_SUFFIXES, *_TEXT) and not given:
        raise click.UsageError(f"--output {output}: name it {', '.join(_SUFFIXES)} or .txt, or say its --format")
    if given and told and given != told:
        raise click.UsageError(
            f"--format {given} and --output {output} differ: name the file .{given}, or leave one out."
        )
    if given == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    return given or told or "table"
