"""decide/ladder.yaml for SQL: who wins, how sure each reason is by itself, and the sentence it is told in."""

import math
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.sql import fill
from mlcost_assets.packaged import read_yaml

_LADDERS = ("rungs", "names", "stages", "scopes")
_ORIGIN = "log odds of the start"
_FILE = Path(__file__).parent / "decide" / "ladder.yaml"

# What the macros of macros.sql look up: grade(), started(), rank_of() and sentence().
_VARIABLES = """
    SET VARIABLE grades = (SELECT map_from_entries(list((what, factor))) FROM grades);
    SET VARIABLE rungs = (SELECT map_from_entries(list((ladder || ' ' || rung, rank))) FROM rungs);
    SET VARIABLE reason_kinds = (SELECT map_from_entries(list((code, says))) FROM reason_kinds);
"""


@cache
def ladder() -> dict[str, Any]:
    """The file: sources, ladders of rungs, kinds, measures, factors (chosen and counted) and thresholds."""
    found: dict[str, Any] = read_yaml(_FILE)
    return found


def provide_ladder(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes precedence, rungs, reason_kinds, measures and grades, and tells the macros what they look up."""
    known = ladder()
    fill(connection, "precedence", [(source, turn) for turn, source in enumerate(known["sources"], 1)])
    rungs = [(name, one["rung"], rank) for name in _LADDERS for rank, one in enumerate(known[name], 1)]
    fill(connection, "rungs", rungs)
    kinds = [
        (code, kind["says"], float(kind["start"]), _weight(kind), kind.get("group", code), kind.get("origin", _ORIGIN))
        for code, kind in known["kinds"].items()
    ]
    fill(connection, "reason_kinds", kinds)
    measures = [
        (kind, one["rank"], one["method"], float(one["start"]), one["says"]) for kind, one in known["measures"].items()
    ]
    fill(connection, "measures", measures)
    fill(connection, "grades", grades().items())
    connection.execute(_VARIABLES)


@cache
def grades() -> dict[str, float]:
    """Every number of the file by what it is of; a kind's start at a place is of `<kind> <place>`."""
    known = ladder()
    found = {code: float(kind["start"]) for code, kind in (known["kinds"] | known["measures"]).items()}
    for code, kind in known["kinds"].items():
        found |= {f"{code} {place}": float(start) for place, start in kind.get("places", {}).items()}
    found |= {what: float(one["factor"]) for what, one in known["factors"].items()}
    return found | {what: float(one["at"]) for what, one in known["thresholds"].items()}


def _weight(kind: dict[str, Any]) -> float | None:
    """The log odds of a kind of evidence: fitted, else those of its start; none where that is certain."""
    if "weight" in kind:
        return float(kind["weight"])
    start = float(kind["start"])
    return math.log(start / (1 - start)) if 0 < start < 1 else None
