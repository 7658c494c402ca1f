"""A DuckDB connection as this product uses it: extensions, settings, macros and S3 access."""

import importlib.util
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.errors import StorageError
from mlcost_assets.macros import all_macros

# Extensions whose signature was checked in this process.
_checked: set[str] = set()


def connect(*, settings: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that knows DuckLake and this product's macros, in UTC. Raises StorageError."""
    connection = duckdb.connect(config=_extensions_of_the_package() | (settings or {}))
    connection.execute("SET GLOBAL TimeZone = 'UTC'; SET TimeZone = 'UTC'")  # of cursors, and its own
    # Steps tell their own progress; a bar would stand in the middle of it.
    connection.execute("SET enable_progress_bar = false")
    # Files carry their row numbers; nothing here relies on insertion order, and memory stays flat without it.
    connection.execute("SET preserve_insertion_order = false")
    load_extension(connection, "ducklake")
    connection.execute(all_macros())
    return connection


def connect_apart(bucket: str | None) -> duckdb.DuckDBPyConnection:
    """A bare in-memory DuckDB, which may read `bucket`, for a first look at files of strangers: an INTERNAL error ends
    a whole database, and DuckDB has such for some damaged files. Raises StorageError."""
    connection = duckdb.connect(config=_extensions_of_the_package())
    connection.execute("SET enable_progress_bar = false")
    if bucket:
        allow_s3(connection, bucket)
    return connection


def _extensions_of_the_package() -> dict[str, Any]:
    """DuckDB checks an extension's signature whenever it is loaded, a tenth of a second for 36 MB: load_extension does
    so once in a process instead. Nothing but these files is ever loaded then."""
    if not (_packaged("ducklake") and _packaged("httpfs")):
        return {}
    by_themselves = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return {"allow_unsigned_extensions": True, **by_themselves}


def _packaged(name: str) -> Path | None:
    """The file of a DuckDB extension that was installed as a wheel."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if not (spec and spec.origin):
        return None
    file = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    return file if file.exists() else None


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Loads a signed DuckDB extension from its wheel, else from DuckDB's own repository.

    Raises StorageError when neither is to be had.
    """
    try:
        if not (file := _packaged(name)):
            connection.execute(f"INSTALL {name}; LOAD {name}")
            return
        if name not in _checked:
            with duckdb.connect() as strict:
                # 36 MB take a busy machine seconds; results stand where the bar would.
                strict.execute(f"SET enable_progress_bar = false; LOAD {quote(str(file))}")
            _checked.add(name)
        connection.execute(f"LOAD {quote(str(file))}")
    except duckdb.Error as error:
        mend = f"pip install duckdb-extension-{name}=={duckdb.__version__}"
        raise StorageError(f"DuckDB's {name} extension cannot be loaded: {error}. Mend: {mend}") from None


def allow_s3(connection: duckdb.DuckDBPyConnection, bucket: str) -> None:
    """Gives DuckDB the credentials that botocore finds for `bucket`; call again to renew temporary ones."""
    import boto3

    from mlcost_assets.lake.s3 import READ_TIMEOUT, attempts, bucket_region, s3_client

    load_extension(connection, "httpfs")
    connection.execute(f"SET http_timeout = {READ_TIMEOUT}; SET http_retries = {attempts() - 1}")
    connection.execute("SET http_retry_wait_ms = 200; SET http_retry_backoff = 2.5")
    credentials = boto3.Session().get_credentials()
    if credentials is None:
        raise StorageError(f"s3://{bucket}: no AWS credentials found. Set AWS_PROFILE, or give a role.")
    frozen = credentials.get_frozen_credentials()
    client = s3_client()
    options = {
        "KEY_ID": frozen.access_key,
        "SECRET": frozen.secret_key,
        "SESSION_TOKEN": frozen.token,
        "REGION": bucket_region(client, bucket),
        "SCOPE": f"s3://{bucket}",
    }
    scheme, _, host = client.meta.endpoint_url.partition("://")
    if ".amazonaws.com" not in host:  # an endpoint of the user's own, from the environment or the profile
        options |= {"ENDPOINT": host, "URL_STYLE": "path", "USE_SSL": str(scheme == "https").lower()}
    given = ", ".join(f"{key} {quote(value)}" for key, value in options.items() if value)
    connection.execute(f"CREATE OR REPLACE SECRET {identifier(f's3_{bucket}')} (TYPE s3, {given})")


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
