"""`mlcost whatif`: what a model or a resource would cost another way."""

import sys
from collections.abc import Callable
from typing import Any

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.errors import ConfigError, excerpt

_SHOWN = (
    "scenario", "target", "current_cost", "cost_expected", "saving_low", "saving_expected", "saving_high",
    "delayed_requests", "failed_requests", "basis",
)  # fmt: skip
# What an option of the scenarios is called here, where that is not its name with hyphens.
_NAMED = {
    "target_type": "a type, --to instance-type=ml.m5.large", "opens": "--hours", "closes": "--hours",
    "zone": "--time-zone", "reserve_percent": "--reserve", "told_latency_ms": "--latency-ms",
}  # fmt: skip
_SUBJECT = click.argument("subject", metavar="MODEL|RESOURCE")
_TO = click.option("--to", metavar="SCENARIO", help="Only this scenario.")
_FORMAT = click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
_OPTIONS = (
    click.option("--hours", metavar="FROM-TO", help="Working hours, Monday to Friday (default: 8-18)."),
    click.option("--time-zone", "zone", metavar="ZONE", help="Time zone of these (default: UTC)."),
    click.option("--reserve", "reserve_percent", metavar="PERCENT",
                 help="Percent of an instance that stays free (default: 20)."),
    click.option("--memory-mb", metavar="NUMBER", help="Memory that serverless inference needs."),
    click.option("--latency-ms", "told_latency_ms", metavar="NUMBER", help="Milliseconds that a request computes."),
    click.option("--size-ratio", metavar="NUMBER", help="Size of the distilled model, as a part of the present one."),
    click.option("--latency-ratio", metavar="NUMBER", help="Time for a request afterwards, as a part of now."),
    click.option("--rate", metavar="NUMBER", help="Price of an instance hour (serverless: of a second)."),
    click.option("--coverage", metavar="NUMBER", help="Part of the hours under the savings plan (default: 0.8)."),
    click.option("--older-than", "older_than_days", metavar="DAYS",
                 help="Days without a write after which a prefix may move to a colder storage class (default: 30)."),
    click.option("--read-ratio", metavar="NUMBER", help="Part of stored data that is read in a month (default: 0.1)."),
    click.option("--retention-days", metavar="DAYS",
                 help="Days for which a log group keeps what is written (default: 30)."),
    click.option("--one-off", metavar="NUMBER", help="What the change costs once."),
)  # fmt: skip


def _whatif(
    subject: str, to: str | None, hours: str | None, format_: str, config_path: str | None, **given: str | None
) -> None:
    """Say what MODEL or RESOURCE would have cost in the last 30 full days, run or stored another way.

    SCENARIO is schedule, autoscaling, serverless, async, scale-to-zero, batch, spot, inference-components,
    instance-type=TYPE, graviton, distilled, savings-plan=PERCENT, storage-class or log-retention; without it all that
    apply are told.
    Each is an estimate from the resource's own load and billed prices, with what it assumes beneath it.

    \b
    mlcost whatif churn-model --to schedule --hours 7-19 --time-zone Europe/Berlin
    mlcost whatif churn-model --to distilled --size-ratio 0.2 --one-off 5000
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.whatif.ask import asked
    from mlcost_assets.reports.whatif.given import asked_for

    scenario, options = asked_for(to, {**given, **(_hours(hours) if hours else {})}, _named)
    reader = LakeReader(load_config(config_path))
    try:
        rows = asked(reader, subject, scenario, options)
    finally:
        reader.close()
    _write(rows, format_)


def _command() -> click.Command:
    made: Callable[..., None] = _whatif
    for option in (config_option, _FORMAT, *reversed(_OPTIONS), _TO, _SUBJECT):
        made = option(made)
    return click.command("whatif", short_help="Say what a model would cost, run another way.")(made)


whatif = _command()


def _hours(text: str) -> dict[str, str | None]:
    opens, _, closes = text.partition("-")
    if not (opens.isdecimal() and closes.isdecimal()):
        raise ConfigError(f"--hours {excerpt(text)}: write the first and the last hour, such as 8-18")
    return {"opens": opens, "closes": closes}


def _named(option: str) -> str:
    return _NAMED.get(option, f"--{option.replace('_', '-')}")


def _write(rows: list[dict[str, Any]], format_: str) -> None:
    from mlcost_assets.cli.grid import write_grid
    from mlcost_assets.text import as_json, plain

    if format_ == "json":
        say(as_json([{name: plain(value) for name, value in row.items()} for row in rows], indent=2), whole=True)
        return
    for resource in dict.fromkeys(row["resource"] for row in rows):
        own = [row for row in rows if row["resource"] == resource]
        allowed = [row for row in own if row["refused_because"] is None]
        say(Bold(resource), f"  {own[0]['first_day']} to {own[0]['last_day']}, in {own[0]['billing_currency']}")
        shown = [*_SHOWN, *(["one_off", "months_to_pay_back"] if any(row["one_off"] for row in allowed) else [])]
        if allowed:
            write_grid(shown, [[row[name] for name in shown] for row in allowed], sys.stdout)
        for row in allowed:
            say(f"\n{row['scenario']} assumes")
            for one in row["assumptions"]:
                say(f"  {one['what']}: {one['value']} ({one['source']})")
        for row in own:
            if row["refused_because"] is not None:
                say(f"\nnot {row['scenario']}: {row['refused_because']}")
        say()
