"""An organisation written blind, as it was read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks.organisations.truth import Charge, Part


@dataclass
class Organisation:
    """What the files of one organisation say, with every day and every turn of a `for` written out."""

    name: str
    payer: str
    region: str
    accounts: dict[str, str]
    aliases: dict[str, dict[str, list[str]]]
    days: list[date]
    names: dict[str, str]
    charges: list[Charge] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    truth: list[Part] = field(default_factory=list)
    experts: dict[str, str] = field(default_factory=dict)
