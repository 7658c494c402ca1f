"""`mlcost whatif`: what a model or a resource would cost another way."""

import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import Bold, say
from mlcost_assets.errors import ConfigError

if TYPE_CHECKING:
    from mlcost_assets.reports.whatif.scenario import Options

_SHOWN = (
    "scenario", "target", "current_cost", "cost_expected", "saving_low", "saving_expected", "saving_high",
    "delayed_requests", "failed_requests", "basis",
)  # fmt: skip
_NEEDS = {
    "distilled": (("size_ratio", "latency_ratio"), "--size-ratio or --latency-ratio"),
    "instance-type": (("target_type",), "a type, --to instance-type=ml.m5.large"),
}


class _Amount(click.ParamType[Decimal]):
    """An exact number above zero, at most `most`."""

    name = "number"

    def __init__(self, most: Decimal | None = None) -> None:
        self._most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:  # noqa: ARG002
        option = param.opts[0] if param else "the number"
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ConfigError(f"{option} {value}: write a number, such as 0.2") from None
        if not number.is_finite() or not 0 < number <= (self._most or Decimal(10) ** 9):
            raise ConfigError(f"{option} {value}: above 0{f', and {self._most} at most' if self._most else ''}")
        return number


_PART = _Amount(Decimal(1))
_SUBJECT = click.argument("subject", metavar="MODEL|RESOURCE")
_TO = click.option("--to", metavar="SCENARIO", help="Only this scenario.")
_FORMAT = click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
_OPTIONS = (
    click.option("--hours", metavar="FROM-TO", help="Working hours, Monday to Friday (default: 8-18)."),
    click.option("--time-zone", "zone", default="UTC", show_default=True, help="Time zone of these."),
    click.option("--reserve", "reserve_percent", type=click.IntRange(0, 90), default=20, show_default=True,
                 help="Percent of an instance that stays free."),
    click.option("--memory-mb", type=click.IntRange(min=1), help="Memory that serverless inference needs."),
    click.option("--latency-ms", "told_latency_ms", type=_Amount(), help="Milliseconds that a request computes."),
    click.option("--size-ratio", type=_PART, help="Size of the distilled model, as a part of the present one."),
    click.option("--latency-ratio", type=_Amount(), help="Time for a request afterwards, as a part of now."),
    click.option("--rate", type=_Amount(), help="Price of an instance hour (serverless: of a second)."),
    click.option("--coverage", type=_PART, help="Part of the hours under the savings plan (default: 0.8)."),
    click.option("--older-than", "older_than_days", type=click.IntRange(min=1), default=30, show_default=True,
                 help="Days without a write after which a prefix may move to a colder storage class."),
    click.option("--read-ratio", type=_PART, help="Part of stored data that is read in a month (default: 0.1)."),
    click.option("--retention-days", type=click.IntRange(min=1), default=30, show_default=True,
                 help="Days for which a log group keeps what is written."),
    click.option("--one-off", type=_Amount(), help="What the change costs once."),
)  # fmt: skip


def _whatif(
    subject: str, to: str | None, hours: str | None, format_: str, config_path: str | None, **given: Any
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

    scenario, options = _asked_for(to, hours, given)
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


def _asked_for(to: str | None, hours: str | None, given: dict[str, Any]) -> tuple[str | None, "Options"]:
    """The scenario, and the options. Raises ConfigError for a scenario that does not exist, or lacks what it needs."""
    from difflib import get_close_matches

    from mlcost_assets.reports.whatif.ask import SCENARIOS
    from mlcost_assets.reports.whatif.scenario import Options

    scenario, _, detail = (to or "").partition("=")
    if to is not None and scenario not in SCENARIOS:
        near = get_close_matches(scenario, SCENARIOS)
        raise ConfigError(f"No scenario is called {scenario!r}. Near it: {', '.join(near or SCENARIOS)}.")
    if detail and scenario == "instance-type":
        given["target_type"] = detail
    elif detail and scenario == "savings-plan":
        percent = _Amount(Decimal(99)).convert(detail.removesuffix("%"), None, None)
        given["discount"] = percent / 100
    elif detail:
        raise ConfigError(f"--to {to}: {scenario} takes nothing behind it")
    needed, said = _NEEDS.get(scenario, ((), ""))
    if needed and not any(given.get(one) is not None for one in needed):
        raise ConfigError(f"--to {scenario} needs {said}")
    _refuse_zone(given["zone"])
    opens, closes = _hours(hours)
    return scenario or None, Options(opens=opens, closes=closes, **given)


def _hours(text: str | None) -> tuple[int, int]:
    first, _, last = (text or "8-18").partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) < int(last) <= 24):
        raise ConfigError(f"--hours {text}: write the first and the last hour, such as 8-18")
    return int(first), int(last)


def _refuse_zone(name: str) -> None:
    from zoneinfo import available_timezones

    if name not in available_timezones():
        raise ConfigError(f"--time-zone {name}: no such time zone; write one such as Europe/Berlin")


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
