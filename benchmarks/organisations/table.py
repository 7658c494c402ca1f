"""Organisations written blind, made, refreshed and measured: `python -m benchmarks.accuracy --organisations`."""

import shutil
from pathlib import Path

from benchmarks.organisations.load import HERE, ORGANISATIONS, load
from benchmarks.organisations.measure import measured
from benchmarks.organisations.write import write_installation
from mlcost_assets.cli.refresh import run_refresh
from mlcost_assets.config import load_config

DIMENSIONS = ("model", "team", "environment", "joint")
SURE = DIMENSIONS[:3]


def print_table(names: list[str], into: Path) -> None:
    """Measures each in a folder of its own below `into`, which stays. A name is one of ORGANISATIONS, or the folder of
    an installation with its truth (org/ and truth/), which is copied.
    """
    heads = [f"{one} right | wrong" for one in DIMENSIONS] + [f"error of {one} | ≥ 0.9 right" for one in SURE]
    print(f"| organisation | {' | '.join(heads)} |")
    print("|" + "---|" * (1 + 2 * len(heads)))
    for name in names:
        folder = into / Path(name).name
        _install(name, folder)
        run_refresh(load_config(folder / "org" / "mlcost.yaml"), [], quiet=True)
        found = measured(folder)
        figures = {row[0]: row[2:4] for row in found.table("figures").fetchall()}
        errors = {row[0]: row[1:] for row in found.table("calibration").fetchall()}
        cells = [_percent(share) for one in DIMENSIONS for share in figures.get(one, (None, None))]
        for one in SURE:
            error, sure = errors.get(one, (None, None))
            cells += ["–" if error is None else f"{error:.3f}", _percent(sure)]
        print(f"| {folder.name} | {' | '.join(cells)} |", flush=True)


def _install(name: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if name in ORGANISATIONS:
        write_installation(load(HERE / name), folder)
    else:
        shutil.copytree(name, folder)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
