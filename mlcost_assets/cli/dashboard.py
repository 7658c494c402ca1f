"""`mlcost dashboard`: the published tables as pages in a browser."""

import click

from mlcost_assets.cli.options import config_option


@click.command(short_help="Open the dashboard: every cost by model, team and environment.")
@click.option("--port", default=8350, show_default=True, help="Port, on this machine only.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@config_option
def dashboard(port: int, no_browser: bool, config_path: str | None) -> None:
    """Serve the published tables as pages: what each model, team and environment costs, down to the line of the bill.

    It listens on this machine only, reads what is published, and writes nothing. Every address can be shared: it says
    all that its page shows.
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.errors import ConfigError

    config = load_config(config_path)
    if not 1 <= port <= 65535:
        raise ConfigError(f"--port {port}: a port is a number from 1 to 65535")
    from mlcost_assets.dashboard.serve import serve

    serve(config, port, open_browser=not no_browser)
