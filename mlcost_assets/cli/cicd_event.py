"""`mlcost cicd-event`: notes a deployment in the landing zone, from inside the pipeline that makes it."""

import os

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say
from mlcost_assets.text import as_json


@click.command("cicd-event", short_help="Record a deployment, from inside a CI/CD pipeline.")
@click.option("--model", metavar="NAME", help="The model that is deployed.")
@click.option("--team", metavar="NAME", help="The team that owns it.")
@click.option("--environment", metavar="NAME", help="The environment it is deployed to.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="ARN",
    help="A created resource (may be given several times).",
)
@click.option("--account", metavar="ID", help="The account deployed to, where no --resource names it.")
@click.option("--region", metavar="NAME", help="The region deployed to, where no --resource names it.")
@click.option("--provider", metavar="NAME", help="The CI system, where its variables do not name it.")
@click.option(
    "--to", "uri", metavar="URI", help="Landing zone (folder or s3://); - prints the line. Default: metadata.uri."
)
@config_option
def cicd_event(resources: tuple[str, ...], uri: str | None, config_path: str | None, **told: str | None) -> None:
    """Record a deployment: repository, commit, workflow, actor, and the resources that it created.

    \b
    mlcost cicd-event --to s3://acme-ml/landing --model churn --environment prod --resource "$ENDPOINT_ARN"

    Runs in GitHub Actions, GitLab CI, CodeBuild and CodePipeline, Jenkins, Argo; with --to it needs no mlcost.yaml.
    """
    from mlcost_assets.collect.cicd import deployment, land
    from mlcost_assets.config import load_config
    from mlcost_assets.errors import ConfigError

    record = deployment(os.environ, {name: value for name, value in told.items() if value}, resources)
    if uri == "-":
        say(as_json(record), whole=True)
        return
    if uri is None:
        settings = load_config(config_path).metadata
        if settings is None:
            raise ConfigError("mlcost.yaml has no metadata.uri to write to: name a landing zone with --to")
        uri = settings.uri
    say(f"Noted {record['id']} in {uri}/{land(record, uri)}")
