"""What `data_quality` keeps: the runs that Dagster keeps, and the newest outcome of each check, in one data file."""

from pathlib import Path

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets_tests.world import World


def enter(world: World, run_id: str, *checks: str) -> list[tuple[str, str]]:
    """The runs and checks in data_quality once `run_id` has evaluated `checks`."""
    with LakeWriter(world.config) as writer:
        lake = LakeResource()
        lake._config, lake._writer = world.config, writer
        for name in checks:
            told = {"description": "sound", "details": "{}", "severity": "WARN", "passed": True}
            lake.note_check(told | {"asset": "line_items", "check_name": name})
        lake.enter_checks(run_id)
        writer.publish()
        return writer.connection.execute("SELECT DISTINCT run_id, check_name FROM data_quality ORDER BY ALL").fetchall()


def test_the_runs_that_are_kept_and_the_newest_outcome_of_each_check(world: World) -> None:
    world.configure("retention: {runs: 2}\n")
    enter(world, "1", "seldom", "always")
    for number in "234":
        entered = enter(world, number, "always")
    assert entered == [("1", "seldom"), ("3", "always"), ("4", "always")]


def test_the_number_of_data_files_does_not_grow_with_that_of_runs(world: World) -> None:
    world.configure("retention: {versions: 2, grace_hours: 0}\n")
    many = [f"check {number}" for number in range(20)]
    for number in range(8):
        enter(world, str(number), *many)
    files = list(Path(world.config.lake).rglob("data_quality/*.parquet"))
    assert len(files) <= 4
