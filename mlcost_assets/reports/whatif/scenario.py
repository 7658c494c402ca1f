"""Scenarios: the kinds together, what they are asked for with, and the dated prices."""

import csv
from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.sql import fill
from mlcost_assets.reports.prices.kept import provide_listed_prices

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Options:
    """What a scenario is asked for with, in the order of the columns of whatif_options. Ratios are parts of now;
    `discount`, `coverage` and `read_ratio` lie between 0 and 1; `rate` and `one_off` are amounts in the currency of the
    bill."""

    opens: int = 8
    closes: int = 18
    zone: str = "UTC"
    reserve_percent: int = 20
    memory_mb: int | None = None
    told_latency_ms: Decimal | None = None
    size_ratio: Decimal | None = None
    latency_ratio: Decimal | None = None
    target_type: str | None = None
    rate: Decimal | None = None
    discount: Decimal | None = None
    coverage: Decimal | None = None
    one_off: Decimal | None = None
    older_than_days: int = 30
    read_ratio: Decimal | None = None
    retention_days: int = 30


@cache
def kinds(scenario: str | None = None) -> str:
    """The SELECT of all kinds, or of the one that makes `scenario`: an arm for each statement of kinds/."""
    columns = ", ".join(
        f"CAST({column.name} AS {column.type}) AS {column.name}" for column in relations()["scenario_kinds"].columns
    )
    texts = [file.read_text(encoding="utf-8") for file in sorted((_FOLDER / "kinds").glob("*.sql"))]
    arms = [text for text in texts if scenario is None or f"'{scenario}' AS scenario" in text]
    return "\nUNION ALL\n".join(f"(SELECT {columns} FROM ({arm}))" for arm in arms)


def options_of() -> str:
    """The SELECT of whatif_options that reads each option as a parameter of its name."""
    types = {column.name: column.type for column in relations()["whatif_options"].columns}
    return "SELECT " + ", ".join(f"CAST(${one.name} AS {types[one.name]}) AS {one.name}" for one in fields(Options))


def provide(connection: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Makes the temporary tables listed_prices, dated_prices, and whatif_options of nothing but defaults."""
    provide_listed_prices(connection, config)
    with (_FOLDER / "prices.csv").open(encoding="utf-8", newline="") as file:
        fill(connection, "dated_prices", [tuple(line.values()) for line in csv.DictReader(file)])
    fill(connection, "whatif_options", [astuple(Options())])
