"""Billing periods as Dagster partitions: the months that exports have delivered, and no other."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

import dagster as dg

_NAME = "billing_period"
# The same months once more: to those above anybody may add one in the UI.
_DELIVERED = "mlcost_delivered"
_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
_ASKED_BY = (_RANGE_START, _RANGE_END, "dagster/partition")
BILLING_PERIODS = dg.DynamicPartitionsDefinition(name=_NAME)

# One run takes any number of months, so that what is not per month runs once.
TOGETHER = dg.BackfillPolicy.single_run()

# Run tag: make everything anew, changed or not.
FORCE_TAG = "mlcost/force"
# Run tag: forget lost data files, and make what they held anew.
MEND_TAG = "mlcost/mend"


def keep_periods(instance: dg.DagsterInstance, known: Iterable[str]) -> None:
    """Makes the `known` months the partitions of `instance`, oldest first; where none is known, none leaves."""
    wanted = sorted(known)
    for name in (_NAME, _DELIVERED) if wanted else ():
        standing = list(instance.get_dynamic_partitions(name))
        if standing == wanted:
            continue
        # Dagster keeps the order in which they came, and a range of them is one of that order.
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(standing, wanted, strict=False)))
        for period in standing[kept:]:
            instance.delete_dynamic_partition(name, period)
        if wanted[kept:]:
            instance.add_dynamic_partitions(name, wanted[kept:])


def unknown_period(instance: dg.DagsterInstance, tags: Mapping[str, str]) -> str | None:
    """The first month that a run with these `tags` asks for and no export delivered; None where all were."""
    asked = [tags[tag] for tag in _ASKED_BY if tag in tags]
    return next((period for period in asked if not instance.has_dynamic_partition(_DELIVERED, period)), None)


def delivered_periods(instance: dg.DagsterInstance) -> list[str]:
    """The delivered months in order."""
    return sorted(instance.get_dynamic_partitions(_DELIVERED))


def range_tags(first: str, last: str) -> dict[str, str]:
    """The run tags that ask for the billing periods `first` to `last`."""
    return {_RANGE_START: first, _RANGE_END: last}


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
