"""The public billing samples in ../shared/data (its README says where each is from), as exports that can be ingested.

`python -m mlcost_assets_tests.samples > docs/samples.md` ingests every one and compares it with a scan of its files that
shares no code with the product.
"""

import csv
import gzip
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow.parquet as pq

from mlcost_assets.billing import ledger
from mlcost_assets.billing.load import load_drop
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.lake.sql import as_dicts
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.world import World

FOLDER = Path(__file__).parents[2] / "shared" / "data"
_COSTS = ("lineitemunblendedcost", "billedcost")


@dataclass(frozen=True)
class Sample:
    """One sample: a folder that is an export, or a file that is laid out as the export of `period` ('YYYY-MM').

    `report` is the legacy layout. `over` is a sample that this one is delivered after, into the same export.
    """

    path: str
    period: str = ""
    report: bool = False
    over: str = ""

    def lay_out(self, root: Path) -> None:
        """Makes `root` the export's folder."""
        source = FOLDER / self.path
        if not self.period:
            shutil.copytree(source, root, dirs_exist_ok=True)
            return
        year, month = map(int, self.period.split("-"))
        folder = f"{year}{month:02}01-{year + month // 12}{month % 12 + 1:02}01"
        data = root / folder if self.report else root / "data" / f"BILLING_PERIOD={self.period}"
        metadata = data if self.report else root / "metadata" / f"BILLING_PERIOD={self.period}"
        for place in {data, metadata}:
            place.mkdir(parents=True)
        shutil.copy(source, data)
        location = f"s3://x/{(data / source.name).relative_to(root)}"
        key = "reportKeys" if self.report else "dataFiles"
        (metadata / "sample-Manifest.json").write_text(json.dumps({key: [location], "columns": []}))


def _files(folder: str, period: str, *names: str, report: bool = False) -> list[Sample]:
    return [Sample(f"{folder}/{name}", period, report) for name in names]


_S3 = "costroid-focus/aws-focus-s3"
_EXPORT = "demo/exports/costroid-demo"
SAMPLES = [
    Sample("workshop-cur-2018/cur/WorkshopCUR"),
    Sample("workshop-cur-2018/exports/WorkshopCUR2"),
    *_files("cur-legacy-anonymised", "2023-11", "sample-anonymous-aws-export-dataset.csv", report=True),
    *_files("focus-1.0", "2024-09", "focus_sample.csv"),
    Sample("nise-2026-07/billing/cur"),
    Sample("keboola-mock-s3/mock-cur-bucket"),
    Sample("keboola-mock-s3/mock-cur-v2-bucket"),
    Sample("koku/koku-local"),
    *_files("koku", "2023-06", "2023-06-01.csv", "2023-06-01-not-final.csv", report=True),
    *_files("koku", "2022-07", "2022-07-01-alt-columns.csv", "empty_frame.csv", report=True),
    *_files("koku", "2018-06", "test_cur.csv", "test_cur.csv.gz", report=True),
    Sample(f"{_S3}/fixture/{_EXPORT}"),
    Sample(f"{_S3}/restated/{_EXPORT}", over=f"{_S3}/fixture/{_EXPORT}"),
    *_files("costroid-focus/aws-focus-1.2", "2026-05", "sample-export.csv.gz", "bom-export.csv.gz", "invalid-export.csv.gz"),
    *_files("costroid-focus/focus-csv", "2026-05", *(f"focus-{version}.csv" for version in ("1.0", "1.1", "1.2", "1.3", "1.4")),
            "focus-1.4-restated.csv", "hazard.csv.gz", "lenient/lenient-1.4.csv", "negative/literal-null.csv",
            "negative/duplicate-header.csv", "negative/focus-1.4-minimal.csv", "negative/nonrfc3339-1.0.csv",
            "negative/null-chargeperiodstart.csv", "negative/unknown-header.csv"),
    *_files("aws-cur-anonymize", "2024-01", "sample-cur20.csv"),
    *_files("aws-cur-anonymize", "2024-01", "sample-legacy-csv.csv", report=True),
    *_files("fivetran-seed", "2023-01", "aws_cost_report.csv"),
]  # fmt: skip


