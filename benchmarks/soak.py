"""A long life: many refreshes with restatements, snapshots of metadata and queries, in one process.

What a daemon's machine would see after months: time per refresh, memory, and what the lake, Dagster's history and the
rest of `home` take on disk. Bounds are set low, so that they are reached within the run. A machine with other work
gives a CPU second less to do: `effort` is the CPU time of a refresh in units of a fixed piece of work beside it.

    python -m benchmarks.soak --refreshes 200
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import duckdb

from mlcost_assets.automation.run import refresh_now
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

_RETENTION = "retention: {versions: 20, grace_hours: 0, runs: 20}\n"
_QUERIES = ("SELECT team, sum(effective_cost) FROM team_costs GROUP BY 1", "SELECT count(*) FROM data_quality")


def soak(world: World, refreshes: int) -> Iterator[dict[str, float]]:
    """Refreshes `world` so many times after something small changed; gives a row of figures for each."""
    for number in range(refreshes):
        month = f"2026-{8 + number % 3:02}"
        jobs = [
            sagemaker("Train:ml.g5.xlarge", f"training-job/churn-{job}", 1.0 + number, at=f"{month}-05T00:00:00")
            for job in range(20)
        ]
        world.bill([*jobs, charge(cost=float(number), at=f"{month}-06T00:00:00")], period=month, execution=str(number))
        if number % 5 == 0:
            body = {"TrainingJobName": "churn-1", "Seen": number}
            job = record("sagemaker:DescribeTrainingJob", arn("training-job/churn-1"), body, tags={"team": "risk"})
            world.land(job, file=f"{number}.jsonl")
        unit = _fixed_work()
        began, busy = time.perf_counter(), time.process_time()
        done = refresh_now(world.config, [], everything=False, quiet=True)
        took = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - busy}
        took["effort"] = took["cpu_seconds"] / ((unit + _fixed_work()) / 2)
        if done.failures:
            raise SystemExit("; ".join(done.failures))
        reader = LakeReader(world.config)
        for query in _QUERIES:
            reader.ask(query).fetchall()
        reader.close()
        yield {"refresh": number + 1, **took, "memory_mb": _resident(), **_disk(world)}


def _fixed_work() -> float:
    """CPU seconds of planning and small steps, of which a refresh of little consists."""
    busy = time.process_time()
    with duckdb.connect() as connection:
        for _ in range(100):
            connection.execute(
                "SELECT i % 7 AS k, count(*) FROM range(100) AS one(i) JOIN range(100) AS other(j) ON i = j GROUP BY 1"
            )
            json.loads(json.dumps([list(range(50))] * 20))
    return time.process_time() - busy


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _disk(world: World) -> dict[str, float]:
    home, lake = world.config.home, Path(world.config.lake)
    sizes = {file: file.stat().st_size for file in home.rglob("*") if file.is_file()}

    def of(folder: Path) -> float:
        return sum(size for file, size in sizes.items() if file.is_relative_to(folder)) / 1e6

    files = sum(file.is_relative_to(lake) for file in sizes)
    return {"lake_mb": of(lake), "lake_files": files, "dagster_mb": of(home / "dagster"), "home_mb": of(home)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--refreshes", type=int, default=200)
    asked.add_argument("--every", type=int, default=20)
    given = asked.parse_args()
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="mlcost-soak-") as folder:
        for row in soak(World(Path(folder) / "world", settings=_RETENTION), given.refreshes):
            rows.append(row)
            if row["refresh"] == 1:
                print("| " + " | ".join(row) + " |\n|" + "---:|" * len(row), flush=True)
            if row["refresh"] in (1, 10) or row["refresh"] % given.every == 0:
                print(
                    "| " + " | ".join(f"{value:,.1f}".removesuffix(".0") for value in row.values()) + " |", flush=True
                )
    # The first one imports and makes everything.
    first, last = (median(row["effort"] for row in part) for part in (rows[1:11], rows[-10:]))
    ratio = {"first_ten_effort": round(first, 1), "last_ten_effort": round(last, 1), "ratio": round(last / first, 2)}
    print(json.dumps(ratio))


if __name__ == "__main__":
    main()
