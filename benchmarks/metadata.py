"""How long a landing zone takes to read and its history to make, and how much memory: `python benchmarks/metadata.py`.

A million records of two years by default, as daily snapshots of endpoints, instances, pods and jobs; then one more day.
Prints what it measured; with --limit it fails beyond the target (120 s, 4 GiB) on this machine.
"""

import argparse
import gzip
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlcost_assets.config import load_config
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.stores import open_store
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata import records as metadata_records
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files, rebuild_history, see

ACCOUNT = "123456789012"
START = datetime(2024, 11, 1, 6, tzinfo=UTC)
DAYS = 730
_PAD = {f"Setting{number}": {"Value": f"some text of a usual length {number}", "On": True} for number in range(12)}
# What one day's snapshot holds: resources that live on, and what comes and goes.
ENDPOINTS, INSTANCES, PODS, JOBS = 0.25, 0.30, 0.25, 0.20


def main() -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--limit", action="store_true", help="fail beyond 120 s or 4 GiB")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mlcost-benchmark-"))
    try:
        return _measure(folder, given.records, limited=given.limit)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, records: int, *, limited: bool) -> int:
    (folder / "export").mkdir()
    (folder / "landing").mkdir()
    config = folder / "mlcost.yaml"
    config.write_text("billing: {exports: [{name: payer, uri: export}]}\nmetadata: {uri: landing}\n")
    a_day = records // DAYS
    for day in range(DAYS):
        _write(folder, day, a_day)
    size = sum(file.stat().st_size for file in (folder / "landing").rglob("*.gz"))
    print(f"{a_day * DAYS:,} records in {DAYS:,} files, {size / 1e6:,.0f} MB packed")
    with LakeWriter(load_config(config)) as lake:
        seconds = _read(folder, lake)
        _write(folder, DAYS, a_day)
        _read(folder, lake)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"peak memory {peak:.2f} GiB")
    return int(limited and (seconds > 120 or peak > 4))


def _read(folder: Path, lake: LakeWriter) -> float:
    store = open_store(str(folder / "landing"))
    begin = time.perf_counter()
    read = read_files(lake, store, new_files(store, lake.connection))
    middle = time.perf_counter()
    see(lake)
    lake.replace("metadata_looks", read_sql(metadata_records.__file__, "metadata_looks"))
    states = rebuild_history(lake)
    end = time.perf_counter()
    print(
        f"{read.files:,} files, {read.records:,} records: read in {middle - begin:.1f} s,"
        f" history of {states:,} states in {end - middle:.1f} s, together {end - begin:.1f} s"
    )
    return end - begin


def _write(folder: Path, day: int, a_day: int) -> None:
    at = START + timedelta(days=day)
    target = folder / "landing" / ACCOUNT / f"{at:%Y-%m-%d}" / "all.jsonl.gz"
    target.parent.mkdir(parents=True)
    with gzip.open(target, "wt", compresslevel=1) as file:
        for number, (kind, id_, body) in enumerate(_snapshot(day, a_day, at)):
            record = {
                "collected_at": at.isoformat(),
                "account_id": ACCOUNT,
                "region": "us-east-1",
                "kind": kind,
                "id": id_,
                "tags": {"team": f"team-{number % 9}", "model": f"model-{number % 40}"},
                "body": body | _PAD,
            }
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def _snapshot(day: int, a_day: int, at: datetime) -> Iterator[tuple[str, str, dict[str, object]]]:
    prefix = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
    for number in range(int(a_day * ENDPOINTS)):
        # An endpoint gets another configuration every five weeks, and is made anew every two years.
        born = START + timedelta(days=(day + number) // 700 * 700 - number)
        config = f"config-{(day + number) // 35}"
        body = {"EndpointName": f"e-{number}", "EndpointConfigName": config, "CreationTime": born.isoformat()}
        yield "sagemaker:DescribeEndpoint", f"{prefix}:endpoint/e-{number}", body
    for number in range(int(a_day * INSTANCES)):
        machine = f"i-{number * 1_000 + (day + number) // 60:017x}"
        yield "ec2:DescribeInstances", machine, {"InstanceId": machine}
    for number in range(int(a_day * PODS)):
        name, born = f"pod-{day // 3}-{number}", at - timedelta(days=day % 3)
        metadata = {"name": name, "creationTimestamp": born.isoformat()}
        yield "k8s:Pod", f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/one/Pod/{name}", {"metadata": metadata}
    for number in range(int(a_day * JOBS)):
        name = f"job-{day}-{number}"
        times = {"CreationTime": at.isoformat(), "TrainingEndTime": at.isoformat()}
        yield "sagemaker:DescribeTrainingJob", f"{prefix}:training-job/{name}", {"TrainingJobName": name, **times}


if __name__ == "__main__":
    sys.exit(main())
