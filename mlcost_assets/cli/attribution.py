"""`mlcost attribution`: what nobody knows the owner of, and what changed hands between two refreshes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from mlcost_assets.cli.options import PERIOD, config_option

_format_option = click.option(
    "--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True
)


class _Refresh(click.ParamType[int | date]):
    """A refresh: the number of its snapshot, or the day (UTC) whose last refresh it is."""

    name = "REFRESH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | date:
        if isinstance(value, (int, date)):
            return value
        today = datetime.now(UTC).date()
        if value in ("today", "yesterday"):
            return today if value == "today" else today - timedelta(days=1)
        try:
            return int(value) if value.isdecimal() else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no refresh: give a snapshot (4), a day (2026-10-31) or yesterday.", param, ctx)


@click.group(short_help="Show cost without an owner, and what changed its owner.")
def attribution() -> None:
    """Show ML spend without an owner, and which costs changed their owner between two refreshes."""


@attribution.command(short_help="List ML spend without a model, team or environment.")
@click.option("--period", type=PERIOD, help="The billing period (default: the newest).")
@click.option("--dimension", type=click.Choice(["model", "team", "environment"]), help="Only this one.")
@_format_option
@config_option
def gaps(period: str | None, dimension: str | None, format_: str, config_path: str | None) -> None:
    """List ML spend without a model, team or environment, with the reason and what would settle it.

    The sums equal those of attributed_costs exactly. The table evidence_gaps has them by account and service.
    """
    from mlcost_assets.billing.bill_ends import bill_ends
    from mlcost_assets.cli.compared import write_gaps
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader
    from mlcost_assets.reports.gaps import find_gaps

    reader = LakeReader(load_config(config_path))
    try:
        found = find_gaps(reader, period, dimension)
        bill = bill_ends(reader.connection(), [found.period])[found.period]
    finally:
        reader.close()
    write_gaps(found, bill, format_)


@attribution.command(short_help="Show which costs changed their owner, and why.")
@click.argument("before", type=_Refresh(), required=False)
@click.argument("after", type=_Refresh(), required=False)
@click.option("--period", type=PERIOD, help="Only this billing period.")
@_format_option
@config_option
def diff(
    before: int | date | None, after: int | date | None, period: str | None, format_: str, config_path: str | None
) -> None:
    """Show which costs changed their owner between the refreshes BEFORE and AFTER, and because of which evidence.

    Each is a day (2026-10-31, yesterday; UTC), which stands for its last refresh or the one before it, or a snapshot of
    the table `refreshes`. Without them, the last refresh is compared with the one before it.

    \b
    mlcost attribution diff yesterday
    mlcost attribution diff 2026-10-01 2026-10-31
    mlcost query "FROM refreshes"
    mlcost attribution diff 4 9
    """
    from mlcost_assets.attribution.explain.diff import compare_refreshes
    from mlcost_assets.billing.bill_ends import bill_ends
    from mlcost_assets.cli.compared import write_difference
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader

    reader = LakeReader(load_config(config_path))
    try:
        found = compare_refreshes(reader, before, after, period)
        bills = bill_ends(reader.connection(), sorted({row["billing_period"] for row in found.totals}))
    finally:
        reader.close()
    write_difference(found, bills, format_)
