"""What reports answer of unseen organisations, against the truth: `python benchmarks/answers.py --seeds 901 902`.

Simulates two months of each organisation, refreshes the first with what was landed until the second day of the next,
so that this day is estimated (live_costs), then all of it, and prints errors as shares of dollars: of the months of
models of which everything can be known, of inference (what a thousand predictions cost, whose number records tell), of
experiments, of the gateway's estimate, of the day that was estimated; and of endpoints that nobody calls how many
dollars were found (recall) and how many of the found ones are right (precision). Other idle things have no truth.
"""

import argparse
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from mlcost_assets.cli.refresh import run_refresh
from mlcost_assets.config import load_config
from mlcost_assets.demo import simulate
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.macros import all_macros

# The simulated collectors look at everything each week; February has four, so that they look on the day to estimate.
FIRST, SECOND = "2026-02", "2026-03"
PUBLISHED = (
    "attributed_costs",
    "experiment_costs",
    "unit_costs",
    "idle_resources",
    "estimate_vs_bill",
    "live_accuracy",
)
FIGURES = (
    "model months", "worst model month", "unit cost", "experiments", "gateway", "idle precision", "idle recall",
    "live day",
)  # fmt: skip


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[901, 902, 903, 904, 905])
    print("| seed | " + " | ".join(FIGURES) + " |")
    print("|" + "---|" * (1 + len(FIGURES)))
    for seed in parser.parse_args().seeds:
        with tempfile.TemporaryDirectory() as folder:
            figures = _run(Path(folder), seed)
        told = ("–" if figure is None else f"{figure:.2%}" for figure in figures)
        print(f"| {seed} | " + " | ".join(told) + " |", flush=True)


def _run(folder: Path, seed: int) -> tuple[float | None, ...]:
    simulate(folder, seed=seed, first_month=FIRST, months=2)
    aside = folder.with_name(f"{folder.name}-later")
    later = list(_later(folder))
    for path in later:
        (aside / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).rename(aside / path)
    config = load_config(folder / "mlcost.yaml")
    run_refresh(config, [], quiet=True)
    for path in later:
        (aside / path).rename(folder / path)
    shutil.rmtree(aside)
    run_refresh(config, [], quiet=True)
    reader = LakeReader(config)
    with duckdb.connect() as connection:
        connection.execute(all_macros())
        for name in PUBLISHED:
            connection.register(name, reader.query(f"FROM {name}").to_arrow_table())
        for name in ("charges", "estimates", "uncalled"):
            connection.register(f"true_{name}", pq.read_table(folder / "truth" / f"{name}.parquet"))
        figures = connection.execute(read_sql(__file__, "answers"), {"day": f"{SECOND}-01"}).fetchall()[0]
    reader.close()
    return tuple(figures)


def _later(folder: Path) -> list[Path]:
    """What comes after the second day of the second month: its bill, and what is landed from then on."""
    last = date.fromisoformat(f"{SECOND}-01") + timedelta(days=1)
    bills = folder.glob(f"billing/*/*/BILLING_PERIOD={SECOND}")
    landed = (day for day in folder.glob("metadata/*/*") if date.fromisoformat(day.name) > last)
    return [path.relative_to(folder) for path in (*bills, *landed)]


if __name__ == "__main__":
    main()
