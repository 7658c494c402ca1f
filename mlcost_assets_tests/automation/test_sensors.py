"""Sensors ask for a run of what changed, exactly once; on a local folder and on a real S3 server."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest

from mlcost_assets.automation import sensors
from mlcost_assets.automation.instance import open_instance
from mlcost_assets.automation.schedules import daily_refresh
from mlcost_assets.automation.sensors import new_billing_drops, new_metadata
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.definitions import defs
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World, record


class Ticking:
    """Evaluates a sensor as the daemon does, and runs what it asks for."""

    def __init__(self, world: World, sensor: dg.SensorDefinition) -> None:
        self.world = world
        self._sensor = sensor
        self._instance = open_instance(world.config)
        self._cursor: str | None = None

    def tick(self) -> list[dg.RunRequest]:
        """The run requests of one tick; a run key that was asked for before launches nothing, as in the daemon."""
        context = dg.build_sensor_context(instance=self._instance, cursor=self._cursor)
        result = self._sensor(context)
        if isinstance(result, dg.SkipReason):
            return []
        assert isinstance(result, dg.SensorResult)
        self._cursor = result.cursor
        return list(result.run_requests or [])

    def restart(self) -> None:
        """Forgets the cursor, as a new instance would."""
        self._cursor = None

    def run(self, requests: list[dg.RunRequest]) -> None:
        job = defs.resolve_job_def("refresh")
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        with open_instance(self.world.config) as instance:
            for request in requests:
                assert job.execute_in_process(instance=instance, tags=dict(request.tags), run_config=quiet).success


def asked(requests: list[dg.RunRequest]) -> list[tuple[str, str]]:
    names = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
    return [(request.tags[names[0]], request.tags[names[1]]) for request in requests]


@pytest.fixture
def on_s3(s3: S3Server, world: World) -> World:
    """A world whose export, landing zone and lake are on S3."""

    class OnS3(World):
        """Uploads what is written to the folder, at each delivery."""

        def __init__(self) -> None:
            self.__dict__.update(world.__dict__)

        def configure(self, settings: str = "", exports: tuple[str, ...] | None = None, *, lake: str = "") -> None:
            (self.folder / "mlcost.yaml").write_text(
                f"lake: s3://{s3.bucket}/lake\nbilling:\n  exports:\n"
                f"    - {{name: payer, uri: 's3://{s3.bucket}/bills/payer'}}\n"
                f"metadata: {{uri: 's3://{s3.bucket}/landing'}}\n{settings}"
            )

        def bill(self, rows: list[dict[str, object]], **how: object) -> Path:
            manifest = super().bill(rows, **how)  # type: ignore[arg-type]
            s3.upload(self.root(), "bills/payer")
            return manifest

        def land(self, *records: dict[str, object], file: str = "records.jsonl") -> None:
            super().land(*records, file=file)
            s3.upload(self.metadata, "landing")

    delivered = OnS3()
    delivered.configure()
    return delivered


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_changed_manifests_and_new_metadata_ask_for_their_periods_exactly_once(on_s3: World) -> None:
    on_s3.bill([charge(cost=1.0, at="2026-09-05T00:00:00")], period="2026-09")
    on_s3.bill([charge(cost=2.0)], period="2026-10")
    daemon = Ticking(on_s3, new_billing_drops)
    first = daemon.tick()
    assert asked(first) == [("2026-09", "2026-10")]
    daemon.run(first)
    assert daemon.tick() == []
    daemon.restart()
    assert daemon.tick() == []  # the ledger in the lake remembers, not the cursor
    on_s3.bill([charge(cost=5.0)], period="2026-10", execution="execution-2")
    again = daemon.tick()
    assert asked(again) == [("2026-10", "2026-10")]
    assert len({request.run_key for request in [*first, *again]}) == 2
    daemon.run(again)
    assert daemon.tick() == []
    found = on_s3.query("SELECT billing_period, sum(effective_cost) FROM attributed_costs GROUP BY 1 ORDER BY 1")
    assert [(period, int(cost)) for period, cost in found] == [("2026-09", 1), ("2026-10", 5)]

    metadata = Ticking(on_s3, new_metadata)
    assert metadata.tick() == []
    machine = "i-0123456789abcdef0"
    on_s3.land(record("ec2:DescribeInstances", machine, {"InstanceId": machine}, tags={"team": "risk"}))
    requests = metadata.tick()
    assert asked(requests) == [("2026-09", "2026-10")]
    metadata.run(requests)
    assert metadata.tick() == []
    assert on_s3.query("SELECT DISTINCT team FROM attributed_costs") == [("risk",)]


@pytest.mark.parametrize("sensor", [new_billing_drops, new_metadata])
def test_months_with_a_gap_between_them_are_a_run_each(world: World, sensor: dg.SensorDefinition) -> None:
    world.bill([charge(at="2026-08-05T00:00:00")], period="2026-08")
    world.bill([charge()], period="2026-10")
    world.land(record("ec2:DescribeInstances", "i-1", {"InstanceId": "i-1"}))
    daemon = Ticking(world, sensor)
    requests = daemon.tick()
    assert asked(requests) == [("2026-08", "2026-08"), ("2026-10", "2026-10")]
    assert len({request.run_key for request in requests}) == 2


def test_twelve_months_restated_at_once_are_one_run(world: World) -> None:
    for month in range(1, 13):
        world.bill([charge(at=f"2026-{month:02}-05T00:00:00")], period=f"2026-{month:02}")
    assert asked(Ticking(world, new_billing_drops).tick()) == [("2026-01", "2026-12")]


def test_ten_years_of_twenty_exports_cost_a_look_at_their_manifests_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = tuple(f"payer-{number:02}" for number in range(20))
    world = World(tmp_path / "many", exports=exports)
    months = [f"{year}-{month:02}" for year in range(2016, 2026) for month in range(1, 13)]
    for export in exports:
        for month in months:
            manifest = world.root(export) / "metadata" / f"BILLING_PERIOD={month}" / f"{export}-Manifest.json"
            manifest.parent.mkdir(parents=True)
            manifest.write_text("{}")
    seen: list[str] = []
    for verb in ("list", "look", "read", "open"):
        genuine = getattr(LocalStore, verb)

        def noted(store: LocalStore, key: str = "", genuine: Any = genuine, verb: str = verb) -> Any:
            seen.append(f"{verb} {key}")
            return genuine(store, key)

        monkeypatch.setattr(LocalStore, verb, noted)
    with LakeWriter(world.config) as lake:
        pending = make_plan(world.config, lake.connection).pending
        assert len(pending) == len(exports) * len(months)
        ledger = pa.table(
            {
                "export_name": [one.export.name for one in pending],
                "billing_period": [one.period for one in pending],
                "drop_id": ["drop"] * len(pending),
                "state": ["loaded"] * len(pending),
                "manifest_etag": [one.entry.etag for one in pending],
            }
        )
        lake.connection.register("entered", ledger)
        lake.connection.execute("INSERT INTO billing_drops BY NAME FROM entered")
        seen.clear()
        assert make_plan(world.config, lake.connection).pending == ()
    # One listing of manifests an export, and no manifest or data file is opened.
    assert sorted(set(seen)) == ["list metadata/", "look "]
    assert len(seen) == 2 * len(exports)


MINUTE, DAY = 60, 24 * 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sensors' clock, to be set by its one element."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(sensors, "time", lambda: now[0])
    return now


def test_a_request_under_way_is_not_repeated_and_a_failed_one_is_tried_again_soon_and_then_daily_for_ever(
    world: World, clock: list[float]
) -> None:
    world.bill([charge()])
    daemon = Ticking(world, new_billing_drops)
    (request,) = daemon.tick()
    instance = daemon._instance
    job = defs.resolve_job_def("refresh")
    under_way = instance.create_run_for_job(job, tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED)
    clock[0] += DAY
    assert daemon.tick() == []
    instance.report_run_failed(under_way)
    clock[0] -= DAY
    keys = [request.run_key]
    for wait in (5 * MINUTE, 15 * MINUTE, 60 * MINUTE, DAY, DAY, DAY):
        clock[0] += wait - 1
        assert daemon.tick() == []
        clock[0] += 1
        keys += [request.run_key for request in daemon.tick()]
    assert len(set(keys)) == 7


def test_a_failed_request_comes_back_for_old_periods_as_for_the_newest(world: World, clock: list[float]) -> None:
    world.bill([charge(at="2025-01-05T00:00:00")], period="2025-01")
    world.bill([charge()], period="2026-10")
    daemon = Ticking(world, new_billing_drops)
    for _ in range(5):
        assert asked(daemon.tick()) == [("2025-01", "2025-01"), ("2026-10", "2026-10")]
        clock[0] += DAY


def test_a_clock_that_was_ahead_keeps_no_request_waiting(world: World, clock: list[float]) -> None:
    world.bill([charge()])
    daemon = Ticking(world, new_billing_drops)
    clock[0] += 3650 * DAY
    assert len(daemon.tick()) == 1
    clock[0] -= 3650 * DAY
    assert len(daemon.tick()) == 1


@pytest.mark.parametrize("cursor", ["", "{", "[1]", "7", '{"x": "y"}', '{"x": [1, "y"]}', '{"x": null}', "[" * 100_000])
def test_a_damaged_cursor_stops_no_sensor(world: World, clock: list[float], cursor: str) -> None:
    world.bill([charge()])
    daemon = Ticking(world, new_billing_drops)
    (first,) = daemon.tick()
    clock[0] += 1
    daemon._cursor = cursor
    (again,) = daemon.tick()
    assert again.run_key != first.run_key  # the daemon launches nothing for a key that it knows


def test_a_cursor_of_a_version_before_that_gave_up_is_tried_again(world: World, clock: list[float]) -> None:
    world.bill([charge()])
    daemon = Ticking(world, new_billing_drops)
    daemon.tick()
    daemon._cursor = json.dumps(dict.fromkeys(json.loads(daemon._cursor or ""), 3))
    assert len(daemon.tick()) == 1
    assert daemon.tick() == []  # the fourth attempt, so the next one is due in a day
    clock[0] += DAY
    assert len(daemon.tick()) == 1


def test_a_rejected_drop_is_not_asked_for_until_it_is_mended(world: World, clock: list[float]) -> None:
    world.bill([charge()])
    (file,) = (world.root() / "data").rglob("*.parquet")
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2])
    daemon = Ticking(world, new_billing_drops)
    daemon.run(daemon.tick())
    clock[0] += 5 * MINUTE
    assert daemon.tick() == []
    file.write_bytes(good)
    assert asked(daemon.tick()) == [("2026-10", "2026-10")]


def test_the_daily_schedule_refreshes_the_newest_period(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLCOST_CONFIG", str(world.config.path))
    (world.folder / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(world.folder / "dagster")) as instance:
        at = datetime(2026, 11, 1, 6, tzinfo=UTC)
        six_oclock = dg.build_schedule_context(instance, scheduled_execution_time=at)
        assert isinstance(daily_refresh(six_oclock), dg.SkipReason)
        world.bill([charge()])
        request = daily_refresh(six_oclock)
        assert isinstance(request, dg.RunRequest)
    assert asked([request]) == [("2026-10", "2026-10")]


def test_an_export_out_of_reach_is_said_and_the_others_go_on(world: World, tmp_path: Path) -> None:
    two = World(tmp_path / "two", exports=("good", "torn"))
    two.bill([charge()], export="good")
    manifest = two.bill([charge(bill_payer_account_id="999999999999")], export="torn")
    manifest.with_name("other-Manifest.json").write_text(json.dumps({}))
    done = two.refresh()
    assert any("torn" in line and "several exports" in line for line in done.failed_checks)
    assert two.query("SELECT count(*) FROM line_items") == [(1,)]


@pytest.mark.parametrize("sensor", [new_billing_drops, new_metadata, sensors.abandoned_runs, sensors.old_runs])
def test_without_configuration_a_sensor_skips_and_says_how_to_mend_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sensor: dg.SensorDefinition
) -> None:
    monkeypatch.setenv("MLCOST_CONFIG", str(tmp_path / "mlcost.yaml"))
    with dg.DagsterInstance.ephemeral() as instance:
        skipped = sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(skipped, dg.SkipReason)
    assert "mlcost.yaml does not exist" in str(skipped.skip_message)


def test_without_configuration_a_schedule_skips_and_says_how_to_mend_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLCOST_CONFIG", str(tmp_path / "mlcost.yaml"))
    with dg.DagsterInstance.ephemeral() as instance:
        skipped = daily_refresh(dg.build_schedule_context(instance))
    assert isinstance(skipped, dg.SkipReason)
