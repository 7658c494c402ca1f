"""What the documents say is so: every command, key and table is documented, and the reference is current."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from mlcost_assets.cli.main import cli
from mlcost_assets.cli.report import FORMATS, Reports
from mlcost_assets.cli.tables import ORDER
from mlcost_assets.lake.registry import DOMAINS, tables
from mlcost_assets.metadata.kinds import known_kinds
from mlcost_assets.quality import architecture, configuration, rungs, way
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
        (ROOT / "mlcost_assets" / "attribution" / "resolve" / "usage_classes.yaml").read_text(encoding="utf-8")
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


def test_the_map_from_tag_to_cent_is_current_and_misses_nothing() -> None:
    page = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    assert all(map(way.reads, way.statements()))
    assert way.current(page) == page, "run: python -m mlcost_assets.quality.way"
    assert rungs.current(page) == page, "run: python -m mlcost_assets.quality.rungs"
    for name, path in way.statements().items():
        assert f"[{name}](../mlcost_assets/{path})" in page, name


def test_the_confidence_that_is_taken_apart_is_that_of_the_readmes_sample() -> None:
    page = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    shown = page.partition("\n### Why so sure\n")[2].split("```")[1].strip()
    assert all(line.strip() in README for line in shown.splitlines())


def test_the_picture_of_the_folders_is_current_and_flows_one_way() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    assert architecture.current(page) == page, "run: python -m mlcost_assets.quality.architecture"
    places = {folder: place for place, folder in enumerate(DOMAINS)}
    assert [way for way in architecture.flows() if places[way[0]] > places[way[1]]] == []


def test_the_map_tells_each_statement_after_those_that_it_reads() -> None:
    places = {name: place for place, name in enumerate(way.order())}
    assert set(places) == set(way.statements())
    backwards = {(name, earlier) for name in places for earlier in way.before(name) if places[earlier] > places[name]}
    assert backwards == set()


def test_links_in_the_documents_lead_to_a_page_and_a_heading() -> None:
    for page in pages():
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")):
            reached = page.parent / target if target else page
            assert reached.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in headings(reached), f"{page.name}: {target}#{anchor}"


def test_what_code_cites_of_the_documents_is_a_page_and_a_heading_that_exist() -> None:
    cited = 0
    for file in sources():
        for page, anchor in re.findall(r"\bdocs/([\w-]+\.md)(?:#([\w-]+))?", file.read_text(encoding="utf-8")):
            assert (ROOT / "docs" / page).exists(), f"{file.name}: {page}"
            assert not anchor or anchor in headings(ROOT / "docs" / page), f"{file.name}: {page}#{anchor}"
            cited += 1
    assert cited > 40


def test_nothing_is_cited_by_the_number_of_a_section() -> None:
    for file in [*sources(), *pages()]:
        cited = re.findall(r"\b(?:CONTRACT|DESIGN)\b.{0,20}|.{0,20}§", file.read_text(encoding="utf-8"))
        assert not cited or file == Path(__file__), f"{file.name}: {cited[0]}"


def sources() -> list[Path]:
    """Everything that is written by hand, but the documents."""
    folders = ("mlcost_assets", "mlcost_assets_tests", "benchmarks", "deploy")
    kinds = {".py", ".sql", ".yaml", ".csv", ".in", ".conf", ".service"}
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*")) if file.suffix in kinds]


def test_the_contract_names_all_that_is_published() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| \[`(\w+)`\]\(tables\.md#\w+\) \| (.*) \|$", contract, re.MULTILINE))
    assert listed == {name: tables()[name].grain for name in ORDER}
    kinds = {
        f"{service}:{one}"
        for service, all_ in re.findall(r"^\| `([\w-]+)` \| ([A-Z][\w, ]+) \|$", contract, re.MULTILINE)
        for one in all_.split(", ")
    }
    assert kinds == set(known_kinds())
    exit_codes = README.partition("| exit code | means |")[2].partition("\n\n")[0]
    assert exit_codes in contract


@pytest.mark.parametrize("column", ["method", "stage"])
def test_the_contract_names_every_method_and_stage(column: str) -> None:
    meaning = next(one.meaning for one in tables()["attributed_costs"].columns if one.name == column)
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    section = contract.partition("\n### Methods and stages\n")[2].partition("\n## ")[0]
    (told,) = re.findall(rf"`{column}` is ((?:[^`;(]|`\w+`)*)", section)
    assert re.findall(r"`(\w+)`", told) == re.split(r", | or ", meaning.rpartition(": ")[2])


def test_the_contract_names_every_command_with_its_formats() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`mlcost .*?) \| .* \| (.*) \|$", contract, re.MULTILINE)
    promised = {
        name: set(re.findall(r"`(\w+)`", formats))
        for names, formats in rows
        for name in re.findall(r"`mlcost ([\w -]+)`", names)
    }
    assert promised == dict(formats(cli, ""))


def formats(group: click.Group, prefix: str) -> Iterator[tuple[str, set[str]]]:
    """Every command by its name, with the values of its --format."""
    for name, command in group.commands.items():
        if isinstance(command, Reports):
            yield f"{prefix}{name} NAME", set(FORMATS)
        elif isinstance(command, click.Group):
            yield from formats(command, f"{prefix}{name} ")
        else:
            chosen = [
                one.type.choices
                for one in command.params
                if one.name == "format_" and isinstance(one.type, click.Choice)
            ]
            yield f"{prefix}{name}", set(map(str, chosen[0])) if chosen else set()


def test_files_that_a_walk_names_exist() -> None:
    walk = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w-]+/)+[\w-]+\.\w+)`", walk))
    assert len(named) > 20
    assert {file for file in named if not ((ROOT / file).exists() or (ROOT / "mlcost_assets" / file).exists())} == set()


def test_files_to_deploy_that_the_documents_name_exist() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for path in re.findall(r"\bdeploy/[\w./-]*\w", page.read_text(encoding="utf-8")):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_folder_of_the_package_is_in_the_readmes_tree() -> None:
    for folder in (ROOT / "mlcost_assets").iterdir():
        if folder.is_dir() and not folder.name.startswith("__"):
            assert f"{folder.name}/" in README, folder.name
