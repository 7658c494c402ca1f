"""`mlcost explain`: why a resource's dollars went where they went."""

import click

from mlcost_assets.cli.options import config_option


@click.command()
@click.argument("resource_id")
@click.option("--period", metavar="YYYY-MM", help="Only this billing period.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@config_option
def explain(resource_id: str, period: str | None, format_: str, config_path: str | None) -> None:
    """Print the evidence for RESOURCE_ID (as billed, an ARN, or the end of one), every step of it."""
    from mlcost_assets.attribution.explain import explain_resource
    from mlcost_assets.cli.explained import write_json, write_text
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader

    reader = LakeReader(load_config(config_path))
    try:
        explained = explain_resource(reader, resource_id, period)
    finally:
        reader.close()
    (write_json if format_ == "json" else write_text)(explained)
