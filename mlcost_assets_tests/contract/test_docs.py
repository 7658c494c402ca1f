"""What the documents say is so: every command, key and table is documented, and the reference is current."""

import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from mlcost_assets.cli.main import cli
from mlcost_assets.config.rules import Condition, Owner
from mlcost_assets.config.settings import Alert, Attribution, Collect, Config, Export, Metadata
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


def test_every_key_of_the_configuration_is_documented() -> None:
    sections: dict[str, type[BaseModel]] = {
        "": Config,
        "billing.exports[].": Export,
        "metadata.": Metadata,
        "metadata.collect.": Collect,
        "attribution.": Attribution,
    }
    for prefix, model in sections.items():
        for key in model.model_fields:
            if key not in ("path", "billing", "attribution", "metadata", "collect", "forecast"):
                assert f"`{prefix}{key}" in CONFIGURATION, prefix + key
    for key in [*Alert.model_fields, *Condition.model_fields, *Owner.model_fields]:
        assert re.search(rf"\b{key}\b", CONFIGURATION), key


def test_the_reference_of_tables_is_current() -> None:
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == reference(), (
        "run: python -m mlcost_assets.quality.reference > docs/tables.md"
    )


def test_the_lineage_of_columns_is_current() -> None:
    kept = (ROOT / "mlcost_assets" / "runtime" / "column_lineage.csv").read_text(encoding="utf-8")
    assert kept == found(), (
        "run: python -m mlcost_assets.quality.column_lineage > mlcost_assets/runtime/column_lineage.csv"
    )


def test_links_and_paths_in_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_folder_of_the_package_is_in_the_readmes_tree() -> None:
    for folder in (ROOT / "mlcost_assets").iterdir():
        if folder.is_dir() and not folder.name.startswith("__"):
            assert f"{folder.name}/" in README, folder.name
