"""What the documents say is so: every command, key and table is documented, and the reference is current."""

import re
from pathlib import Path

import click
import pytest
import yaml

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.registry import tables
from mlcost_assets.quality import configuration
from mlcost_assets.quality.column_lineage import found
from mlcost_assets.quality.reference import reference

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    (line,) = [line for line in README.splitlines() if line.startswith(f"| `mlcost {name}")]
    for parameter in cli.commands[name].params:
        hidden = {"config_path", "quiet"}
        if isinstance(parameter, click.Option) and parameter.name not in hidden:
            assert parameter.opts[-1] in line, parameter.opts


def test_every_key_of_the_configuration_has_its_values_default_and_meaning() -> None:
    assert configuration.current(CONFIGURATION) == CONFIGURATION, "run: python -m mlcost_assets.quality.configuration"
    for key in ("billing.exports[].uri", "splits[].by", "splits[].over.usage", "workloads[].valid.to", "tags.apart"):
        assert f"\n| `{key}` | " in CONFIGURATION, key


def test_no_key_is_described_that_does_not_exist() -> None:
    told = yaml.safe_load((ROOT / "mlcost_assets" / "quality" / "configuration.yaml").read_text(encoding="utf-8"))
    for key in [key for keys in told.values() for key in keys]:
        assert f"{key.removeprefix('*')}` | " in CONFIGURATION, key


@pytest.mark.parametrize("column", ["method", "stage"])
def test_every_method_and_stage_is_explained(column: str) -> None:
    meaning = next(one.meaning for one in tables()["attributed_costs"].columns if one.name == column)
    listed = re.split(r", | or ", meaning.rpartition(": ")[2])
    page = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {column.capitalize()}s\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == listed


def test_every_stage_of_a_usage_class_is_one_of_them() -> None:
    classes = yaml.safe_load(
        (ROOT / "mlcost_assets" / "attribution" / "usage_classes.yaml").read_text(encoding="utf-8")
    )
    page = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    assert {one["stage"] for one in classes if f"| `{one['stage']}` |" not in page} == set()


def test_every_variable_of_the_environment_is_documented() -> None:
    named = {
        name
        for file in (ROOT / "mlcost_assets").rglob("*.py")
        for name in re.findall(r"MLCOST_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
    assert named
    assert {name for name in named if f"`{name}`" not in CONFIGURATION} == set()


def test_the_reference_of_tables_is_current() -> None:
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == reference(), (
        "run: python -m mlcost_assets.quality.reference > docs/tables.md"
    )


def test_the_lineage_of_columns_is_current() -> None:
    kept = (ROOT / "mlcost_assets" / "runtime" / "column_lineage.csv").read_text(encoding="utf-8")
    assert kept == found(), (
        "run: python -m mlcost_assets.quality.column_lineage > mlcost_assets/runtime/column_lineage.csv"
    )


def test_links_in_the_documents_lead_to_a_page_and_a_heading() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]:
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")):
            reached = page.parent / target if target else page
            assert reached.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in headings(reached), f"{page.name}: {target}#{anchor}"


def test_files_to_deploy_that_the_documents_name_exist() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for path in re.findall(r"\bdeploy/[\w./-]*\w", page.read_text(encoding="utf-8")):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_folder_of_the_package_is_in_the_readmes_tree() -> None:
    for folder in (ROOT / "mlcost_assets").iterdir():
        if folder.is_dir() and not folder.name.startswith("__"):
            assert f"{folder.name}/" in README, folder.name
