"""`mlcost dashboard`: the published tables as pages in a browser."""

import click

from mlcost_assets.cli.options import config_option


@click.command(short_help="Open the dashboard: every cost by model, team and environment.")
@click.option("--host", help="Address to listen on (default: dashboard.host, else this machine only).")
@click.option("--port", type=int, help="Port (default: dashboard.port, else 8350).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@config_option
def dashboard(host: str | None, port: int | None, no_browser: bool, config_path: str | None) -> None:
    """Serve the published tables as pages: what each model, team and environment costs, down to the line of the bill.

    It listens on this machine only, or elsewhere where mlcost.yaml has a login for it (`dashboard`). It reads what is
    published, and writes nothing. Every address can be shared: it says all that its page shows.
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.errors import ConfigError

    config = load_config(config_path)
    if port is not None and not 1 <= port <= 65535:
        raise ConfigError(f"--port {port}: a port is a number from 1 to 65535")
    from mlcost_assets.dashboard.serve import serve

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    config = config.model_copy(update={"dashboard": config.dashboard.model_copy(update=given)})
    serve(config, open_browser=not no_browser)
