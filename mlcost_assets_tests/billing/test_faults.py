"""Every fault of a drop, on a local folder and on S3: its period keeps the last good version and says why, the other
periods go on, and when the drop is mended the next look takes it."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlcost_assets.billing.formats import CUR2
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import Row, charge, write_parquet
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World


@dataclass(frozen=True)
class Delivery:
    """A delivered month: its manifest and its two files."""

    manifest: Path
    first: Path
    second: Path


def cut_off(to: Delivery) -> None:
    to.first.write_bytes(to.first.read_bytes()[:-200])


def retyped(to: Delivery) -> None:
    table = pq.read_table(to.first)
    place = table.column_names.index("line_item_unblended_cost")
    pq.write_table(table.set_column(place, "line_item_unblended_cost", pa.array([True] * len(table))), to.first)


def widened(to: Delivery) -> None:
    table = pq.read_table(to.first)
    pq.write_table(table.append_column("line_item_brand_new", pa.array(["x"] * len(table))), to.first)


def emptied(to: Delivery) -> None:
    for file in (to.first, to.second):
        write_parquet(file, [], list(CUR2.columns))


def foreign(to: Delivery) -> None:
    for file in (to.first, to.second):
        pq.write_table(pa.table({"file": [file.name]}), file)


# What happens to a delivery, what becomes of it, and what is said.
FAULTS: list[tuple[Callable[[Delivery], object], str, str]] = [
    (lambda to: to.second.unlink(), "waiting", "1 of 2 files that"),
    (cut_off, "rejected", "payer-00001.snappy.parquet cannot be read: "),
    (lambda to: to.first.write_bytes(b""), "rejected", "payer-00001.snappy.parquet cannot be read: "),
    (foreign, "rejected", "no billing export"),
    (
        lambda to: to.first.write_bytes(gzip.compress(b"a,b\n1,2\n")),
        "rejected",
        "payer-00001.snappy.parquet cannot be read: ",
    ),
    (
        retyped,
        "rejected",
        "column line_item_unblended_cost is BOOLEAN in data/BILLING_PERIOD=2026-06/payer-00001.snappy.parquet",
    ),
    (lambda to: to.second.write_bytes(to.first.read_bytes()), "rejected", "once more; their rows would count twice"),
    (emptied, "rejected", "the drop holds no rows; the period keeps the version loaded before"),
    (lambda to: to.manifest.write_text("{"), "rejected", "no JSON"),
    (widened, "loaded", "not read: line_item_brand_new"),
]
MONTHS = [f"2026-{month:02}" for month in range(1, len(FAULTS) + 2)]


class Place:
    """An export on a local folder, or its copy on S3."""

    def __init__(self, world: World, server: S3Server | None) -> None:
        self.world = world
        self._server = server
        if server:
            listed = f"[{{name: payer, uri: 's3://{server.bucket}/bills/payer'}}]"
            (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: {listed}}}\n")

    def deliver(self, month: str, cost: float, execution: str) -> Delivery:
        rows: list[Row] = [charge(cost=cost, at=f"{month}-05T00:00:00"), charge(cost=1.0, at=f"{month}-06T00:00:00")]
        manifest = self.world.bill(rows, period=month, chunks=2, execution=execution)
        return Delivery(manifest, *sorted((self.world.root() / "data" / f"BILLING_PERIOD={month}").iterdir()))

    def settle(self) -> None:
        """Makes S3 hold what the folder holds."""
        if self._server:
            listed = self._server.client.list_objects_v2(Bucket=self._server.bucket).get("Contents", [])
            for entry in listed:
                self._server.client.delete_object(Bucket=self._server.bucket, Key=entry["Key"])
            self._server.upload(self.world.root(), "bills/payer")


@pytest.fixture(params=["local", pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])])
def place(request: pytest.FixtureRequest, world: World) -> Place:
    return Place(world, request.getfixturevalue("s3") if request.param == "s3" else None)


def test_every_fault_keeps_the_last_good_version_and_mends(place: Place) -> None:
    for month in MONTHS:
        place.deliver(month, 1.0, "good")
    place.settle()
    place.world.begin()
    with LakeWriter(place.world.config) as lake:
        ingested = Ingested(place.world, lake)
        assert {outcome.state for outcome in ingested.load()} == {"loaded"}

        for month, (happens, _, _) in zip(MONTHS, FAULTS, strict=False):
            happens(place.deliver(month, 5.0, "faulty"))
        place.deliver(MONTHS[-1], 5.0, "sound")
        place.settle()
        found = {outcome.period: outcome for outcome in ingested.load()}
        assert set(found) == set(MONTHS)
        drops = "SELECT billing_period, state, reason, notes FROM billing_drops WHERE state <> 'superseded'"
        said = {
            (row["billing_period"], row["state"]): f"{row['reason']} {row['notes']}" for row in ingested.rows(drops)
        }
        for month, (_, state, reason) in zip(MONTHS, FAULTS, strict=False):
            assert found[month].state == state, (month, found[month])
            assert reason in said[month, state], month
        billed = "SELECT billing_period, sum(billed_cost) AS billed FROM line_items GROUP BY 1"
        taken = {month for month in MONTHS if found[month].state == "loaded"}
        assert {row["billing_period"]: row["billed"] for row in ingested.rows(billed)} == {
            month: Decimal(6 if month in taken else 2) for month in MONTHS
        }

        # Files whose manifest is not there yet are no drop.
        early = place.deliver("2026-12", 3.0, "early")
        early.manifest.unlink()
        place.settle()
        plan = make_plan(place.world.config, lake.connection, look_at_files=True)
        assert (plan.problems, "2026-12" in plan.known_periods) == (
            ["payer 2026-12 is waiting: it has data files but no manifest, which AWS writes last"],
            False,
        )

        for month in [*MONTHS, "2026-12"]:
            place.deliver(month, 7.0, "mended")
        place.settle()
        assert {outcome.state for outcome in ingested.load()} == {"loaded"}
        assert {row["billed"] for row in ingested.rows(billed)} == {Decimal(8)}
