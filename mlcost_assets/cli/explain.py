"""`mlcost explain`: why a resource's dollars went where they went, and what a model's cost is made of."""

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say


@click.command(short_help="Show why a resource or model has its cost and owner.")
@click.argument("resource_id", required=False)
@click.option("--model", metavar="NAME", help="A model instead of a resource: its cost by stage and evidence.")
@click.option("--period", type=PERIOD, help="Only this billing period.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "svg"]), default="table", show_default=True)
@config_option
def explain(
    resource_id: str | None, model: str | None, period: str | None, format_: str, config_path: str | None
) -> None:
    """Show why the cost of RESOURCE_ID has its owner, with every step of evidence, or what a model's cost is made of.

    RESOURCE_ID is a resource as billed, an ARN or the end of one; or the evidence_id of a row of attributed_costs, for
    charges that name no resource.

    \b
    mlcost explain --model churn --period 2026-10 --format svg > churn.svg
    """
    from mlcost_assets.attribution.explain.explain import explain_resource
    from mlcost_assets.attribution.explain.explain_model import explain_model
    from mlcost_assets.attribution.explain.explain_picture import model_picture, resource_picture
    from mlcost_assets.cli.explained import write_json, write_text
    from mlcost_assets.cli.explained_model import write_model
    from mlcost_assets.config import load_config
    from mlcost_assets.forecasting.history import without_forecast
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.lineage.drawing import svg

    if (resource_id is None) == (model is None):
        raise click.UsageError("Give a RESOURCE_ID or --model NAME.")
    reader = LakeReader(load_config(config_path))
    try:
        if model is not None:
            of_model = explain_model(reader, model, period)
            if format_ == "svg":
                say(svg(*model_picture(of_model), f"What model {model} cost"), nl=False)
            else:
                (write_json if format_ == "json" else write_model)(of_model)
            if format_ == "table":
                for line in without_forecast(reader.connection(), "model", model):
                    say(f"\n{line}")
        elif resource_id is not None:
            explained = explain_resource(reader, resource_id, period)
            if format_ == "svg":
                say(svg(*resource_picture(explained), f"Whose {resource_id} is, and why"), nl=False)
            else:
                (write_json if format_ == "json" else write_text)(explained)
    finally:
        reader.close()
