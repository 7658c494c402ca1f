"""Fits how sure reasons are to organisations with known owners: `python -m benchmarks.fit FOLDER…` prints fitted.yaml.

A folder is a refreshed installation with its truth (`python -m benchmarks.accuracy --organisations --into DIR` leaves
them), best one that nobody had looked into when it was refreshed: where faults were mended reasons are right too often.

Each statement (an organisation's reason of one kind, made of the same factors, for one value) is one observation: the
share of its dollars that is right. Its chance is the product of its factors, each to a power ≥ 0 (log-binomial
regression); every organisation counts alike, as a few statements. A factor with few statements keeps near the power
that all have together (a Gamma prior of shape 1 around it, which is fitted with them). Then, for each organisation, a
fit to the others says what it is worth: on stderr, the expected calibration error of model, team and environment before
and after.
"""

import argparse
import math
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize

from benchmarks.organisations.measure import measured
from benchmarks.organisations.table import SURE
from mlcost_assets.attribution.ladder import powers

_FIXED = {"its model's own claim", "its project's own claim"}  # they are told already
_VOICES = 25  # as many independent statements an organisation is worth: its many are of few models and teams
_LEAST, _MOST, _START = 0.02, 3.0, 0.3
_HEAD = """\
# How much of the doubt in each factor of a confidence is borne out: what is published counts the ladder's and the
# relations' numbers (ladder.yaml, claims/flows.yaml) to these powers, so 0.2 makes 0.8 of agreement 0.96 of confidence.
# Written by `python -m benchmarks.fit`, which says how; docs/attribution.md#how-good-it-is has what it is worth.
"""


@dataclass(frozen=True)
class Statement:
    """One observation: dollars, the share of them that is right, and the doubt (-log) of each factor."""

    organisation: str
    dimension: str
    confidence: float
    dollars: float
    right: float
    doubts: dict[str, float]


def main() -> None:
    """Prints the file, and on stderr what it is worth on organisations that were left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    statements = [one for folder in parser.parse_args().folders for one in _statements(folder)]
    organisations = sorted({one.organisation for one in statements})
    print(f"{'left out':16} " + " ".join(f"{one:>14}" for one in SURE), file=sys.stderr)
    for name in organisations:
        fitted = _fit([one for one in statements if one.organisation != name])
        errors = [_errors([one for one in statements if one.organisation == name], each) for each in (None, fitted)]
        told = (
            f"{errors[0].get(one, 0):.3f} → {errors[1].get(one, 0):.3f}" for one in ("model", "team", "environment")
        )
        print(f"{name:16} " + " ".join(f"{one:>14}" for one in told), file=sys.stderr)
    print(_file(_fit(statements), statements, organisations), end="")


def _statements(folder: Path) -> list[Statement]:
    """The statements of one organisation, their factors as the ladder has them."""
    known = powers()
    found: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for dimension, code, value, confidence, _, factors, dollars, right in measured(folder).table("reasons").fetchall():
        doubts: dict[str, float] = defaultdict(float)
        for one in factors:
            if one["what"] not in _FIXED and one["factor"] > 0:
                doubts[one["what"]] -= math.log(one["factor"]) / known.get(one["what"], known["any other"])
        if confidence > 0:
            one_row = Statement(folder.name, dimension, confidence, dollars, right / dollars, dict(doubts))
            found[dimension, code, value, tuple(sorted(doubts))].append(one_row)
    return [_together(rows) for rows in found.values()]


def _together(rows: list[Statement]) -> Statement:
    dollars = sum(one.dollars for one in rows)

    def mean(of: list[float]) -> float:
        return sum(one.dollars * number for one, number in zip(rows, of, strict=True)) / dollars

    doubts = {what: mean([one.doubts[what] for one in rows]) for what in rows[0].doubts}
    confidence, right = mean([one.confidence for one in rows]), mean([one.right for one in rows])
    return Statement(rows[0].organisation, rows[0].dimension, confidence, dollars, right, doubts)


def _fit(statements: list[Statement]) -> dict[str, float]:
    """The power of each factor that any statement has, and of `any other`."""
    names = sorted({what for one in statements for what, doubt in one.doubts.items() if doubt > 0})
    doubts = np.array([[one.doubts.get(what, 0.0) for what in names] for one in statements])
    right = np.array([one.right for one in statements])
    many = Counter(one.organisation for one in statements)
    weights = np.array([_VOICES / many[one.organisation] for one in statements])

    def badness(guess: np.ndarray) -> tuple[float, np.ndarray]:
        """-log of the chance of what was seen and of the powers, and its slope."""
        chance = np.clip(np.exp(-doubts @ guess[1:]), 1e-9, 1 - 1e-9)
        seen = np.sum(weights * (right * np.log(chance) + (1 - right) * np.log(1 - chance)))
        share = guess[1:] / guess[0]
        slope = doubts.T @ (weights * (right - (1 - right) * chance / (1 - chance))) + 1 / guess[0] - 1 / guess[1:]
        return float(np.sum(share - np.log(share)) - seen), np.concatenate([[np.sum(1 - share) / guess[0]], slope])

    bounds = [(_LEAST, _MOST)] * (1 + len(names))
    found = minimize(badness, np.full(1 + len(names), _START), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {"any other": found[0], **dict(zip(names, found[1:], strict=True))}


def _errors(statements: list[Statement], fitted: dict[str, float] | None) -> dict[str, float]:
    """The expected calibration error of each dimension by dollars, in ten steps; without a fit that of what is told."""
    steps: dict[tuple[str, float], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in statements:
        chance = one.confidence if fitted is None else _chance(one, fitted)
        steps[one.dimension, round(chance, 1)][0] += one.dollars * (chance - one.right)
        steps[one.dimension, round(chance, 1)][1] += one.dollars
    errors: dict[str, float] = {}
    for dimension in {dimension for dimension, _ in steps}:
        own = [step for (of, _), step in steps.items() if of == dimension]
        errors[dimension] = sum(abs(off) for off, _ in own) / sum(dollars for _, dollars in own)
    return errors


def _chance(one: Statement, fitted: dict[str, float]) -> float:
    return math.exp(-sum(doubt * fitted.get(what, fitted["any other"]) for what, doubt in one.doubts.items()))


def _file(fitted: dict[str, float], statements: list[Statement], organisations: list[str]) -> str:
    counts = {what: sum(one.doubts.get(what, 0) > 0 for one in statements) for what in fitted}
    rows = {
        what: {"power": round(float(power), 2)} | ({"statements": counts[what]} if counts[what] else {})
        for what, power in sorted(fitted.items(), key=lambda one: (one[0] != "any other", one[0]))
    } | {what: {"power": 1} for what in sorted(_FIXED)}
    told = {"origin": f"{len(statements)} statements of {len(organisations)} organisations: {', '.join(organisations)}"}
    lines = "".join(f"  {what}: {yaml.safe_dump(row, default_flow_style=True)}" for what, row in rows.items())
    return _HEAD + yaml.safe_dump(told, width=1000) + "\npowers:\n" + lines


if __name__ == "__main__":
    main()
