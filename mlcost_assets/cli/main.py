"""The entry point: the commands, and the one place where an error becomes an exit code."""

import os
import sys
import traceback
from contextlib import suppress

import click

from mlcost_assets import __version__
from mlcost_assets.cli.attribution import attribution
from mlcost_assets.cli.cicd_event import cicd_event
from mlcost_assets.cli.collect import collect
from mlcost_assets.cli.dagster import dagster
from mlcost_assets.cli.dashboard import dashboard
from mlcost_assets.cli.demo import demo
from mlcost_assets.cli.doctor import doctor
from mlcost_assets.cli.explain import explain
from mlcost_assets.cli.export import export
from mlcost_assets.cli.failures import told
from mlcost_assets.cli.lineage import lineage
from mlcost_assets.cli.output import say
from mlcost_assets.cli.prices import prices
from mlcost_assets.cli.query import query
from mlcost_assets.cli.refresh import refresh
from mlcost_assets.cli.report import report
from mlcost_assets.cli.tables import tables
from mlcost_assets.cli.tags import tags
from mlcost_assets.cli.verify import verify
from mlcost_assets.cli.whatif import whatif
from mlcost_assets.cli.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mlcost")
def cli() -> None:
    """ML Cost Intel: connects every dollar of an AWS bill to the ML work that caused it.

    Exit codes: 0 done; 1 failed, or no such resource, model or refresh; 2 wrong configuration or arguments;
    3 refreshed, but an ERROR check failed; 130 interrupted. docs/glossary.md explains the words.
    """


for command in (
    refresh, query, report, why, whatif, prices, tables, explain, lineage, attribution, verify, export, tags, collect,
    cicd_event, doctor, dashboard, dagster, demo,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Runs a command; whatever fails is said in one line, without a traceback."""
    try:
        code = cli(standalone_mode=False)
        sys.stdout.flush()  # what cannot be written is found now, not when Python has no more words for it
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("mlcost: interrupted; the version published before stays.", err=True)
        sys.exit(130)
    except BrokenPipeError:  # `mlcost query … | head` is no failure to speak of
        _drop_output()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  this is where an error becomes an exit code
        if os.environ.get("MLCOST_DEBUG"):
            traceback.print_exc()
        line, code = told(error)
        with suppress(OSError):
            say(line, err=True)
        _drop_output()
    sys.exit(code if isinstance(code, int) else 0)


def _drop_output() -> None:
    """What standard output still holds goes nowhere: Python would try again at its end, and complain."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
