"""Writing a result: table, page, spreadsheet, JSON, CSV or Parquet; nothing else goes to standard output."""

import csv
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TextIO

import duckdb

from mlcost_assets.errors import StorageError
from mlcost_assets.text import as_json, clean, csv_cell, plain

_SHOWN = 1000  # rows of a table that a person may still read


def write_result(
    result: duckdb.DuckDBPyConnection, format_: str, output: Path | None, about: Sequence[str] = ()
) -> list[str]:
    """Writes `result` in `format_` to `output`, or to standard output where that is None. What it is `about` stands in
    a page and in a spreadsheet, the title first.

    Gives the billing periods ('YYYY-MM') that a table for people shows, none of other formats.
    """
    if format_ == "parquet":
        import pyarrow.parquet as pq

        assert output is not None  # noqa: S101  the command has checked it
        names = _unique_names(result)
        table = result.to_arrow_table().rename_columns(names)
        with _written(output):
            pq.write_table(table, output)
        return []
    if format_ == "xlsx":
        from mlcost_assets.documents import write_workbook

        assert output is not None  # noqa: S101  the command has checked it
        with _written(output):
            write_workbook(_unique_names(result), _rows(result), about, output)
        return []
    with _target(output) as file:
        if format_ == "table":
            return _table(result, file)
        if format_ == "md":
            from mlcost_assets.documents import write_markdown

            write_markdown(_unique_names(result), result.fetchall(), about, file)
            return []
        (_json if format_ == "json" else _csv)(result, file)
    return []


@contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    with _written(output), output.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def _written(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{output} cannot be written: {os.strerror(error.errno or errno.EIO)}") from None


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(10_000):
        yield from rows


def _unique_names(result: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of the columns; the second of one name gets a number, so that no column is lost, and that is said."""
    asked = [name for name, *_ in result.description or ()]
    names: list[str] = []
    for name in asked:
        others = (f"{name}_{number}" for number in count(1))
        own = name if name not in names else next(one for one in others if one not in {*names, *asked})
        if own != name:
            print(f"Several columns are called {clean(name)}: one is written as {clean(own)}.", file=sys.stderr)  # noqa: T201
        names.append(own)
    return names


def _json(result: duckdb.DuckDBPyConnection, file: TextIO) -> None:
    names = _unique_names(result)
    separator = "["
    for row in _rows(result):
        file.write(f"{separator}\n" + as_json(dict(zip(names, map(plain, row), strict=True))))
        separator = ","
    file.write("[]\n" if separator == "[" else "\n]\n")


def _csv(result: duckdb.DuckDBPyConnection, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    # What a program reads is whole; what a person's terminal shows is clean.
    shown = clean if file.isatty() else str
    writer.writerow([shown(csv_cell(name)) for name in _unique_names(result)])
    for row in _rows(result):
        writer.writerow(shown(_csv_value(value)) for value in row)


def _csv_value(value: object) -> str:
    """A value as CSV carries it; only what is text can be a formula, never a number."""
    if isinstance(value, str):
        return str(csv_cell(value))
    value = plain(value)
    return as_json(value) if isinstance(value, (bool, dict, list)) else "" if value is None else str(value)


def _table(result: duckdb.DuckDBPyConnection, file: TextIO) -> list[str]:
    from mlcost_assets.cli.grid import write_grid  # rich: only where somebody looks

    rows = result.fetchmany(_SHOWN + 1)
    names = [name for name, *_ in result.description or ()]
    write_grid(names, rows[:_SHOWN], file)
    if not rows:
        print("(no rows)", file=sys.stderr)  # noqa: T201
    if len(rows) > _SHOWN:
        print(f"Only the first {_SHOWN} rows are shown; use --format csv for all.", file=sys.stderr)  # noqa: T201
    months = {row[place] for place, name in enumerate(names) if name == "billing_period" for row in rows[:_SHOWN]}
    return sorted(month for month in months if isinstance(month, str))
