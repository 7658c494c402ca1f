"""decide/ladder.yaml for SQL: who wins, how strong each reason is by itself, and the sentence it is told in.

decide/fitted.yaml says how sure that makes what is published: `python -m benchmarks.fit` writes it.
"""

import math
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.sql import fill
from mlcost_assets.packaged import read_yaml

_LADDERS = ("rungs", "names", "stages", "scopes")
_FILE = Path(__file__).parent / "decide" / "ladder.yaml"
_FITTED = _FILE.with_name("fitted.yaml")

# What the macros of macros.sql look up: grade(), started(), told(), rank_of() and sentence().
_VARIABLES = """
    SET VARIABLE grades = (SELECT map_from_entries(list((what, factor))) FROM grades);
    SET VARIABLE powers = (SELECT map_from_entries(list((what, power))) FROM powers);
    SET VARIABLE rungs = (SELECT map_from_entries(list((ladder || ' ' || rung, rank))) FROM rungs);
    SET VARIABLE reason_kinds = (SELECT map_from_entries(list((code, says))) FROM reason_kinds);
"""


@cache
def ladder() -> dict[str, Any]:
    """The file: sources, ladders of rungs, kinds, measures, factors (chosen and counted) and thresholds."""
    found: dict[str, Any] = read_yaml(_FILE)
    return found


def provide_ladder(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes precedence, rungs, reason_kinds, measures, grades and powers, and tells the macros what they look up."""
    known = ladder()
    fill(connection, "precedence", [(source, turn) for turn, source in enumerate(known["sources"], 1)])
    rungs = [(name, one["rung"], rank) for name in _LADDERS for rank, one in enumerate(known[name], 1)]
    fill(connection, "rungs", rungs)
    fill(connection, "reason_kinds", [(code, kind["says"]) for code, kind in known["kinds"].items()])
    measures = [
        (kind, one["rank"], one["method"], float(one["start"]), one["says"]) for kind, one in known["measures"].items()
    ]
    fill(connection, "measures", measures)
    fill(connection, "grades", grades().items())
    fill(connection, "powers", powers().items())
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


@cache
def powers() -> dict[str, float]:
    """The power to which a factor is told, by what it is of; `any other` is for those that nothing was fitted to."""
    fitted: dict[str, Any] = read_yaml(_FITTED)
    return {what: float(one["power"]) for what, one in fitted["powers"].items()}


def told(what: str, factor: float) -> float:
    """A factor as it is published: what macros.sql makes of it."""
    known = powers()
    return math.pow(factor, known.get(what, known["any other"]))
