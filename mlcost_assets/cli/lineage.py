"""`mlcost lineage`: what a resource was made by, serves, runs on, reads and writes."""

from datetime import datetime

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say


@click.command(short_help="Show the resources that a resource is connected to.")
@click.argument("resource_id")
@click.option("--depth", type=click.IntRange(1, 6), default=3, show_default=True, help="Steps away from the resource.")
@click.option("--most", type=click.IntRange(1), default=12, show_default=True, help="Most resources of one relation.")
@click.option("--at", type=click.DateTime(), metavar="TIME", help="Relations at that time (UTC), 2026-10-05T12:00:00.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "dot", "svg"]), default="table", show_default=True
)
@config_option
def lineage(
    resource_id: str, depth: int, most: int, at: datetime | None, format_: str, config_path: str | None
) -> None:
    """Show the resources that RESOURCE_ID (an ARN, an id, a name, an S3 location) is connected to, with the record of
    each relation.

    The newest resources of each relation are shown. Further away, what more than --most have in common is only counted.

    \b
    mlcost lineage churn-prod --format svg > churn.svg
    """
    from mlcost_assets.cli.related import write_json, write_table
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.lineage.drawing import dot, svg
    from mlcost_assets.lineage.neighbourhood import neighbourhood, picture

    reader = LakeReader(load_config(config_path))
    try:
        around = neighbourhood(reader, resource_id, depth=depth, most=most, at=at)
    finally:
        reader.close()
    if format_ in ("dot", "svg"):
        nodes, edges = picture(around)
        say((dot if format_ == "dot" else svg)(nodes, edges, f"What {around.key} is connected to"), nl=False)
    else:
        (write_json if format_ == "json" else write_table)(around)
