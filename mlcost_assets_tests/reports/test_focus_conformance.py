"""What is exported as FOCUS passes the official validator, but for the rules of focus_rules.yaml; a new failing rule fails the test."""

from pathlib import Path

import duckdb
import pytest
import yaml

from mlcost_assets.reports.focus.export import export_focus
from mlcost_assets_tests import samples
from mlcost_assets_tests.exports import write_export
from mlcost_assets_tests.same_month import month
from mlcost_assets_tests.validator import NoValidatorError, failed_rules, install
from mlcost_assets_tests.world import World

pytestmark = pytest.mark.xdist_group("focus-validator")
EXPECTED = yaml.safe_load(Path(__file__).with_name("focus_rules.yaml").read_text(encoding="utf-8"))

# One sample of each kind and payer, together in one lake; those of one bill in two formats count once.
TOGETHER = [
    "workshop-cur-2018/exports/WorkshopCUR2",
    "workshop-cur-2018/cur/WorkshopCUR",
    "cur-legacy-anonymised/sample-anonymous-aws-export-dataset.csv",
    "focus-1.0/focus_sample.csv",
    "nise-2026-07/billing/cur",
    "keboola-mock-s3/mock-cur-bucket",
    "keboola-mock-s3/mock-cur-v2-bucket",
    "koku/koku-local",
    "koku/2023-06-01.csv",
    "koku/2022-07-01-alt-columns.csv",
    "koku/test_cur.csv.gz",
    "costroid-focus/aws-focus-s3/fixture/demo/exports/costroid-demo",
    "costroid-focus/focus-csv/focus-1.2.csv",
]
PERIODS = [
    "2018-06", "2018-08", "2018-10", "2018-11", "2022-07", "2023-06", "2023-11", "2024-01", "2024-09", "2026-05", "2026-06", "2026-07",
]  # fmt: skip


@pytest.fixture(scope="module")
def validator(request: pytest.FixtureRequest) -> Path:
    try:
        return install(request.config.cache.mkdir("focus-validator"))
    except NoValidatorError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> World:
    if not samples.FOLDER.exists():
        pytest.skip("the shared samples are not here")
    names = [f"sample-{number}" for number in range(len(TOGETHER))]
    world = World(tmp_path_factory.mktemp("samples"), exports=tuple(names))
    by_path = {sample.path: sample for sample in samples.SAMPLES}
    for name, path in zip(names, TOGETHER, strict=True):
        by_path[path].lay_out(world.root(name))
    world.refresh()
    return world


def surprises(validator: Path, file: Path, period: str) -> list[str]:
    """Rules that fail and are not expected to, and those that are expected to fail in just this month and do not."""
    failed = failed_rules(validator, file)
    where = {rule: entry.get("in") for group in EXPECTED.values() for rule, entry in group.items()}
    known = {rule for rule, periods in where.items() if periods is None or period in periods}
    new = [f"fails: {rule} {text}" for rule, text in failed.items() if rule not in known]
    return new + [f"holds: {rule}" for rule in known if where[rule] and rule not in failed]


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month with every kind of charge, written out as FOCUS."""
    world = World(tmp_path_factory.mktemp("kinds") / "world")
    write_export(world.root(), month())
    world.refresh()
    return export_focus(world.config, "2026-10", world.folder / "out").file


def test_a_month_with_every_kind_of_charge_conforms(validator: Path, every_kind: Path) -> None:
    assert surprises(validator, every_kind, "2026-10") == []


def test_a_rule_that_newly_fails_is_told(validator: Path, every_kind: Path, tmp_path: Path) -> None:
    rows = f"SELECT * REPLACE ('Consumption' AS ChargeCategory) FROM '{every_kind}'"
    duckdb.execute(f"COPY ({rows}) TO '{tmp_path}/broken.parquet'")
    assert any(
        "ChargeCategory MUST be one of the allowed values" in one
        for one in surprises(validator, tmp_path / "broken.parquet", "2026-10")
    )


@pytest.mark.parametrize("period", PERIODS)
def test_every_sample_conforms(validator: Path, sampled: World, period: str) -> None:
    written = export_focus(sampled.config, period, sampled.folder / "out")
    assert surprises(validator, written.file, period) == []


def test_the_samples_have_no_other_months(sampled: World) -> None:
    assert sampled.query("SELECT DISTINCT billing_period FROM line_items ORDER BY 1") == [(one,) for one in PERIODS]
