"""`mlcost dagster`: Dagster's UI and daemon with this installation's instance."""

import click

from mlcost_assets.cli.options import config_option


@click.command()
@click.option("--port", default=3000, show_default=True, help="Port of the UI, on this machine only.")
@config_option
def dagster(port: int, config_path: str | None) -> None:
    """Open Dagster: the graph, its runs and checks, and the sensors and schedule that keep it up to date."""
    import os
    import sys

    from mlcost_assets.automation.instance import dagster_home
    from mlcost_assets.config import load_config

    config = load_config(config_path)
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(dagster_home(config)),
        "MLCOST_CONFIG": str(config.path),
        "PYTHONWARNINGS": "ignore",
    }
    arguments = ["dev", "-m", "mlcost_assets.definitions", "--host", "127.0.0.1", "--port", str(port)]
    click.echo(f"Dagster at http://127.0.0.1:{port} (Ctrl-C ends it) ...", err=True)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "dagster", *arguments], environment)  # noqa: S606
