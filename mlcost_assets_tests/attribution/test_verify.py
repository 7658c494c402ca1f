"""`mlcost verify`: everything that the scenarios found replays, and whatever is altered afterwards is named."""

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.config import load_config
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.attribution.scenarios import Paid, given, training_job
from mlcost_assets_tests.exports import charge, sagemaker

PACKAGE = Path(__file__).parents[2] / "mlcost_assets" / "verify"

given(
    training_job("tj-9001", account="222222229001", artifact="s3://kite/1/model.tar.gz", tags={"model": "kite"}),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-9001", 10.0, account="222222229001"),
        sagemaker("Train:ml.m5.large", "training-job/tj-9002", 30.0, account="222222229001", resource_tags={"user_model": "osprey"}),
        charge("Tax", 4.0, line_item_usage_account_id="222222229001", line_item_resource_id="", line_item_usage_type=None, line_item_operation=None),
        charge(cost=5.0, line_item_usage_account_id="222222229001", line_item_resource_id="i-09000000000000003"),
    ],
    rules="rules: [{name: r-verify, when: {resource_id: i-09000000000000003}, set: {model: buzzard}}]",
)  # fmt: skip


@pytest.fixture
def copy(paid: Paid, tmp_path: Path) -> Path:
    """The installation once more, to be altered."""
    return paid.world.copy(tmp_path / "copy").folder


def verify(folder: Path, *options: str) -> tuple[int, dict[str, list[str]]]:
    """The exit code, and the problems by what was looked at."""
    done = CliRunner().invoke(cli, ["verify", "--config", str(folder / "mlcost.yaml"), "--format", "json", *options], standalone_mode=False)  # fmt: skip
    assert done.exception is None, done.exception
    looks = {look["looked_at"]: look["problems"] for look in json.loads(done.stdout)}
    return int(done.return_value), {asked: problems for asked, problems in looks.items() if problems}


def test_everything_replays(paid: Paid) -> None:
    assert verify(paid.world.folder) == (0, {})


THIS = "evidence_id IN (SELECT evidence_id FROM attributed_costs WHERE resource_id LIKE '%{}')"
TOLD = f"UPDATE attribution_evidence SET {{}} WHERE {THIS.format('tj-9001')} AND dimension = 'model'"

ALTERED = {
    "a cent more": (
        "UPDATE attributed_costs SET effective_cost = effective_cost + 0.0000000001 WHERE resource_id LIKE '%tj-9001'",
        "every cent of the bill is attributed once",
    ),
    "a charge gone": (
        "DELETE FROM attributed_costs WHERE resource_id LIKE '%tj-9001'",
        "every cent of the bill is attributed once",
    ),
    "another owner": (
        "UPDATE attributed_costs SET model = 'osprey' WHERE resource_id LIKE '%tj-9001'",
        "every owner is given by evidence",
    ),
    "another name in the evidence": (TOLD.format("value = 'osprey'"), "every owner is given by evidence"),
    "no evidence": (
        f"DELETE FROM attribution_evidence WHERE {THIS.format('tj-9001')}",
        "every owner is given by evidence",
    ),
    "another tag": (
        TOLD.format("said = 'model = osprey'"),
        "tags mean what they are taken for",
    ),
    "a tag nobody billed": (
        f"UPDATE attribution_evidence SET sources = ['bill tag user_model = ospray'] WHERE {THIS.format('tj-9002')} AND dimension = 'model'",
        "tags of the bill stand in the bill",
    ),
    "another line": (
        TOLD.format(
            "sources = list_transform(sources, lambda one: regexp_replace(one, ':([0-9]+)', ':2'))"
        ),
        "cited records say what is said of them",
    ),
    "another weight": (
        "UPDATE attribution_evidence SET said = '1 of ' || split_part(said, ' of ', 2)"
        " WHERE code = 'pool' AND place LIKE '% 222222229001%'",
        "parts of pools are what their weights say",
    ),
    "a confidence of its own": (TOLD.format("confidence = 1.0"), "confidences are what they are made of"),
    "another confidence of a row": (
        "UPDATE attributed_costs SET confidence = 1.0 WHERE resource_id LIKE '%tj-9001'",
        "confidences are what they are made of",
    ),
    "a surer meaning": (
        TOLD.format("factors = [{'what': 'meaning of the value', 'factor': 0.5}], confidence = 0.5"),
        "confidences are what they are made of",
    ),
    "a factor that nobody wrote down": (
        TOLD.format("factors = [{'what': 'resource_tag', 'factor': 0.5}], confidence = 0.5"),
        "factors are those of the ladder",
    ),
    "a kind that nobody knows": (TOLD.format("code = 'dreamt'"), "factors are those of the ladder"),
    "another record": (
        "UPDATE metadata_records SET tags = MAP {'model': 'osprey'} WHERE id LIKE '%tj-9001'",
        "cited records say what is said of them",
    ),
    "a resource in the bill": (
        "UPDATE line_items SET resource_id = 'x' WHERE resource_id LIKE '%tj-9001'",
        "published charges are what the exports' files say",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "look"), ALTERED.values(), ids=ALTERED)
def test_what_was_altered_in_the_lake_is_named(copy: Path, statement: str, look: str) -> None:
    with LakeWriter(load_config(copy / "mlcost.yaml")) as lake:
        (changed,) = lake.connection.execute(statement).fetchone() or (0,)
        lake.publish()
    code, problems = verify(copy)
    assert changed
    assert code == 1
    assert look in problems


def landed(folder: Path) -> None:
    file = folder / "metadata" / "records.jsonl"
    file.write_text(file.read_text().replace('"model": "kite"', '"model": "kita"'))


def exported(folder: Path) -> None:
    file = next((folder / "billing").rglob("*2026-10*/**/*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def ruled(folder: Path) -> None:
    file = folder / "rules.yaml"
    file.write_text(file.read_text().replace("buzzard", "bustard"))


SOURCES: dict[str, tuple[Callable[[Path], None], str]] = {
    "landing zone": (landed, "cited records say what is said of them"),
    "export": (exported, "published charges are what the exports' files say"),
    "rules.yaml": (ruled, "rules say what is said of them"),
}


@pytest.mark.parametrize(("alter", "look"), SOURCES.values(), ids=SOURCES)
def test_what_was_altered_in_a_source_is_named(copy: Path, alter: Callable[[Path], None], look: str) -> None:
    alter(copy)
    code, problems = verify(copy)
    assert code == 1
    assert list(problems) == [look]


def test_a_period_that_is_not_published_is_refused(paid: Paid) -> None:
    done = CliRunner().invoke(cli, ["verify", "--config", str(paid.world.folder / "mlcost.yaml"), "--period", "2020-01"])  # fmt: skip
    assert "--period 2020-01: this billing period is not published; " in str(done.exception)


def test_the_checker_knows_nothing_of_the_engine() -> None:
    imported = {
        node.module or ""
        for file in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    ours = {module.split(".")[1] for module in imported if module.startswith("mlcost_assets.")}
    assert ours == {"billing", "config", "errors", "lake", "packaged", "verify", "words"}
    assert {module for module in imported if module.startswith("mlcost_assets.billing")} == {
        "mlcost_assets.billing.deliveries",
        "mlcost_assets.billing.manifests",
        "mlcost_assets.billing.source",
    }
