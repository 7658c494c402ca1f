"""Billing periods as Dagster partitions."""

import dagster as dg

from mlcost_assets.runtime.months import FIRST_MONTH

# Up to next month, as months.py allows.
BILLING_PERIODS = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=2)

# One run takes any number of months, so that what is not per month runs once.
TOGETHER = dg.BackfillPolicy.single_run()

# Run tag: make everything anew, changed or not.
FORCE_TAG = "mlcost/force"
# Run tag: forget lost data files, and make what they held anew.
MEND_TAG = "mlcost/mend"


def range_tags(first: str, last: str) -> dict[str, str]:
    """The run tags that ask for the billing periods `first` to `last`."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def contiguous(periods: list[str], known: list[str]) -> list[tuple[str, str]]:
    """Groups `periods` into ranges that Dagster can run together: a range may span unchanged known periods,
    never months for which no bill is known."""
    ranges: list[tuple[str, str]] = []
    all_known = sorted(set(known) | set(periods))
    for period in sorted(periods):
        if ranges and _no_gap(ranges[-1][1], period, all_known):
            ranges[-1] = (ranges[-1][0], period)
        else:
            ranges.append((period, period))
    return ranges


def _no_gap(first: str, last: str, known: list[str]) -> bool:
    between = [period for period in known if first <= period <= last]
    return len(between) == _month_number(last) - _month_number(first) + 1


def _month_number(period: str) -> int:
    year, month = period.split("-")
    return int(year) * 12 + int(month)
