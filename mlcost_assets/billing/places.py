"""What stands where a bill was expected, and what to do about it."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from mlcost_assets.billing.layouts import data_period
from mlcost_assets.config.locations import BILL_FILES, is_bill_file
from mlcost_assets.errors import excerpt
from mlcost_assets.lake.objects import Object

_FORMATS = f"{', '.join(BILL_FILES[:-1])} or {BILL_FILES[-1]}"
# Folders inside an export, each with what lies how many levels above it.
_INSIDE = re.compile(r"/(metadata(/billing_period=\d{4}-\d{2})?|\d{8}-\d{8})(/[^/]+)?$", re.IGNORECASE)
_MANIFEST = re.compile(r"-manifest\.json$", re.IGNORECASE)
_SHOWN = 3


def why_no_bill(uri: str, files: Sequence[Object]) -> str | None:
    """Why the `files` at `uri`, among which no manifest stands in its place, are no bill; None where some may be.

    One sentence of what was found, and one of how to mend it.
    """
    if not files:
        return (
            f"{uri} is empty. Put a bill there ({_FORMATS}), or name the folder or prefix that AWS delivers to; a new"
            " export delivers first within a day"
        )
    inside = _INSIDE.search(f"/{uri.rstrip('/')}")
    if inside and any(_MANIFEST.search(file.key) for file in files):
        above = uri.rstrip("/")[: -len(inside[0])]
        return (
            f"{uri} is a folder inside an export. Name the export's own: {above}, the folder that holds metadata/ and"
            " data/ or, of a legacy report, one folder a month (20261001-20261101/ with <report>-Manifest.json)"
        )
    bills = [file.key for file in files if is_bill_file(file.key)]
    if not bills:
        names = sorted({excerpt(PurePosixPath(file.key).name, 60) for file in files})
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return (
            f"{uri} holds no bill, only {', '.join(names[:_SHOWN])}{more}. A bill is a {_FORMATS} file; name the"
            " one, or its folder"
        )
    if months := sorted({month for key in bills if (month := _delivered_as(key))}):
        some = f"{', '.join(months[:_SHOWN])}{' …' if len(months) > _SHOWN else ''}"
        return (
            f"{uri} has data files of {some} as AWS lays them out, but"
            " no manifest (metadata/BILLING_PERIOD=…/<export>-Manifest.json, of a legacy report"
            " 20261001-20261101/<report>-Manifest.json), which AWS writes last. Wait for it or copy it too; to read the"
            f" files without it, name their folder: {_folder_of_data(uri, bills)}"
        )
    return None


def _delivered_as(key: str) -> str | None:
    """The month of the folder of AWS's layout in which the file at `key` lies."""
    folders = [f"{folder.as_posix()}/" for folder in PurePosixPath(key).parents]
    return next((month for folder in folders if (month := data_period(folder))), None)


def _folder_of_data(uri: str, bills: Sequence[str]) -> str:
    first = next(key for key in bills if _delivered_as(key))
    folder = next(one.as_posix() for one in PurePosixPath(first).parents if data_period(f"{one.as_posix()}/"))
    # Of a data export the folder of all months; a legacy report has none but each month's.
    above = folder.rpartition("/")[0] if "=" in folder else folder
    return f"{uri.rstrip('/')}/{above}"
