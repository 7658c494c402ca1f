"""What a person gives to a scenario, as text, and the options that it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from mlcost_assets.errors import ConfigError, excerpt
from mlcost_assets.reports.whatif.scenario import Options

SCENARIOS = (
    "schedule", "autoscaling", "serverless", "async", "scale-to-zero", "batch", "spot", "inference-components",
    "instance-type", "graviton", "distilled", "savings-plan", "storage-class", "log-retention",
)  # fmt: skip
MOST = {"size_ratio": Decimal(1), "coverage": Decimal(1), "read_ratio": Decimal(1), "discount": Decimal("0.99")}
# Whole numbers, with the least and the most that each may be.
WHOLE = {
    "opens": (0, 23), "closes": (1, 24), "reserve_percent": (0, 90), "memory_mb": (1, 10**9),
    "older_than_days": (1, 9999), "retention_days": (1, 9999),
}  # fmt: skip
_NEEDS = {"distilled": ("size_ratio", "latency_ratio"), "instance-type": ("target_type",)}


def asked_for(
    to: str | None, given: Mapping[str, str | None], named: Callable[[str], str]
) -> tuple[str | None, Options]:
    """The scenario of `to`, `distilled` or `instance-type=ml.m5.large`, and the options of the texts that are given
    by the names of Options; `named` says what a person calls an option.

    Raises ConfigError for a scenario that does not exist or lacks what it needs, and for an option that is no such
    number, type or time zone.
    """
    scenario, _, detail = (to or "").partition("=")
    if to and scenario not in SCENARIOS:
        near = get_close_matches(scenario, SCENARIOS)
        raise ConfigError(f"No scenario is called {excerpt(scenario)!r}. Near it: {', '.join(near or SCENARIOS)}.")
    told = {name: text for name, text in given.items() if text}
    if detail and scenario == "instance-type":
        told["target_type"] = detail
    elif detail and scenario == "savings-plan":
        told["discount"] = str(number(detail.removesuffix("%"), f"the percent of {named('to')}", Decimal(99)) / 100)
    elif detail:
        raise ConfigError(f"{named('to')} {excerpt(to)}: {scenario} takes nothing behind it")
    needed = _NEEDS.get(scenario, ())
    if needed and not any(one in told for one in needed):
        raise ConfigError(f"{named('to')} {scenario} needs {' or '.join(map(named, needed))}")
    options = Options(
        **{one.name: _option(one.name, told[one.name], named) for one in fields(Options) if one.name in told}
    )
    if options.opens >= options.closes:
        hours = f"{named('opens')} {options.opens}-{options.closes}"
        raise ConfigError(f"{hours}: write the first and the last hour, such as 8-18")
    return scenario or None, options


def number(text: str, named: str, most: Decimal | None = None) -> Decimal:
    """An exact number above zero, at most `most`. Raises ConfigError for what is none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ConfigError(f"{named} {excerpt(text)}: write a number, such as 0.2") from None
    if not value.is_finite() or not 0 < value <= (most or Decimal(10) ** 9):
        raise ConfigError(f"{named} {excerpt(text)}: above 0{f', and {most} at most' if most else ''}")
    return value


def _option(name: str, text: str, named: Callable[[str], str]) -> Any:
    if name in WHOLE:
        least, most = WHOLE[name]
        if not (text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
            raise ConfigError(f"{named(name)} {excerpt(text)}: write a whole number from {least} to {most}")
        return int(text)
    if name == "zone" and text not in available_timezones():
        raise ConfigError(f"{named(name)} {excerpt(text)}: no such time zone; write one such as Europe/Berlin")
    return text if name in ("zone", "target_type") else number(text, named(name), MOST.get(name))
