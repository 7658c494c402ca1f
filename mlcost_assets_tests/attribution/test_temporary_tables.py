"""A run has one connection, so no two steps may call their temporary relations alike."""

import re
from collections import defaultdict
from pathlib import Path

import mlcost_assets

PACKAGE = Path(mlcost_assets.__file__).parent

# How Python makes a temporary relation: in a step, filled, registered, or as one of several views or prepared tables.
MADE = (
    r'(?:fill|step|register)\(\s*(?:\w+\.)?(?:connection,\s*)?"([a-z_]+)"',
    r"TEMP (?:TABLE|VIEW) (?:IF NOT EXISTS )?([a-z_]+)\b",
    r'^\s+"([a-z_]+)": f?"SELECT ',
)
PREPARED = re.compile(r"^_(?:PREPARED|FAMILIES) = \((.*?)\)", re.MULTILINE | re.DOTALL)
AT_ONCE = {"provided"}  # registered and taken away in the next statement


def test_every_temporary_relation_is_made_in_one_file() -> None:
    makers: dict[str, set[str]] = defaultdict(set)
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        names = [name for pattern in MADE for name in re.findall(pattern, text, re.MULTILINE)]
        names += [name for listed in PREPARED.findall(text) for name in re.findall('"([a-z_]+)"', listed)]
        for name in names:
            makers[name].add(str(file.relative_to(PACKAGE)))
    assert len(makers) > 50
    assert {name: files for name, files in makers.items() if len(files) > 1 and name not in AT_ONCE} == {}
