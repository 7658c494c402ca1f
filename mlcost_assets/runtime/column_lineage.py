"""Which column comes from which, for Dagster's column lineage; written by quality/column_lineage.py."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg


def column_lineage(table: str) -> dict[str, Any]:
    """The lineage of the columns of `table` as asset metadata; nothing where none is known."""
    deps = _by_table().get(table)
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)} if deps else {}


@cache
def _by_table() -> dict[str, dict[str, list[dg.TableColumnDep]]]:
    found: dict[str, dict[str, list[dg.TableColumnDep]]] = {}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            dep = dg.TableColumnDep(dg.AssetKey(line["upstream"]), line["source"])
            found.setdefault(line["table"], {}).setdefault(line["column"], []).append(dep)
    return found
