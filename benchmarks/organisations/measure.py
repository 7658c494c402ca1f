"""What attribution answered of an organisation beside its truth, dollar by dollar."""

import json
from pathlib import Path

import duckdb

from mlcost_assets.config import load_config
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql

_CELL = ("billing_period", "charge_date", "account_id", "service_code", "usage_type", "operation", "resource_id")
_MACROS = f"""
    CREATE MACRO cell_of(one) AS
        concat_ws(chr(31), {", ".join(f"coalesce(CAST(one.{column} AS VARCHAR), '')" for column in _CELL)});
    CREATE MACRO plain(name) AS regexp_replace(lower(name), '[^a-z0-9]', '', 'g');
    CREATE MACRO named(dimension, name) AS CASE
        WHEN name = '*' THEN '*'
        WHEN name IS NULL THEN ''
        ELSE coalesce(getvariable('names')[dimension || ' ' || plain(name)], nullif(plain(name), ''), name) END;
"""
_TABLES = {
    "attributed": "FROM attributed_costs",
    "evidence": "SELECT * FROM attribution_evidence WHERE dimension IN ('model', 'team', 'environment')",
}


# What the simulator knows of its organisations: whose a charge is, and whether anything tells it.
_SIMULATED = """
    SELECT * REPLACE (
        CASE WHEN model_knowable THEN model ELSE '*' END AS model,
        CASE WHEN team_knowable THEN team ELSE '*' END AS team,
        CASE WHEN environment_knowable THEN environment ELSE '*' END AS environment
    )
    FROM read_parquet(?)
"""


def measured(folder: Path) -> duckdb.DuckDBPyConnection:
    """Compares what a refreshed installation publishes with its truth: one of load.py, or a simulated one (`demo`).

    The connection has the tables that `judge` makes.
    """
    connection = duckdb.connect()
    simulated = not (folder / "org").exists()
    reader = LakeReader(load_config((folder if simulated else folder / "org") / "mlcost.yaml"))
    for table, query in _TABLES.items():
        connection.register("found", reader.query(query).to_arrow_table())
        connection.execute(f"CREATE TABLE {table} AS FROM found")
    reader.close()
    truth = folder / "truth"
    if simulated:
        connection.execute(f"CREATE TABLE truth AS {_SIMULATED}", [str(truth / "charges.parquet")])
    else:
        connection.execute("CREATE TABLE truth AS FROM read_parquet(?)", [str(truth / "truth.parquet")])
    judge(connection, {} if simulated else _names(truth / "meta.json"))
    return connection


def judge(connection: duckdb.DuckDBPyConnection, names: dict[str, str]) -> None:
    """Makes `judged` (cell × dimension × value: shares told and given), `figures` (dimension: dollars with an owner;
    shares right, wrong, unknown), `reasons` (what each reason gave, in dollars, and how many are right) and
    `calibration` (dimension: expected error, and what is right of what is given at 0.9 or more) of `truth`,
    `attributed` and `evidence`. `names` has what else is right: `dimension spelling` → name, in plain letters.
    """
    connection.execute(_MACROS)
    connection.execute("SET VARIABLE names = map(?::VARCHAR[], ?::VARCHAR[])", [list(names), list(names.values())])
    for table in ("judged", "figures", "reasons", "calibration"):
        connection.execute(f"CREATE TABLE {table} AS {read_sql(__file__, table)}")


def _names(meta: Path) -> dict[str, str]:
    """`dimension spelling` → name, both in small letters and digits alone."""
    aliases = json.loads(meta.read_text(encoding="utf-8"))["aliases"]
    return {
        f"{dimension} {_plain(spelling)}": _plain(name)
        for dimension, names in aliases.items()
        for name, spellings in names.items()
        for spelling in (name, *spellings)
    }


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
