"""Where bills may lie, and the lake: never among the files that it is made from."""

import os
from pathlib import Path

from mlcost_assets.errors import ConfigError

# A folder of this name beside somebody's files is ours; stores never list what is in it (lake/objects.py).
OWN_FOLDER = ".mlcost"
# What the name of a file that is read as a bill ends with.
BILL_FILES = (".csv", ".csv.gz", ".zip", ".parquet")


def is_bill_file(name: str) -> bool:
    """Whether a file of this `name` is read as a bill where no manifest names it."""
    return name.lower().endswith(BILL_FILES)


def refuse_overlap(file: Path, lake: str, key: str, location: str) -> None:
    """Raises ConfigError where `lake` equals, contains or lies in `location`, which is the value of `key` in `file`."""
    if lake.startswith("s3://") and any(mark in lake for mark in "?*["):
        raise ConfigError(f"{file}: lake: {lake} may not contain ?, * or [")
    ours, theirs = _parts(lake), _parts(location)
    if ours == theirs:
        relation = "is the lake"
    elif theirs[: len(ours)] == ours:
        relation = f"lies in the lake, {lake}"
    elif ours[: len(theirs)] == theirs and OWN_FOLDER not in ours[len(theirs) :]:
        relation = f"contains the lake, {lake}"
    else:
        return
    raise ConfigError(f"{file}: {key}: {location} {relation}. Set lake (or home) to a location of its own.")


def _parts(location: str) -> list[str]:
    if location.startswith("s3://"):
        return location.rstrip("/").split("/")
    return list(Path(os.path.realpath(location)).parts)