def scan(root: Path) -> tuple[int, Decimal]:
    """Rows and exact cost of the files below `root`, read value by value; what is no number counts nothing."""
    rows, total = 0, Decimal(0)
    for file in sorted(root.rglob("*")):
        if file.is_file() and "metadata" not in file.parts and not file.name.endswith(("Manifest.json", ".md", ".txt")):
            for value in _parquet_costs(file) if file.suffix == ".parquet" else _csv_costs(file):
                rows += 1
                try:
                    total += Decimal(value)
                except InvalidOperation:
                    continue
    return rows, total


def _parquet_costs(file: Path) -> Iterator[str]:
    (name,) = [name for name in pq.read_schema(file).names if _key(name) in _COSTS]
    return (repr(value) for value in pq.read_table(file, columns=[name]).column(0).to_pylist())


def _csv_costs(file: Path) -> Iterator[str]:
    content = file.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header = [_key(name) for name in next(rows)]
    (place, *_) = [header.index(name) for name in _COSTS if name in header]
    return (row[place] for row in rows)


def _key(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def table() -> Iterator[str]:
    """docs/samples.md, line by line."""
    yield from _INTRODUCTION.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        with LakeWriter(world.config) as lake:
            for number, sample in enumerate(SAMPLES):
                world.root(f"sample-{number}").mkdir()
                world.configure(exports=(f"sample-{number}",))
                yield from _ingested(sample, world, lake)


_INTRODUCTION = """\
# Samples

Every public billing sample that we know, ingested and compared with a scan of its files that shares no code with the product (Python's csv
and Decimal, value by value). Written by `python -m mlcost_assets_tests.samples` from a real run; a test holds it. The samples themselves
are not part of the project.

*billed* is the sum of `billed_cost` in `line_items`, *set aside* what the quarantined rows would have added to it as far as it can be read,
*rounding* what ten decimals cannot hold. Billed + set aside + rounding is the *scan*, to the last digit. A drop that is rejected says why.

| sample | format | period | rows | rows set aside | billed | set aside | rounding | scan |
|---|---|---|---:|---:|---:|---:|---:|---:|"""


def _ingested(sample: Sample, world: World, lake: LakeWriter) -> Iterator[str]:
    (export,) = world.config.billing.exports
    root = world.root(export.name)
    for delivered in [one for one in SAMPLES if one.path == sample.over] + [sample]:
        delivered.lay_out(root)
        for manifest in make_plan(world.config, lake.connection).pending:
            load_drop(lake, manifest, [export.name])
    sql = "FROM billing_drops WHERE export_name = ? AND state IN ('loaded', 'rejected') ORDER BY billing_period"
    drops = as_dicts(lake.connection.execute(sql, [export.name]))
    for drop in drops:
        # The next sample may hold the same bill again.
        ledger.retire(lake.connection, export.name, drop["billing_period"])
        rows, scanned = scan(_place(root, drop["billing_period"]))
        start = f"| {sample.path} | {drop['format'] or '–'} | {drop['billing_period']} | {rows:,} |"
        if drop["state"] == "rejected":
            reason = drop["reason"].split(", in ")[0].split("; ")[0].replace(" (first:", ":")
            yield f"{start} – | rejected: {reason} | – | – | {_plain(scanned)} |"
            continue
        assert rows == drop["rows"], sample
        told = drop["billed_cost"] + drop["quarantined_cost"] + drop["rounding"]
        assert abs(told - scanned) < Decimal("1e-17"), (sample, told, scanned)
        money = " | ".join(_plain(drop[name]) for name in ("billed_cost", "quarantined_cost", "rounding"))
        yield f"{start} {drop['quarantined_rows']:,} | {money} | {_plain(scanned)} |"


def _place(root: Path, period: str) -> Path:
    """Where the newest delivery of `period` has its files."""
    year, month = period.split("-")
    patterns = (f"data/*={period}", f"*/year={year}/month={int(month)}", f"{year}{month}01-*")
    place = next(place for pattern in patterns for place in root.glob(pattern))
    return max((child for child in place.iterdir() if child.is_dir()), default=place)


def _plain(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


if __name__ == "__main__":
    print("\n".join(table()))
