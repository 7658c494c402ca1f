"""The regions of AWS that organisations use, and what each means for prices and for the bill."""

from dataclasses import dataclass
from decimal import Decimal

from mlcost_assets.demo.chance import Chance


@dataclass(frozen=True)
class Region:
    """A region as the bill writes it."""

    prefix: str
    location: str
    # What things cost, compared with us-east-1.
    price: Decimal
    geography: str


def _region(prefix: str, location: str, price: str, geography: str) -> Region:
    return Region(prefix, location, Decimal(price), geography)


DEFAULT_HOME = "us-east-1"
DEFAULT_SECOND = "eu-west-1"
REGIONS = {
    "us-east-1": _region("USE1", "US East (N. Virginia)", "1", "us"),
    "us-east-2": _region("USE2", "US East (Ohio)", "1", "us"),
    "us-west-2": _region("USW2", "US West (Oregon)", "1", "us"),
    "eu-west-1": _region("EU", "EU (Ireland)", "1.11", "eu"),
    "eu-central-1": _region("EUC1", "EU (Frankfurt)", "1.2", "eu"),
    "ap-southeast-2": _region("APS2", "Asia Pacific (Sydney)", "1.25", "apac"),
    "ap-northeast-1": _region("APN1", "Asia Pacific (Tokyo)", "1.29", "apac"),
}


def choose_regions(chance: Chance, *, tidy: bool) -> tuple[str, str]:
    """Choose where most things run, and where some models are served."""
    if tidy:
        return DEFAULT_HOME, DEFAULT_SECOND
    home = chance.one((DEFAULT_HOME, DEFAULT_HOME, *REGIONS))
    return home, chance.one([region for region in REGIONS if region != home])
