"""Finding what is idle: what all arms need, once, then an arm for each kind, put together."""

from functools import cache
from pathlib import Path
from typing import Any

from mlcost_assets.lake.sql import step
from mlcost_assets.packaged import read_yaml
from mlcost_assets.runtime.lake import LakeResource

_FOLDER = Path(__file__).parent
# What the arms read beside tables, each from those before it.
_SHARED = ("idle_standing", "idle_use", "idle_uncalled", "idle_billed")


@cache
def thresholds() -> dict[str, Any]:
    """The numbers and words of thresholds.yaml by name, as statements are given them."""
    return {name: entry["value"] for name, entry in read_yaml(_FOLDER / "thresholds.yaml").items()}


def every_kind() -> str:
    """The SELECT of all arms together."""
    arms = sorted((_FOLDER / "kinds").glob("*.sql"))
    return "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in arms)


def find_idle(lake: LakeResource) -> None:
    """Makes the relations of _SHARED and idle_found."""
    for name in _SHARED:
        step(lake.connection, name, thresholds())
    step(lake.connection, "idle_found", thresholds(), select=every_kind())
