"""How fast a month of hourly CUR 2.0 becomes `line_items`, against DuckDB's plain copy of the same rows.

    python -m benchmarks.ingest [--rows 10000000] [--memory 4GiB] [--folder F]

Each side runs in a process of its own with that memory limit, so that the peak is its own: `copy` is
`COPY (SELECT * FROM raw) TO` zstd Parquet, `ingest` is all that a refresh does with the drop: mapping, verifying by an
independent scan, writing to the lake. What is made is kept in the folder for the next time.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

HOURS = 720
RESOURCES_A_FILE = 1_400  # a million rows, about what AWS puts into one file
PERIOD = "2026-10"


def make_export(root: Path, rows: int) -> None:
    """Writes an export of `rows` rows, unless it is there."""
    manifest = root / "metadata" / f"BILLING_PERIOD={PERIOD}" / "bench-Manifest.json"
    if manifest.exists():
        return
    data = root / "data" / f"BILLING_PERIOD={PERIOD}"
    data.mkdir(parents=True, exist_ok=True)
    sql = Path(__file__).with_name("raw_rows.sql").read_text()
    names = []
    things = rows // HOURS
    for first in range(0, things, RESOURCES_A_FILE):
        file = data / f"bench-{len(names) + 1:05}.snappy.parquet"
        given = {"first": first, "resources": min(RESOURCES_A_FILE, things - first), "hours": HOURS}
        duckdb.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet, COMPRESSION snappy)", given)
        names.append(f"s3://bench/{file.relative_to(root)}")
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"executionId": "one", "dataFiles": names}))


def copy(root: Path, work: Path, memory: str) -> None:
    """The yardstick: the same rows through the same engine, doing nothing."""
    connection = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(work / "spill")})
    connection.execute("SET preserve_insertion_order = false")
    files = root / "data" / f"BILLING_PERIOD={PERIOD}" / "*.parquet"
    connection.execute(
        f"COPY (SELECT * FROM '{files}') TO '{work / 'copy.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )


def ingest(root: Path, work: Path, memory: str) -> None:
    """What a refresh does with the drop."""
    from mlcost_assets.billing.load import load_drop
    from mlcost_assets.billing.plan import make_plan
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.writer import LakeWriter

    settings = work / "mlcost.yaml"
    settings.write_text(f"billing: {{exports: [{{name: bench, uri: '{root}'}}]}}\n")
    config = load_config(settings)
    with LakeWriter(config, settings={"memory_limit": memory}) as lake:
        (manifest,) = make_plan(config, lake.connection).pending
        outcome = load_drop(lake, manifest, ["bench"])
    if outcome.state != "loaded":
        sys.exit(str(outcome))


SIDES = {"copy": copy, "ingest": ingest}


def measured(side: str, root: Path, work: Path, memory: str) -> dict[str, float]:
    """Runs one side in a process of its own; seconds, CPU seconds and peak memory (GiB)."""
    work.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.ingest", "--side", side, str(root), str(work), memory]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(told))


def run_side(side: str, root: Path, work: Path, memory: str) -> None:
    """The other end of `measured`."""
    began = time.perf_counter()
    SIDES[side](root, work, memory)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak_gib": used.ru_maxrss / 1024**2}))


def main() -> None:
    if sys.argv[1:2] == ["--side"]:
        side, root, work, memory = sys.argv[2:]
        run_side(side, Path(root), Path(work), memory)
        return
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000_000])
    parser.add_argument("--memory", default="4GiB")
    parser.add_argument("--folder", type=Path, default=Path(".benchmarks"))
    given = parser.parse_args()
    print(f"{'rows':>12} {'side':8} {'seconds':>8} {'CPU s':>8} {'peak GiB':>9} {'rows/s':>10}")
    for rows in given.rows:
        root = given.folder / f"raw-{rows}"
        make_export(root, rows)
        sides = {}
        for side in SIDES:
            work = given.folder / f"work-{time.time_ns()}"
            found = sides[side] = measured(side, root.resolve(), work.resolve(), given.memory)
            subprocess.run(["rm", "-rf", str(work)], check=True)
            print(
                f"{rows:>12,} {side:8} {found['seconds']:>8.1f} {found['cpu']:>8.1f} {found['peak_gib']:>9.2f}"
                f" {rows / found['seconds']:>10,.0f}",
                flush=True,
            )
        print(
            f"{rows:>12,} ratio    {sides['ingest']['seconds'] / sides['copy']['seconds']:>8.2f}"
            f" {sides['ingest']['cpu'] / sides['copy']['cpu']:>8.2f}"
        )


if __name__ == "__main__":
    main()
