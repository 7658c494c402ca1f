"""The map of the way from a tag to its cent, read from the statements: `python -m mlcost_assets.quality.way`.

Writes the section "From tag to cent" of docs/attribution.md; a test holds it to the code.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.registry import tables

_PACKAGE = Path(__file__).parents[1]
_PAGE = _PACKAGE.parent / "docs" / "attribution.md"
_SECTION = re.compile("(?<=<!-- from tag to cent -->\n).*(?=<!-- end -->)", re.DOTALL)
_LONGEST = 200  # letters of what a statement makes; of more, what follows a colon is left out
_ROOMS = ("tags", "attribution")
# Statements that answer a question about what is made, and macros.
_ASIDE = re.compile(r"explain_\w+|diff\w*|spend|macros")
# What Python makes of statements and tables: arms put together, a step in Python, amounts divided by a macro.
BY_PYTHON = {
    "name_likeness": ("name_candidates",),
    "name_meanings": ("tag_names",),
    "names_in_tools": ("names_in_tools", "organisation_prefixes"),  # is_ordinary() has those words from a variable
    "claimed": ("claims/",),
    "frontier": ("claimed", "set_aside"),
    "claims": ("claimed", "set_aside", "flow"),
    "stated_shares": ("shares/",),
    "shared": ("ranked_shares", "shares_one_step_on"),
    "cut_charges": ("line_items", "billed_things", "thing_owners"),
    "direct_parts": ("direct_costs",),
    "pool_parts": ("pooled_costs",),
    "pool_amounts": ("pool_parts",),
    "split_amounts": ("split_parts",),
}
# What Python fills from YAML beside the code and from rules.yaml.
GIVEN = {
    "controllers", "english", "environment_spellings", "flows", "key_dimensions", "kinds", "measures",
    "name_parts", "names_apart", "paying_relations", "placeholders", "precedence", "record_values",
    "registry_names", "rule_owners", "rule_tags", "rules", "rungs", "split_tags", "split_targets", "splits",
    "usage_classes", "workloads",
}  # fmt: skip


@cache
def statements() -> dict[str, Path]:
    """The statements of the way by name; an arm of a relation is `folder/name`."""
    found = {}
    for room in _ROOMS:
        for file in sorted((_PACKAGE / room).rglob("*.sql")):
            if not _ASIDE.fullmatch(file.stem):
                arm = f"{file.parts[-3]}/" if file.parent.name == "sources" else ""
                found[arm + file.stem] = file
    return found


@cache
def reads(name: str) -> frozenset[str]:
    """The relations that a statement reads, as DuckDB's own parser finds them."""
    text = statements()[name].read_text(encoding="utf-8")
    (tree,) = _parser().execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone() or ("{}",)
    nodes = list(_nodes(json.loads(tree)))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    return frozenset(node["table_name"] for node in nodes if node.get("type") == "BASE_TABLE") - own


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)


@cache
def before(name: str) -> frozenset[str]:
    """The statements whose results a statement reads."""
    return frozenset(made for relation in reads(name) for made in _makers(relation, frozenset())) - {name}


def _makers(relation: str, passed: frozenset[str]) -> Iterator[str]:
    if relation in passed:
        return
    for source in BY_PYTHON.get(relation, (relation,)):
        if source.endswith("/"):
            yield from (name for name in statements() if name.startswith(source))
        elif source in statements() and (source == relation or source not in BY_PYTHON):
            yield source
        elif source in BY_PYTHON:
            yield from _makers(source, passed | {relation})


def order() -> list[str]:
    """The statements, each after those that it reads."""
    placed: list[str] = []
    for name in statements():
        _place(name, placed, [])
    return placed


def _place(name: str, placed: list[str], under_way: list[str]) -> None:
    if name in placed or name in under_way:
        return
    for earlier in sorted(before(name), key=list(statements()).index):
        _place(earlier, placed, [*under_way, name])
    placed.append(name)


def shortest(*stops: str) -> list[str]:
    """The fewest statements that lead from the first stop by the others to the last."""
    way = [stops[0]]
    for stop in stops[1:]:
        ways = [[stop]]
        while ways[0][0] != way[-1]:
            first = ways.pop(0)
            ways += [[earlier, *first] for earlier in sorted(before(first[0])) if earlier not in first]
        way += ways[0][1:]
    return way


def section() -> str:
    """The section as Markdown."""
    short = shortest("tag_observations", "tag_keys", "claims/bill_tags", "parts_after_splits", "attributed_costs")
    rows = [
        f"| {number} | {_link(name)} | {', '.join(f'`{one}`' for one in sorted(reads(name)))} | {_makes(name)} |\n"
        for number, name in enumerate(order(), 1)
    ]
    return (
        f"A tag in the bill passes {len(short)} of these {len(rows)} statements: {' → '.join(map(_link, short))}.\n\n"
        "| | statement | reads | makes |\n|---|---|---|---|\n" + "".join(rows)
    )


def _link(name: str) -> str:
    return f"[{name}](../{statements()[name].relative_to(_PACKAGE.parent)})"


def _makes(name: str) -> str:
    """What a statement makes: the first clause of its comment."""
    lines = statements()[name].read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("--").strip() for line in lines[:4] if line.startswith("--"))
    clause = re.split(r"[.;] |\.$", re.sub(r" ?\(docs/\S+\)", "", comment))[0]
    return (clause if len(clause) <= _LONGEST else clause.partition(": ")[0]).replace("|", "\\|")


def current(page: str) -> str:
    """The page with the section as the code has it."""
    return _SECTION.sub(lambda _: section(), page)


def unknown() -> set[str]:
    """Relations that statements read and of which nothing here says where they come from."""
    known = {*tables(), *statements(), *BY_PYTHON, *GIVEN}
    return {relation for name in statements() for relation in reads(name)} - known


if __name__ == "__main__":
    _PAGE.write_text(current(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
