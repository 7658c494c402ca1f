"""Bills that are files and nothing else: downloaded, sent or copied, without a manifest that says what makes a month.

The rows say which months a file holds, so one file may be several drops, and one drop several files. Whether a month
has all its files nobody says: what is there is taken, and its completeness is unknown.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from mlcost_assets import __version__
from mlcost_assets.billing.boundary import reading
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.csv_files import Rows, query_csv
from mlcost_assets.billing.manifests import Manifest, PlainFiles
from mlcost_assets.billing.opened_files import has_ours, month_of, open_files, recognise
from mlcost_assets.billing.parquet_files import is_parquet
from mlcost_assets.billing.places import why_no_bill
from mlcost_assets.config import Export
from mlcost_assets.config.locations import is_bill_file
from mlcost_assets.errors import DropRejectedError, StorageError, excerpt
from mlcost_assets.lake import engine
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.lake.scratch import ScratchFolder
from mlcost_assets.lake.stores import open_store
from mlcost_assets.runtime.months import no_month

# More than this is a disk or a bucket, not the folder of an export.
_MOST_FILES = 20_000
# Ten years of months; a file with more has something else where the month should be.
_MOST_MONTHS = 120
# What archivers and table formats put beside the files.
_NO_FILES = {"__MACOSX", "_delta_log", "_temporary"}


def plain_deliveries(export: Export, contents: Contents) -> tuple[dict[str, Manifest], dict[str, str]]:
    """The deliveries that the files of `export` make, by month, and what is wrong with files that cannot be told.

    Raises StorageError where they cannot be listed, and where there is no bill among them.
    """
    store, files = _list(export)
    bills = [file for file in files if is_bill_file(file.key)]
    if wrong := why_no_bill(export.uri, files):
        raise StorageError(wrong)
    told = {file.key: _look(export, store, file, contents) for file in bills}
    unreadable = {key: str(found["fault"]) for key, found in told.items() if "fault" in found}
    billed = {month for found in told.values() for month in found.get("ours", ())}
    if not billed:
        unreadable |= {key: str(found["foreign"]) for key, found in told.items() if "foreign" in found}
    # Other providers' rows are counted in a month that AWS bills, too.
    months = {key: sorted(billed.intersection(found.get("months", ()))) for key, found in told.items()}
    made: dict[str, Manifest] = {}
    for month in sorted(billed):
        own = tuple(file for file in bills if month in months[file.key])
        strays = {file.key: months[file.key] for file in own if _home(months[file.key]) == month}
        standing = _together(own, [file for file in bills if file.key in unreadable])
        made[month] = Manifest(export, month, PlainFiles(own, strays, unreadable), standing, store.location, contents)
    return made, unreadable


def _list(export: Export) -> tuple[Store, list[Object]]:
    """Every file of `export` that is no hidden one, and the store that their keys begin at; the file that its uri names
    is the only one."""
    if is_bill_file(export.uri):
        folder, _, name = export.uri.rpartition("/")
        above = open_store(folder or "/")
        # A folder may have such a name too: other tools write a table as one.
        if not any(above.look(f"{name}/")) and (file := above.stat(name)):
            return above, [file]
    store = open_store(export.uri)
    listed = list(islice(store.list(), _MOST_FILES + 1))
    if len(listed) > _MOST_FILES:
        raise StorageError(f"{export.uri} holds more than {_MOST_FILES:,} files. Name the folder of the export in it.")
    return store, [one for one in listed if not _is_hidden(one.key)]


def _is_hidden(key: str) -> bool:
    return any(part.startswith(".") or part in _NO_FILES for part in PurePosixPath(key).parts)


def _home(months: list[str]) -> str:
    """To which of a file's `months` its rows of none of them belong."""
    return max((month for month in months if not no_month(month)), default=months[-1])


def _together(files: Sequence[Object], unreadable: Sequence[Object]) -> Object:
    """The files of a month as one: who looks for changes compares this. One that becomes readable may belong to it."""
    text = "\n".join(f"{file.key} {file.size} {file.etag}" for file in (*files, *unreadable))
    return Object(
        key=files[0].key if len(files) == 1 else "",
        size=sum(file.size for file in files),
        etag=hashlib.sha256(text.encode()).hexdigest()[:32],
        modified=max(file.modified for file in files),
    )


def _look(export: Export, store: Store, file: Object, contents: Contents) -> dict[str, Any]:
    """The `months` of the rows of `file` and which of them have AWS's (`ours`), or the `fault` because of which they
    cannot be told; looked for once."""
    what = f"months {__version__} {export.format}"
    found: dict[str, Any] = contents.finding(what, store, file, partial(_months, export, store, file))
    return found


def _months(export: Export, store: Store, file: Object) -> dict[str, Any]:
    try:
        counted = _counted(export, store, file)
    except DropRejectedError as error:
        return {"fault": str(error)}
    months = sorted(month for month, _, _ in counted if month)
    ours = sorted(month for month, _, has_ours in counted if month and has_ours)
    name = excerpt(file.key, 160)
    if not counted:
        return {"fault": f"{name} holds no rows"}
    rows = sum(rows for _, rows, has_ours in counted if has_ours)
    if rows and not ours:
        return {"fault": f"none of the {rows:,} rows of {name} tells its billing period"}
    if len(months) > _MOST_MONTHS:
        return {"fault": f"the rows of {name} tell of {len(months):,} billing periods, which those of no bill do"}
    if not ours:
        return {"months": months, "ours": [], "foreign": f"{name} holds no charge of AWS, only of other providers"}
    return {"months": months, "ours": ours}


def _counted(export: Export, store: Store, file: Object) -> Rows:
    """The months of `file`, how many rows each has, and whether one of them may be AWS's, by one statement over the
    column of months (of FOCUS, and those of providers)."""

    def statement(rows: str, columns: FileColumns) -> str:
        found = recognise(export, None, columns)
        return (
            f"SELECT {month_of(found, columns)}, count(*), bool_or({has_ours(found, columns)}) FROM ({rows}) GROUP BY 1"
        )

    with ScratchFolder() as temporary, engine.connect() as connection:
        if not is_parquet(file.key):
            return query_csv(connection, store, file, temporary, statement)
        opened = open_files(connection, store, [file], temporary)
        with reading(file.key, export.uri):
            return connection.execute(statement(f"FROM {opened.scan}", opened.columns)).fetchall()
