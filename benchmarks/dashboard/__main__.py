"""How fast the dashboard is: each page cold and warm, 20 readers beside a publication, and each report.

    python -m benchmarks.dashboard demo/mlcost.yaml       # an installation that there is; it is published again
    python -m benchmarks.dashboard --large FOLDER         # 36 months, 300 models, 10,000 resources

The server is a process of its own. A page is cold that nobody asked this server for before, and warm after that. On a
machine with other work its processor time (`cpu`) says more than the seconds.
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.dashboard.large import make
from benchmarks.dashboard.pages import Shown, every_page, readers, served
from mlcost_assets.config import load_config
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.reports.answers import answered, reports


def pages(config: Path) -> list[str]:
    """Prints each page's time, cold and warm; gives their addresses."""
    with served(config) as server:
        found = every_page(server)
    paths = [one.path for one in found]
    with served(config) as server:
        began = server.cpu()
        cold = [server.get(path) for path in paths]
        half = server.cpu()
        warm = [server.get(path) for path in paths]
        ended = server.cpu()
    slowest = sorted(zip(cold, warm, strict=True), key=lambda pair: -pair[0].seconds)
    print(f"{len(paths)} pages; the slowest:")
    for first, again in slowest[:12]:
        told = f"{first.seconds * 1000:6.0f} ms cold {again.seconds * 1000:6.0f} ms warm"
        print(f"{told} {first.raw / 1000:6.0f} kB, sent {first.sent / 1000:5.1f} kB  {first.path[:100]}")
    _print("cold", cold, half - began)
    _print("warm", warm, ended - half)
    return paths


def _print(name: str, found: Sequence[Shown], cpu: float) -> None:
    times = sorted(one.seconds * 1000 for one in found)
    wrong = [one.path for one in found if one.status != 200]
    print(
        f"{name}: p50 {median(times):.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms, most {times[-1]:.0f} ms;"
        f" cpu {cpu / len(found) * 1000:.0f} ms a page; largest {max(one.raw for one in found) / 1000:.0f} kB,"
        f" sent {max(one.sent for one in found) / 1000:.0f} kB; {len(wrong)} errors {wrong[:3] or ''}"
    )


def publish(config: Path) -> None:
    """Writes the costs of the newest month again and publishes, as a refresh of one month ends."""
    with LakeWriter(load_config(config)) as lake:
        ((month,),) = lake.connection.execute("SELECT max(billing_period) FROM attributed_costs").fetchall()
        with lake.transaction() as connection:
            connection.execute(
                "CREATE TEMP TABLE again AS FROM attributed_costs WHERE billing_period = $month", {"month": month}
            )
            lake.replace("attributed_costs", "FROM again", billing_period=month)
            connection.execute(
                "INSERT INTO refreshes SELECT max(snapshot_id) + 1, now() AT TIME ZONE 'UTC', 'benchmark', [$month]"
                " FROM ducklake_snapshots('lake')", {"month": month},
            )  # fmt: skip
        lake.publish()


def together(config: Path, paths: Sequence[str], count: int, seconds: float) -> None:
    """Prints what `count` readers saw while a version was published, after which every page is cold again."""
    with served(config) as server:
        for path in paths:
            server.get(path)
        writer = multiprocessing.Process(target=publish, args=(config,))
        writer.start()
        began = server.cpu()
        found = readers(server, paths, count, seconds)
        used = server.cpu() - began
        writer.join()
    if writer.exitcode:
        raise SystemExit("The publication failed.")
    _print(f"{count} readers, {len(found) / seconds:.0f} pages a second, beside a publication", found, used)


def report_times(config: Path) -> None:
    """Prints what each `mlcost report` takes for the newest month, without the start of the command."""
    reader = LakeReader(load_config(config))
    ((month,),) = reader.query("SELECT max(billing_period) FROM team_costs").fetchall()
    times = {}
    for name, report in reports().items():
        began, busy = time.perf_counter(), time.process_time()
        answered(reader, report, [month], dict.fromkeys(report.filters)).fetchall()
        times[name] = (time.perf_counter() - began, time.process_time() - busy)
    reader.close()
    for name, (wall, cpu) in sorted(times.items(), key=lambda item: -item[1][0]):
        print(f"report {name}: {wall:.2f} s, cpu {cpu:.2f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("config", nargs="?", type=Path)
    asked.add_argument("--large", type=Path, metavar="FOLDER", help="made there where it is not there yet")
    asked.add_argument("--readers", type=int, default=20)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--only", choices=("pages", "readers", "reports"))
    given = asked.parse_args()
    config = make(given.large) if given.large else given.config
    if config is None:
        asked.error("name the mlcost.yaml of an installation, or --large FOLDER")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if given.only in (None, "reports"):
        report_times(config)
    if given.only != "reports":
        paths = pages(config)
        if given.only is None or given.only == "readers":
            together(config, paths, given.readers, given.seconds)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
