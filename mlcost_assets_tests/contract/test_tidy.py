"""Every file can be read: short lines, short files, one clause a line, nothing dead. Ruff holds the lines of Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlcost_assets.reports.answers import reports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mlcost_assets"
TESTS = ROOT / "mlcost_assets_tests"
MOST_COLUMNS = 120
MOST_LINES = 350
# Files that were written before these rules, as <room>/<name>. The list only shrinks.
UNTIDY: set[str] = set()
# Tests that wait for a process outside, each within a time limit; the proxy is the one that is slow on purpose.
WAITING = {
    "automation/test_webserver.py", "faults/proxy.py", "faults/test_stuck.py", "reports/price_server.py", "s3.py",
}  # fmt: skip


def files(suffix: str, *folders: Path) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob(f"*{suffix}"))


PYTHON = files(".py", PACKAGE, TESTS, ROOT / "benchmarks")
SQL = files(".sql", PACKAGE, TESTS, ROOT / "benchmarks", ROOT / "docs")


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def in_room(file: Path) -> str:
    """Wherever it stands in its room."""
    return f"{file.relative_to(ROOT).parts[1]}/{file.name}"


def code_of(sql: str) -> Iterator[str]:
    """The lines without comments and literals; IS DISTINCT FROM begins no clause."""
    for line in sql.splitlines():
        code = re.sub(r"'[^']*'", "''", line).partition("--")[0]
        yield re.sub(r"\bDISTINCT FROM\b", "", code)


def untidiness(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = [f"it has {len(lines)} lines"] if len(lines) > MOST_LINES else []
    if file.suffix == ".py":
        return found
    found += [f"line {n} has {len(line)} columns" for n, line in enumerate(lines, 1) if len(line) > MOST_COLUMNS]
    for n, code in enumerate(code_of(text), 1):
        if len(re.findall(r"\b(?:FROM|JOIN)\b", code)) > 1:
            found.append(f"line {n} has more than one FROM or JOIN")
        if len(re.findall(r"\bWHEN\b", code)) > 1:
            found.append(f"line {n} has more than one WHEN")
    return found


def test_files_are_short_and_statements_have_each_from_join_and_when_on_its_own_line() -> None:
    faults = {named(file): untidiness(file) for file in [*PYTHON, *SQL] if in_room(file) not in UNTIDY}
    assert {file: found for file, found in faults.items() if found} == {}


def test_the_list_of_untidy_files_only_shrinks() -> None:
    untidy = {in_room(file) for file in [*PYTHON, *SQL] if untidiness(file)}
    assert set() == UNTIDY - untidy, "these are tidy, or gone: take them out of UNTIDY"


def test_every_module_begins_with_what_it_is() -> None:
    for file in PYTHON:
        text = file.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(text))
        assert docstring or not text, named(file)
        assert (docstring or ".").split("\n\n")[0].endswith((".", "?")), named(file)


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    for file in [*PYTHON, *SQL, *files(".yaml", PACKAGE)]:
        assert not marks.search(file.read_text(encoding="utf-8")), named(file)


def test_tests_wait_for_nothing_but_processes() -> None:
    asleep = {str(file.relative_to(TESTS)) for file in files(".py", TESTS) if "time.sleep" in calls(file)}
    assert asleep == WAITING


def calls(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("suffix", [".sql", ".yaml", ".csv"])
def test_every_file_of_data_is_read_by_its_room(suffix: str) -> None:
    """By its name, by its name's end behind a common beginning (f"explain_{part}"), or with its whole folder."""
    for file in files(suffix, PACKAGE):
        room = PACKAGE / file.relative_to(PACKAGE).parts[0]
        code = "\n".join(one.read_text(encoding="utf-8") for one in files(".py", room))
        assert is_read(file, code) or file.stem == "tables", named(file)


def is_read(file: Path, code: str) -> bool:
    with_folder = f'"{file.parent.name}"' in code or file.parent.name == "macros"
    beginnings = [start for start in re.findall(r'f"(\w+_)\{', code) if file.stem.startswith(start)]
    by_parts = any(f'"{file.stem.removeprefix(start)}"' in code for start in beginnings)
    by_module = file.with_suffix(".py").exists() and f'with_suffix("{file.suffix}")' in code
    by_report = file.name in {one.statement.name for one in reports().values()} or file.name == "report.yaml"
    return (
        by_report
        or with_folder
        or by_parts
        or by_module
        or bool(re.search(rf"""["'(]{re.escape(file.stem)}["'.]""", code))
    )
