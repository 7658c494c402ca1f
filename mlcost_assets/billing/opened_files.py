"""The files of a drop as one relation, the format that its columns tell, and the month that a row belongs to."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from mlcost_assets.billing.boundary import reading
from mlcost_assets.billing.columns import FileColumns
from mlcost_assets.billing.csv_files import TORN, unpack_csv
from mlcost_assets.billing.formats import CUR, CUR2, FOCUS, Format, is_ours
from mlcost_assets.billing.layouts import Place
from mlcost_assets.billing.manifests import PlainFiles
from mlcost_assets.billing.parquet_files import is_parquet, parquet_paths, parquet_scan, read_each, second_columns
from mlcost_assets.billing.types import typed
from mlcost_assets.config import Export
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake import engine
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.objects import Object, Store

_OWN_COLUMNS = {TORN, "x_source_file", "x_source_row", "filename", "file_row_number"}
# Columns that CUR 2.0 has and legacy reports never had: there each entry of these maps is a column of its own.
_ONLY_IN_CUR2 = ("product", "resource_tags", "cost_category", "discount", "tags", "bill_payer_account_name")


class Opened(NamedTuple):
    """A drop's files as one: SQL for their rows, the columns of these, what is to be said of rows that were read though
    they are odd, and what finds a damaged file."""

    scan: str
    columns: FileColumns
    remarks: list[str]
    look_closer: Callable[[], None]


def open_files(connection: duckdb.DuckDBPyConnection, store: Store, files: Sequence[Object], temporary: Path) -> Opened:
    """Opens `files`, which need the folder `temporary` as long as they are read.

    Raises DropRejectedError when one cannot be read, or Parquet and CSV are among them.
    """
    parquet = [file.key for file in files if is_parquet(file.key)]
    if other := [file.key for file in files if not is_parquet(file.key)] if parquet else []:
        raise DropRejectedError(
            f"{excerpt(parquet[0], 160)} is Parquet and {excerpt(other[0], 160)} is CSV; a delivery is one or the other"
        )
    paths: dict[str, str] = {}
    remarks: list[str] = []
    if parquet:
        if store.bucket:
            engine.allow_s3(connection, store.bucket)
        with reading("the export", store.location):
            paths = parquet_paths(store, files, temporary)
    else:
        remarks = unpack_csv(connection, store, files, temporary)
    look_closer = partial(read_each, store, paths)
    with reading("the export", store.location, look_closer):
        unpacked = f"read_parquet({quote(str(temporary / '*.parquet'))}, union_by_name = true)"
        scan = parquet_scan(store, paths) if parquet else unpacked
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        if twice := second_columns(connection, paths, [name for name, *_ in described]):
            renamed = ", ".join(f"{identifier(name)} AS {identifier(told)}" for name, told in twice.items())
            scan = f"(SELECT * RENAME ({renamed}) FROM {scan})"
            described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    columns = FileColumns({name: kind for name, kind, *_ in described if name not in _OWN_COLUMNS})
    return Opened(scan, columns, remarks, look_closer)


def recognise(export: Export, place: Place | PlainFiles | None, columns: FileColumns) -> Format:
    """The format of a drop with these `columns`; CUR and CUR 2.0, which share theirs, by the layout at its `place`, and
    of plain files by what `export` is configured as, else by the maps that only CUR 2.0 has.

    Raises DropRejectedError for what is no bill, and where another format is configured.
    """
    if columns.find(FOCUS.cost):
        found = FOCUS
    elif columns.find(CUR.cost):
        if isinstance(place, Place):
            is_legacy = place.kind == "report"
        elif export.format == "auto":
            is_legacy = not any(columns.find(name) for name in _ONLY_IN_CUR2)
        else:
            is_legacy = export.format == "cur"
        found = CUR if is_legacy else CUR2
    else:
        some = ", ".join(map(excerpt, list(columns.types)[:5]))
        raise DropRejectedError(
            f"no billing export: neither line_item_unblended_cost nor BilledCost among its columns ({some}, …)"
        )
    if export.format not in ("auto", found.name):
        raise DropRejectedError(f"configured as {export.format}, but this is {found.name}; set format: auto")
    return found


def month_of(export_format: Format, columns: FileColumns) -> str:
    """SQL for the billing month ('YYYY-MM') of a row; NULL where it tells none.

    Without a column of billing periods, the month in which the charge begins.
    """
    found = columns.find_all(export_format.period) or columns.find_all(export_format.starts)
    return f"strftime({typed('time', found)}, '%Y-%m')"


def has_ours(export_format: Format, columns: FileColumns) -> str:
    """SQL for whether a row may be a charge of AWS: a FOCUS file may tell those of other providers as well."""
    if export_format is not FOCUS:
        return "true"
    return is_ours(lambda name: typed("text", columns.find_all(name)))
