"""`mlcost collect`: one metadata snapshot of the configured accounts into the landing zone."""

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say


@click.command(short_help="Read metadata from AWS, Kubernetes and MLflow.")
@click.option(
    "--account", "accounts", multiple=True, metavar="ID", help="Only this account (may be given several times)."
)
@click.option(
    "--service", "services", multiple=True, metavar="NAME", help="Only this service: sagemaker, ec2, k8s, ..."
)
@click.option("--quiet", is_flag=True, help="No progress, only the summary.")
@config_option
def collect(accounts: tuple[str, ...], services: tuple[str, ...], quiet: bool, config_path: str | None) -> int:
    """Read from AWS, Kubernetes and MLflow what exists now, and write it to the landing zone as metadata records.

    Nothing is changed in any account. Failures are listed (exit code 1) and everything else is kept. The next
    `mlcost refresh` uses the new records.
    """
    from mlcost_assets.automation.collection import collect_through_dagster
    from mlcost_assets.config import load_config

    done = collect_through_dagster(load_config(config_path), accounts, services, quiet)
    for failure in done.failures:
        say(f"mlcost: {failure}", err=True)
    failed = f"; {len(done.failures)} things failed." if done.failures else "."
    say(
        f"Collected {done.records:,} records of {done.kinds} kinds from {done.accounts} accounts"
        f" with {done.calls:,} calls{failed}"
    )
    return 1 if done.failures else 0
