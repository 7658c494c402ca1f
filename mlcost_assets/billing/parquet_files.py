"""Parquet files of a drop, read where they lie: column-wise, from a folder or over the network."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from mlcost_assets.billing.boundary import reading
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake import engine
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.lake.sql import read_sql, run

_PATTERN = set("*?[")
_NUMBERED = re.compile(r"(.+)_(\d+)")


def is_parquet(key: str) -> bool:
    """Whether the file at `key` is Parquet, as its name says."""
    return key.lower().endswith(".parquet")


def parquet_paths(store: Store, files: Sequence[Object], temporary: Path) -> dict[str, str]:
    """The key of each of `files` by where DuckDB finds it.

    DuckDB takes a name with *, ? or [ for a pattern and would read whatever else fits it; a file of such a name is
    read from a copy in `temporary`.
    """
    return {
        _plain_path(store, file.key, temporary / f"{number:06}.parquet"): file.key for number, file in enumerate(files)
    }


def parquet_scan(store: Store, paths: dict[str, str]) -> str:
    """SQL for the rows of the files at `paths`, with each row's file (its key) and number there.

    Raises DropRejectedError when a file's footer contradicts itself, or files disagree about a column.
    """
    with engine.connect_apart(store.bucket) as connection:
        _refuse_footers_that_disagree(connection, paths)
        if len(paths) > 1:
            _refuse_flags_as_numbers(connection, paths)
    beginning = store.uri("x").removesuffix("x")
    key = f"substr(filename, {len(beginning) + 1})"
    if copies := [f"{quote(path)}: {quote(key)}" for path, key in paths.items() if path != store.uri(key)]:
        key = f"coalesce(MAP {{{', '.join(copies)}}}[filename], {key})"
    return (
        f"(SELECT *, CAST(NULL AS VARCHAR) AS x_torn, {key} AS x_source_file, file_row_number AS x_source_row"
        f" FROM read_parquet([{', '.join(map(quote, paths))}], union_by_name = {len(paths) > 1}, filename = true,"
        " file_row_number = true, hive_partitioning = false))"
    )


def read_each(store: Store, paths: dict[str, str]) -> None:
    """Reads each of the files at `paths` to its end, for the one that cannot be: DuckDB does not always name it.

    Raises DropRejectedError with its key.
    """
    for path, key in paths.items():
        with reading(key, store.location), engine.connect_apart(store.bucket) as connection:
            connection.execute(f"SELECT max(hash(file)) FROM read_parquet({quote(path)}) AS file").fetchall()


def second_columns(
    connection: duckdb.DuckDBPyConnection, paths: dict[str, str], names: Sequence[str]
) -> dict[str, str]:
    """Those of the columns `names` that DuckDB calls name_1 because the files have `name` twice, and how they are told
    apart here."""
    taken = {name.lower() for name in names}
    numbered = {name: one for name in names if (one := _NUMBERED.fullmatch(name)) and one[1].lower() in taken}
    if not (numbered and paths):
        return {}
    files = ", ".join(map(quote, paths))
    own = {name for (name,) in connection.execute(f"SELECT lower(name) FROM parquet_schema([{files}])").fetchall()}
    return {name: f"{one[1]} ({int(one[2]) + 1})" for name, one in numbered.items() if name.lower() not in own}


def _refuse_footers_that_disagree(connection: duckdb.DuckDBPyConnection, paths: dict[str, str]) -> None:
    """A footer that was damaged where it counts rows would make a file shorter than it is, without a word."""
    found = run(connection, read_sql(__file__, "miscounted_files"), {"paths": list(paths)}).fetchone()
    if found:
        raise DropRejectedError(f"{excerpt(paths[found[0]], 160)} cannot be read: {found[1]}")


def _refuse_flags_as_numbers(connection: duckdb.DuckDBPyConnection, paths: dict[str, str]) -> None:
    """Where a column is BOOLEAN in one file and a number in another, DuckDB would read true as 1 of it."""
    found = connection.execute(
        f"SELECT name, min(file_name) FILTER (type = 'BOOLEAN') FROM parquet_schema([{', '.join(map(quote, paths))}])"
        " GROUP BY name HAVING bool_or(type = 'BOOLEAN') AND bool_or(type <> 'BOOLEAN') ORDER BY name LIMIT 1"
    ).fetchone()
    if found:
        raise DropRejectedError(
            f"column {excerpt(found[0])} is BOOLEAN in {excerpt(paths[found[1]], 160)} and something else in other"
            " files; it was rewritten by another tool"
        )


def _plain_path(store: Store, key: str, copy: Path) -> str:
    if not _PATTERN & set(store.uri(key)):
        return store.uri(key)
    with store.open(key) as file, copy.open("wb") as target:
        shutil.copyfileobj(file, target)
    return str(copy)
