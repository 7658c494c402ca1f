"""Parquet files of a drop, read where they lie: column-wise, from a folder or over the network."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store

_PATTERN = set("*?[")


def parquet_scan(store: Store, files: Sequence[Object], temporary: Path) -> str:
    """SQL for the rows of `files`, with each row's file (its key) and number there.

    DuckDB takes a name with *, ? or [ for a pattern and would read whatever else fits it; a file of such a name is
    read from a copy in `temporary`.
    """
    paths = {
        _plain_path(store, file.key, temporary / f"{number:06}.parquet"): file.key for number, file in enumerate(files)
    }
    beginning = store.uri("x").removesuffix("x")
    key = f"substr(filename, {len(beginning) + 1})"
    if copies := [f"{quote(path)}: {quote(key)}" for path, key in paths.items() if path != store.uri(key)]:
        key = f"coalesce(MAP {{{', '.join(copies)}}}[filename], {key})"
    return (
        f"(SELECT *, {key} AS x_source_file, file_row_number AS x_source_row"
        f" FROM read_parquet([{', '.join(map(quote, paths))}], union_by_name = {len(paths) > 1}, filename = true,"
        " file_row_number = true, hive_partitioning = false))"
    )


def _plain_path(store: Store, key: str, copy: Path) -> str:
    if not _PATTERN & set(store.uri(key)):
        return store.uri(key)
    with store.open(key) as file, copy.open("wb") as target:
        shutil.copyfileobj(file, target)
    return str(copy)
