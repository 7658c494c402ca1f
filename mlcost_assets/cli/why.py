"""`mlcost why`: why a month does not cost what the month before did."""

from typing import TYPE_CHECKING, Any

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import Bold, say

if TYPE_CHECKING:
    from mlcost_assets.billing.bill_ends import BillEnd
    from mlcost_assets.reports.drivers.why import Why

_SCOPES = ("model", "team", "environment")


@click.command(short_help="Say why a month's cost is not that of the month before.")
@click.argument("period", type=PERIOD, required=False)
@click.option("--model", metavar="NAME", help="Only this model.")
@click.option("--team", metavar="NAME", help="Only this team.")
@click.option("--environment", metavar="NAME", help="Only this environment.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@config_option
def why(period: str | None, format_: str, config_path: str | None, **named: str | None) -> None:
    """Say why the effective cost of PERIOD (default: the newest month) is not that of the month before.

    The change is taken apart exactly into price, discount, volume, new, gone and attribution; then come the largest
    changes, each with the deployment that came shortly before it. The table cost_drivers has all of them.

    \b
    mlcost why 2026-10 --model churn
    """
    from mlcost_assets.billing.bill_ends import bill_ends
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.drivers.why import find_why

    asked = [(scope, named[scope]) for scope in _SCOPES if named[scope] is not None]
    if len(asked) > 1:
        raise click.UsageError("Give one of --model, --team and --environment.")
    scope, name = asked[0] if asked else ("total", None)
    reader = LakeReader(load_config(config_path))
    try:
        found = find_why(reader, period, scope, name)
        bills = bill_ends(reader.connection(), [found.period, found.period_before])
    finally:
        reader.close()
    if format_ == "json":
        _write_json(found)
    else:
        _write_text(found, bills)


def _write_json(found: "Why") -> None:
    """An object a currency."""
    from mlcost_assets.text import as_json, plain

    about = {key: getattr(found, key) for key in ("period", "period_before", "until_day", "scope", "name")}
    told = [about | total | {"largest": _of(found, total)} for total in found.totals]
    say(as_json(plain(told), indent=2), whole=True)


def _of(found: "Why", total: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in found.largest if row["billing_currency"] == total["billing_currency"]]


def _write_text(found: "Why", bills: "dict[str, BillEnd]") -> None:
    days = "" if found.until_day is None else f", both until day {found.until_day}"
    whose = "the bill" if found.name is None else f"{found.scope} {found.name}"
    say(Bold(f"Why {whose} changed"), f"  {bills[found.period_before]} → {bills[found.period]}{days}")
    if found.until_day == 0:
        say("No day of the month is over yet: there is nothing to compare.")
    elif not found.totals:
        say("It cost nothing in either month.")
    for total in found.totals:
        say(
            f"\n{total['cost_before']:,.2f} → {total['cost_after']:,.2f} {total['billing_currency']},"
            f" {total['change']:+,.2f}"
        )
        for one in total["drivers"]:
            say(f"  {one['change']:>+14,.2f}  {one['driver']}")
        if largest := _of(found, total):
            say("\n", Bold("The largest changes"))
        for row in largest:
            _write_row(row)


def _write_row(row: dict[str, Any]) -> None:
    """A change: what, from what to what and since when; beneath it why no driver is known, what was deployed, and who
    worked with it."""
    category = "" if row["charge_category"] == "Usage" else row["charge_category"]
    thing = " ".join(filter(None, (category, row["usage_type"] or row["service_code"], row["resource_id"])))
    since = f", since {row['since']:%m-%d}" if row["since"] else ""
    costs = f"{row['cost_before']:,.2f} → {row['cost_after']:,.2f}"
    said = f"  {row['change']:>+14,.2f}  {row['driver']:<11}  {thing}  ({costs}{since})"
    beneath = [row["unexplained_because"]] if row["unexplained_because"] else []
    if row["deployed_at"]:
        who = f" by {row['deployed_by']}" if row["deployed_by"] else ""
        what = f"{row['deployment']}, which names {row['deployment_names']}"
        beneath.append(f"deployed {row['deployed_at']:%m-%d %H:%M}{who}: {what}")
    if row["people"]:
        beneath.append(f"worked with it: {', '.join(row['people'])}")
    say("\n".join((said, *(f"{'':18}{line}" for line in beneath))))
