"""`mlcost dagster`: Dagster's UI and daemon with this installation's instance."""

import click

from mlcost_assets.cli.options import config_option


@click.command(short_help="Start Dagster: the graph, runs, sensors and schedules.")
@click.option("--port", default=3000, show_default=True, help="Port of the UI, on this machine only.")
@config_option
def dagster(port: int, config_path: str | None) -> None:
    """Start Dagster: the graph, its runs and checks, and the sensors and schedule that keep it up to date."""
    from mlcost_assets.config import load_config
    from mlcost_assets.errors import ConfigError

    config = load_config(config_path)
    if not 1 <= port <= 65535:
        raise ConfigError(f"--port {port}: a port is a number from 1 to 65535")
    from mlcost_assets.automation.webserver import serve

    serve(config, port)
