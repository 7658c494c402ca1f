"""What the words on pages mean: those of `terms.yaml`, and of a column what the tables say that it is read from."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from mlcost_assets.lake.registry import tables
from mlcost_assets.packaged import read_yaml


@cache
def terms() -> dict[str, str]:
    """Meanings by word, in the glossary's words."""
    return {
        str(word): " ".join(str(means).split())
        for word, means in read_yaml(Path(__file__).with_name("terms.yaml")).items()
    }


def meaning(said: str) -> str:
    """What a word, a heading or the name of a column means; '' where nothing says so."""
    return terms().get(said.replace("_", " ").lower(), "")


def of_columns(columns: Sequence[str], statement: str = "") -> dict[str, str]:
    """Meanings of columns by name, of those that have one: the word's own, or that of a table in the `statement`."""
    read = [tables()[name] for name in dict.fromkeys(re.findall(r"\w+", statement)) if name in tables()]
    described = {column.name: column.meaning for table in reversed(read) for column in table.columns}
    found = {name: meaning(name) or described.get(name, "") for name in columns}
    return {name: means for name, means in found.items() if means}
