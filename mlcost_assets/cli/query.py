"""`mlcost query`: read-only SQL over the published tables."""

from pathlib import Path

import click

from mlcost_assets.cli.options import config_option


# SQL may begin with a comment, which looks like an option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("sql")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "parquet"]),
    default="table",
    show_default=True,
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of standard output."
)
@config_option
def query(sql: str, format_: str, output: Path | None, config_path: str | None) -> None:
    """Run SQL over the published tables; safe while a refresh runs.

    \b
    mlcost query "SELECT model, sum(effective_cost) FROM model_costs GROUP BY 1 ORDER BY 2 DESC"
    mlcost query "SHOW TABLES"      mlcost query "DESCRIBE attributed_costs"
    """
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader

    if format_ == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    reader = LakeReader(load_config(config_path), limited=True)
    try:
        write_result(reader.ask(sql), format_, output)
    finally:
        reader.close()
