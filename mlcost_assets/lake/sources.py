"""What stands behind a relation: the tables that it is made from, and the code and words that make it.

A relation is made by the statement of its name, or of what `made_of` names in tables.yaml. Relations that live for one
run are followed to the tables behind them, so that nobody lists what a statement reads.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.statements import reads, statements

_PACKAGE = Path(__file__).parents[1]
_MACRO = re.compile(
    r"^CREATE\s+OR REPLACE (?:TEMP )?MACRO ([a-z_]+)(.*?)(?=^CREATE\s+OR REPLACE|\Z)", re.DOTALL | re.MULTILINE
)
_LINES = "reports/focus/lines.sql"  # what the FOCUS export writes; no table is made of it
_CALL = re.compile(r"\b([a-z0-9_]+)\(")
_VARIABLE = re.compile(r"\bgetvariable\('([a-z_]+)'\)")
_COMMENT = {".sql": re.compile(r"^\s*--.*$", re.MULTILINE), ".yaml": re.compile(r"^\s*#.*$", re.MULTILINE)}


@dataclass(frozen=True)
class Sources:
    """`tables` are read; `texts` decide what is made of them, without comments: statements and words by their path
    in the package, macros as `name(`."""

    tables: frozenset[str]
    texts: dict[str, str]


@cache
def sources(*names: str) -> Sources:
    """What stands behind relations or statements (`reports/gaps.sql`); a table may stand behind itself."""
    tables: set[str] = set()
    texts: dict[str, str] = {}
    waiting = [source for name in names for source in made_of(name)]
    passed: set[str] = set()
    while waiting:
        source = waiting.pop()
        if source in passed:
            continue
        passed.add(source)
        if source in relations() and relations()[source].kept:
            tables.add(source)
        elif source in relations():
            waiting += made_of(source)
        else:
            texts[source] = macros()[source] if source in macros() else _text(source)
            waiting += _named_in(source)
    return Sources(frozenset(tables), texts)


def made_of(name: str) -> tuple[str, ...]:
    """What a relation is made of: relations, statements and files of words; a statement is made of itself."""
    if name in statements():
        return (name,)
    table = relations()[name]
    if table.made_of is None:
        return (_path(table.statement),) if table.statement else ()
    return tuple(part for given in table.made_of for part in _parts(given))


def _parts(given: str) -> Iterable[str]:
    """A folder stands for its files. What has neither folder nor relation is of the user: rules.yaml."""
    if given.endswith("/"):
        return (_path(file) for file in sorted((_PACKAGE / given).iterdir()) if file.suffix in (".sql", ".yaml"))
    return (given,) if "/" in given or given in relations() else ()


def named_in(statement: str) -> frozenset[str]:
    """The relations that a statement reads, itself or by what its macros look up."""
    found: set[str] = set()
    waiting = [statement]
    while waiting:
        named = set(_named_in(waiting.pop())) - found
        found |= named
        waiting += [one for one in named if one in macros()]
    return frozenset(one for one in found if one in relations())


def _named_in(source: str) -> Iterator[str]:
    """What the text of a statement or a macro names: relations, macros, and variables, which have the name of the
    relation that fills them. The words of YAML and CSV are no names."""
    if source not in statements() and source not in macros():
        return
    text = macros()[source] if source in macros() else _text(source)
    if source in statements():
        yield from (relation for relation in reads(source) if relation in relations())
    yield from (call for name in _CALL.findall(text) if (call := f"{name}(") in macros())
    yield from _VARIABLE.findall(text)


@cache
def macros() -> dict[str, str]:
    """The macros by name and bracket: `normal_form(`."""
    found = (pair for path in statements() if path != _LINES for pair in _MACRO.findall(_text(path)))
    return {f"{name}(": f"{name}{definition.rstrip()}" for name, definition in found}


def upstream(*names: str) -> list[str]:
    """The tables that relations or statements are made from, in the order of the registry, themselves aside."""
    tables = sources(*names).tables
    return [name for name in relations() if name in tables and name not in names]


def made_with(name: str) -> tuple[str, ...]:
    """The tables that one step makes with table `name`, itself first."""
    return (name, *(table.name for table in relations().values() if table.made_with == name))


def _path(file: Path) -> str:
    return file.relative_to(_PACKAGE).as_posix()


@cache
def _text(path: str) -> str:
    file = _PACKAGE / path
    text = file.read_text(encoding="utf-8")
    return _COMMENT[file.suffix].sub("", text) if file.suffix in _COMMENT else text
