"""The prices that `mlcost prices refresh` read last, as a refresh of the lake reads them."""

import hashlib
from pathlib import Path

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.errors import StorageError
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.sql import fill, step


def kept_file(config: Config) -> Path:
    """Where they are."""
    return config.home / "prices" / "prices.parquet"


def prices_digest(config: Config) -> str:
    """Tells apart what prices of plans are known beside the bill: those that were read, and those that a person set."""
    file = kept_file(config)
    read = file.read_bytes() if file.is_file() else b""
    return hashlib.sha256(read + config.commitments.model_dump_json().encode()).hexdigest()[:12]


def without_prices(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary table listed_prices with no row."""
    fill(connection, "listed_prices", [])


def provide_listed_prices(connection: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Makes the temporary table listed_prices. Raises StorageError where the kept file is damaged."""
    file = kept_file(config)
    if not file.is_file():
        without_prices(connection)
        return
    columns = ", ".join(
        f"CAST({column.name} AS {column.type}) AS {column.name}" for column in relations()["listed_prices"].columns
    )
    try:
        step(connection, "listed_prices", select=f"SELECT {columns} FROM read_parquet({quote(str(file))})")
    except duckdb.Error:
        raise StorageError(f"{file} cannot be read: run `mlcost prices refresh` again, or remove it.") from None
