"""A lake touches nothing that is not its own: where it may lie, and what is ever removed from it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcost_assets.config import Config
from mlcost_assets.errors import ConfigError, MlcostError, StorageError
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.stores import open_store
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

A_WEEK = 7 * 86_400


@pytest.fixture(params=["local", pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])])
def config(request: pytest.FixtureRequest, world: World) -> Config:
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3")
        world.configure(lake=f"s3://{server.bucket}/some/lake")
    return world.config


def fill(lake: LakeWriter, rows: int = 100) -> None:
    """Enough rows for a data file."""
    lake.replace("data_quality", f"SELECT 'x' AS asset, CAST(range AS VARCHAR) AS run_id FROM range({rows})")


def put(config: Config, key: str) -> None:
    """A file of somebody else, old enough for any age limit."""
    store = open_store(config.lake)
    store.write(key, b"theirs")
    if isinstance(store, LocalStore):
        week_ago = time.time() - A_WEEK
        os.utime(Path(config.lake) / key, (week_ago, week_ago))


def keys(config: Config) -> set[str]:
    return {entry.key for entry in open_store(config.lake).list()}


def test_files_of_others_among_the_data_stay(config: Config) -> None:
    with LakeWriter(config) as lake:
        fill(lake)
        lake.publish()
    theirs = {
        "data/bill.parquet",
        "data/main/line_items/part-0.parquet",
        "data/main/line_items/ducklake-5f0c1b8e-9d5c-4a57-8f04-1f2d3c4b5a69.parquet",
        "data/main/line_items/ducklake-01900000-0000-7000-8000-000000000000.parquet",
        "notes.txt",
    }
    for key in theirs:
        put(config, key)
    for _ in range(3):
        with LakeWriter(config) as lake:
            fill(lake)
            lake.publish()
    assert theirs <= keys(config)


def test_what_a_killed_writer_left_is_removed_by_the_next_that_publishes(config: Config) -> None:
    with LakeWriter(config) as lake:
        fill(lake)
        lake.publish()
    before = {key for key in keys(config) if key.startswith("data/")}
    process = os.fork()
    if not process:
        lake = LakeWriter(config).__enter__()
        lake.connection.execute("BEGIN")
        fill(lake, 5000)
        os._exit(0)  # as kill -9 does: nothing is cleaned up
    os.waitpid(process, 0)
    left = {key for key in keys(config) if key.startswith("data/")} - before
    assert left
    if config.lake.startswith("s3://"):  # a writer elsewhere may still be at it, for a day
        journal = next(entry.key for entry in open_store(config.lake).list("runs/"))
        open_store(config.lake).write(journal, b'{"began": %d, "ended": %d}' % (time.time() - 60, time.time()))
    with LakeWriter(config) as lake:
        fill(lake, 10)
        assert lake.publish().removed == len(left)
    assert not left & keys(config)


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_a_writer_elsewhere_keeps_what_it_writes(world: World, s3: S3Server) -> None:
    world.configure(lake=f"s3://{s3.bucket}/some/lake")
    elsewhere = world.config.model_copy(update={"home": world.folder / "another-host"})
    with LakeWriter(world.config) as lake, LakeWriter(elsewhere) as other:
        fill(other)
        fill(lake)
        lake.publish()
        assert other.connection.execute("SELECT count(*) FROM data_quality").fetchone() == (100,)


def publish_refresh(config: Config, run: str) -> int:
    with LakeWriter(config) as lake:
        fill(lake)
        lake.replace("made", f"SELECT '{run}' AS table_name FROM range(3)")
        lake.connection.execute(
            "INSERT INTO refreshes (snapshot, published_at, run_id)"
            " SELECT max(snapshot_id) + 1, now(), $run FROM ducklake_snapshots('lake')",
            {"run": run},
        )
        return lake.publish().removed


def test_freed_files_stay_for_the_readers_that_may_be_at_them(config: Config) -> None:
    kept = config.retention.model_copy(update={"versions": 1})
    config = config.model_copy(update={"retention": kept})
    assert [publish_refresh(config, str(number)) for number in range(3)] == [0, 0, 0]
    at_once = config.model_copy(update={"retention": kept.model_copy(update={"grace_hours": 0.0})})
    assert publish_refresh(at_once, "3") == 2  # those of versions 0 and 1; the spare still names that of version 2
    assert len([key for key in keys(config) if "/data_quality/" in key]) == 2
    reader = LakeReader(config)
    assert reader.query("SELECT count(*) FROM data_quality").fetchall() == [(100,)]
    reader.close()


def test_neither_files_nor_the_catalog_grow_with_the_number_of_versions(world: World) -> None:
    kept = world.config.retention.model_copy(update={"versions": 2, "grace_hours": 0.0})
    config = world.config.model_copy(update={"retention": kept})
    sizes = []
    for number in range(40):
        publish_refresh(config, str(number))
        files = list(Path(config.lake).rglob("*.parquet"))
        sizes.append((len(files), (Path(config.lake) / "catalog.ducklake").stat().st_size))
    assert sizes[-1][0] <= 5
    assert sizes[-1][1] <= sizes[10][1] * 1.2


def test_a_catalog_that_is_out_of_sight_stops_everything(config: Config) -> None:
    with LakeWriter(config) as lake:
        fill(lake)
        lake.publish()
    store = open_store(config.lake)
    content = store.read("catalog.ducklake")
    store.delete("catalog.ducklake")
    before = keys(config)
    for _ in range(2):
        with pytest.raises(StorageError, match=r"is not there, but this lake was published before.*doctor --repair"):
            LakeWriter(config).__enter__()
        with pytest.raises(MlcostError, match="published before"):
            LakeReader(config).connection()
    assert {key for key in keys(config) if not key.startswith("runs/")} == {
        key for key in before if not key.startswith("runs/")
    }
    store.write("catalog.ducklake", content)
    with LakeWriter(config) as lake:
        assert lake.connection.execute("SELECT count(*) FROM data_quality").fetchone() == (100,)


def test_a_first_refresh_that_was_killed_keeps_nobody_from_the_next(config: Config) -> None:
    process = os.fork()
    if not process:
        lake = LakeWriter(config).__enter__()
        fill(lake)
        os._exit(0)
    os.waitpid(process, 0)
    with LakeWriter(config) as lake:
        fill(lake)
        lake.publish()
    assert "catalog.ducklake" in keys(config)


def test_a_first_refresh_that_was_killed_while_it_marked_the_lake_neither(world: World) -> None:
    lake = Path(world.config.lake)
    lake.mkdir(parents=True)
    (lake / ".mlcost-lake.json.x7f3.writing").write_text("{")
    with LakeWriter(world.config) as writer:
        writer.publish()
    assert not list(lake.glob(".*"))


def test_the_version_before_is_kept_as_a_spare(config: Config) -> None:
    contents = []
    for number in range(2):
        with LakeWriter(config) as lake:
            fill(lake, 100 + number)
            lake.publish()
        contents.append(open_store(config.lake).read("catalog.ducklake"))
    assert open_store(config.lake).read("catalog.before.ducklake") == contents[0]


def test_a_location_with_files_of_others_is_no_lake(config: Config) -> None:
    put(config, "photos/holiday.jpg")
    with pytest.raises(StorageError, match=r"holds files that are not a lake's \(photos/holiday.jpg first\)"):
        LakeWriter(config).__enter__()
    assert keys(config) == {"photos/holiday.jpg"}


def test_a_lake_from_before_lakes_had_marks_goes_on(config: Config) -> None:
    with LakeWriter(config) as lake:
        fill(lake)
        lake.publish()
    open_store(config.lake).delete("mlcost-lake.json")
    with LakeWriter(config) as lake:
        assert lake.connection.execute("SELECT count(*) FROM data_quality").fetchone() == (100,)
    assert "mlcost-lake.json" in keys(config)


def test_a_lake_inside_another_is_refused(config: Config) -> None:
    with LakeWriter(config) as lake:
        lake.publish()
    inner = config.model_copy(update={"lake": f"{config.lake}/inner", "home": config.home / "inner"})
    with pytest.raises(StorageError, match="lies in the lake at"):
        LakeWriter(inner).__enter__()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("lake: billing/payer", r"billing.exports\[0\].uri: .* is the lake"),
        ("lake: billing", r"billing.exports\[0\].uri: .* lies in the lake"),
        ("lake: .", r"billing.exports\[0\].uri: .* lies in the lake"),
        ("lake: billing/payer/data", r"billing.exports\[0\].uri: .* contains the lake"),
        ("lake: metadata", "metadata.uri: .* is the lake"),
        ("lake: metadata/lake", "metadata.uri: .* contains the lake"),
        ("home: billing/payer/state", r"billing.exports\[0\].uri: .* contains the lake"),
        ("lake: 's3://bucket/x?y'", r"may not contain \?"),
    ],
)
def test_a_lake_among_the_files_of_an_export_or_landing_zone_is_refused(world: World, settings: str, said: str) -> None:
    file = world.folder / "mlcost.yaml"
    file.write_text(f"{settings}\n{file.read_text()}")
    with pytest.raises(ConfigError, match=said):
        assert world.config
    assert not list(world.folder.rglob("mlcost-lake.json"))


def test_a_link_hides_nothing(world: World) -> None:
    (world.folder / "elsewhere").symlink_to(world.root())
    world.configure(lake="elsewhere")
    with pytest.raises(ConfigError, match="is the lake"):
        assert world.config


def test_a_folder_of_ours_beside_somebodys_bill_is_fine_and_never_read(world: World) -> None:
    (world.root() / "mlcost.yaml").write_text("billing: {exports: [{name: payer, uri: .}]}\nmetadata: {uri: .}\n")
    world.bill([charge(cost=2.0)])
    beside = World.__new__(World)
    beside.folder, beside.metadata = world.root(), world.root()
    beside.refresh()
    copy = world.root() / ".mlcost" / "data" / "BILLING_PERIOD=2026-09"
    copy.mkdir(parents=True)
    (world.root() / ".mlcost" / "x.jsonl").write_text("{}\n")
    beside.refresh("2026-10")
    assert beside.query("SELECT billing_period, sum(billed_cost) FROM line_items GROUP BY 1") == [("2026-10", 2)]
    assert beside.query("SELECT count(*) FROM metadata_files WHERE file LIKE '%.mlcost%'") == [(0,)]


@pytest.mark.parametrize("name", ["work", "mlcost-work"])
def test_folders_of_the_user_in_home_stay(world: World, name: str) -> None:
    file = world.folder / "mlcost.yaml"
    file.write_text(f"home: .\n{file.read_text()}")
    (world.folder / name).mkdir()
    (world.folder / name / "thesis.tex").write_text("years of work")
    (world.folder / "lock").write_text("mine")
    if name == "work":
        with LakeWriter(world.config) as lake:
            lake.publish()
    else:
        with pytest.raises(StorageError, match="mlcost-work is not mlcost's"):
            LakeWriter(world.config).__enter__()
    assert (world.folder / name / "thesis.tex").read_text() == "years of work"
    assert (world.folder / "lock").read_text() == "mine"


def test_home_and_lake_are_private(world: World) -> None:
    world.configure(lake="a-lake")
    with LakeWriter(world.config) as lake:
        lake.publish()
    for folder in (world.config.home, Path(world.config.lake)):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("key", ["../x", "a/../../x", "/etc/passwd", "a\0b"])
@pytest.mark.parametrize("verb", ["read", "stat", "delete", "write"])
def test_no_key_leaves_its_store(tmp_path: Path, key: str, verb: str) -> None:
    store = LocalStore(str(tmp_path / "store"))
    verbs: dict[str, Callable[[], object]] = {
        "read": lambda: store.read(key),
        "stat": lambda: store.stat(key),
        "delete": lambda: store.delete(key),
        "write": lambda: store.write(key, b""),
    }
    with pytest.raises(StorageError, match="is no key"):
        verbs[verb]()


def test_data_files_are_on_disk_before_the_catalog_names_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noting)
    with LakeWriter(world.config) as lake:
        fill(lake)
        lake.publish()
    files = [str(file) for file in Path(world.config.lake).glob("data/**/*.parquet")]
    catalog = next(place for place, path in enumerate(synced) if ".catalog.ducklake." in path)
    assert files
    assert {*files, *(str(Path(file).parent) for file in files)} <= set(synced[:catalog])
    assert world.config.lake in synced[catalog:]
