"""Parquet files of a drop, read where they lie: column-wise, from a folder or over the network."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store

_PATTERN = set("*?[")


def parquet_scan(connection: duckdb.DuckDBPyConnection, store: Store, files: Sequence[Object], temporary: Path) -> str:
    """SQL for the rows of `files`, with each row's file (its key) and number there.

    DuckDB takes a name with *, ? or [ for a pattern and would read whatever else fits it; a file of such a name is
    read from a copy in `temporary`. Raises DropRejectedError when files disagree about a column.
    """
    paths = {
        _plain_path(store, file.key, temporary / f"{number:06}.parquet"): file.key for number, file in enumerate(files)
    }
    if len(paths) > 1:
        _refuse_flags_as_numbers(connection, paths)
    beginning = store.uri("x").removesuffix("x")
    key = f"substr(filename, {len(beginning) + 1})"
    if copies := [f"{quote(path)}: {quote(key)}" for path, key in paths.items() if path != store.uri(key)]:
        key = f"coalesce(MAP {{{', '.join(copies)}}}[filename], {key})"
    return (
        f"(SELECT *, {key} AS x_source_file, file_row_number AS x_source_row"
        f" FROM read_parquet([{', '.join(map(quote, paths))}], union_by_name = {len(paths) > 1}, filename = true,"
        " file_row_number = true, hive_partitioning = false))"
    )


def _refuse_flags_as_numbers(connection: duckdb.DuckDBPyConnection, paths: dict[str, str]) -> None:
    """Where a column is BOOLEAN in one file and a number in another, DuckDB would read true as 1 of it."""
    found = connection.execute(
        f"SELECT name, min(file_name) FILTER (type = 'BOOLEAN') FROM parquet_schema([{', '.join(map(quote, paths))}])"
        " GROUP BY name HAVING bool_or(type = 'BOOLEAN') AND bool_or(type <> 'BOOLEAN') ORDER BY name LIMIT 1"
    ).fetchone()
    if found:
        raise DropRejectedError(
            f"column {found[0]} is BOOLEAN in {paths[found[1]]} and something else in other files; it was rewritten by"
            " another tool"
        )


def _plain_path(store: Store, key: str, copy: Path) -> str:
    if not _PATTERN & set(store.uri(key)):
        return store.uri(key)
    with store.open(key) as file, copy.open("wb") as target:
        shutil.copyfileobj(file, target)
    return str(copy)
