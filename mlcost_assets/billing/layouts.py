"""How AWS lays exports out below their root, and which key a manifest means.

Data Exports (CUR 2.0 and FOCUS; user guide, "Understanding export delivery"):

    metadata/BILLING_PERIOD=2026-08/<name>-Manifest.json                  the period's newest delivery
    metadata/BILLING_PERIOD=2026-08/<execution>/<name>-Manifest.json      each delivery, create-new mode
    data/BILLING_PERIOD=2026-08/[<execution>/]<name>-00001.snappy.parquet

Legacy Cost and Usage Reports (user guide, "Understanding your report versions"):

    20181001-20181101/<name>-Manifest.json                    the period's newest delivery
    20181001-20181101/<assembly>/<name>-Manifest.json         each delivery, create-new mode
    20181001-20181101/[<assembly>/]<name>-00001.csv.gz
    <name>/year=2018/month=10/<name>-00001.snappy.parquet     Parquet for Athena
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_DATA_EXPORT = re.compile(
    r"(?:^|/)metadata/billing_period=(?P<period>\d{4}-\d{2})/(?:(?P<execution>[^/]+)/)?(?P<name>[^/]+)-manifest\.json$",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"(?:^|/)(?P<year>\d{4})(?P<month>\d{2})\d{2}-\d{8}/(?:(?P<execution>[^/]+)/)?(?P<name>[^/]+)-manifest\.json$",
    re.IGNORECASE,
)
# What identifies a data file below the root, whatever bucket and prefix the manifest says: it may be a copy's.
_DATA_KEYS = {
    "data export": re.compile(r"(?:^|/)(data/billing_period=\d{4}-\d{2}/.+)$", re.IGNORECASE),
    "report": re.compile(r"(?:^|/)(\d{8}-\d{8}/.+|[^/]+/year=\d{4}/month=\d{1,2}/.+)$", re.IGNORECASE),
}
# The folder of one period's data files, by either way to write a period.
_DATA_FOLDER = re.compile(r"(?:^|/)(?:data/billing_period=(\d{4}-\d{2})|(\d{4})(\d{2})\d{2}-\d{8})/$", re.IGNORECASE)

# Control characters, and halves of characters that no file system can write.
_NO_NAME = {"Cc", "Cs"}
_LONGEST_KEY, _LONGEST_NAME = 1024, 255


@dataclass(frozen=True)
class Place:
    """Where a manifest stands: of which kind of export, for which period, of one delivery or of the newest.

    `above` is what of its key lies above the export's root, when mlcost.yaml points higher than it.
    """

    kind: Literal["data export", "report"]
    name: str
    period: str
    execution: str | None
    above: str


def manifest_place(key: str) -> Place | None:
    """The place of the manifest at `key`; None when it is none."""
    if found := _DATA_EXPORT.search(key):
        period = found["period"]
        return Place("data export", found["name"], period, found["execution"], key[: _start(found)])
    if found := _REPORT.search(key):
        period = f"{found['year']}-{found['month']}"
        return Place("report", found["name"], period, found["execution"], key[: _start(found)])
    return None


def data_period(folder: str) -> str | None:
    """The billing period whose data files lie in `folder` (ending with a /); None for other folders."""
    found = _DATA_FOLDER.search(folder)
    return found and (found[1] or f"{found[2]}-{found[3]}")


def is_metadata(folder: str) -> bool:
    """Whether `folder` (ending with a /) is one of manifests only."""
    return _own_name(folder) == "metadata"


def without_data(folders: Iterable[str]) -> list[str]:
    """Those of the sibling `folders` (ending with a /) in which manifests may lie: a sensor lists no data files."""
    names = {folder: _own_name(folder) for folder in folders}
    data = re.compile(r"data|year=\d{4}" if "metadata" in names.values() else r"year=\d{4}")
    return [folder for folder, name in names.items() if not data.fullmatch(name)]


def _own_name(folder: str) -> str:
    return folder.rstrip("/").rpartition("/")[2].lower()


def _start(found: re.Match[str]) -> int:
    return found.start() + found[0].startswith("/")


def data_key(location: str, place: Place, root: str) -> str | None:
    """The key below the root at which the data file lies that a manifest calls `location`; None for a stranger.

    A location in the root's own bucket and prefix is taken by its word, any other by its end. One that could lead out
    of the root, or that no listing can give, is a stranger wherever it begins.
    """
    if location.startswith(f"{root}/"):
        key = location.removeprefix(f"{root}/")
    elif found := _DATA_KEYS[place.kind].search(location):
        key = place.above + found[1]
    else:
        return None
    return key if is_plain(key) else None


def is_plain(key: str) -> bool:
    """Whether `key` is a path of plain names, short enough for S3 and every file system."""
    parts = key.split("/")
    if len(key) > _LONGEST_KEY or {"", ".", ".."} & set(parts):
        return False
    if any(one == "\\" or unicodedata.category(one) in _NO_NAME for one in key):
        return False
    return max(len(part.encode()) for part in parts) <= _LONGEST_NAME
