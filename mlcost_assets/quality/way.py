"""The map of the way from a tag to its cent, read from the statements: `python -m mlcost_assets.quality.way`.

Writes the section "From tag to cent" of docs/attribution.md, and what every statement reads (lake/statements.csv);
tests hold both to the code.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlcost_assets.lake import statements as all_statements
from mlcost_assets.lake.registry import relations, tables
from mlcost_assets.lake.sources import made_of, named_in

_PACKAGE = Path(__file__).parents[1]
_PAGE = _PACKAGE.parent / "docs" / "attribution.md"
_SECTION = re.compile("(?<=<!-- from tag to cent -->\n).*(?=<!-- end -->)", re.DOTALL)
_LONGEST = 200  # letters of what a statement makes; of more, what follows a colon is left out
_ROOMS = ("tags", "attribution")
# Where a tag in the bill gets its meaning, wins or loses, and becomes money.
_STOPS = (
    "tag_observations", "tag_keys", "tag_names", "tag_values", "claims/bill_tags", "claims", "owners", "thing_claims",
    "thing_picks", "thing_owners", "parts_after_splits", "attributed_costs",
)  # fmt: skip
# Statements that answer a question about what is made, and macros.
_ASIDE = re.compile(r"explain_\w+|diff\w*|spend|macros")


@cache
def statements() -> dict[str, str]:
    """The statements of the way by name; an arm of a relation is `folder/name`. Gives their path in the package."""
    found = {}
    for room in _ROOMS:
        for file in sorted((_PACKAGE / room).rglob("*.sql")):
            if not _ASIDE.fullmatch(file.stem):
                arm = f"{file.parts[-3]}/" if file.parent.name == "sources" else ""
                found[arm + file.stem] = file.relative_to(_PACKAGE).as_posix()
    return found


def reads(name: str) -> frozenset[str]:
    """The relations that a statement reads."""
    return all_statements.reads(statements()[name])


@cache
def before(name: str) -> frozenset[str]:
    """The statements whose results a statement reads."""
    names = {path: name for name, path in statements().items()}
    makers = {made for relation in named_in(statements()[name]) for made in _makers(relation, frozenset())}
    return frozenset(names[path] for path in makers if path in names) - {name}


def _makers(relation: str, passed: frozenset[str]) -> Iterator[str]:
    """The statements that make a relation of these rooms, or what it is made of."""
    if relation in passed or relations()[relation].domain not in _ROOMS:
        return
    for source in made_of(relation):
        if source in relations():
            yield from _makers(source, passed | {relation})
        else:
            yield source


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
    short = shortest(*_STOPS)
    passed = [f"| {number} | {_link(name)} | {_makes(name)} |\n" for number, name in enumerate(short, 1)]
    every = [
        f"| {number} | {_link(name)} | {', '.join(f'`{one}`' for one in sorted(reads(name)))} | {_makes(name)} |\n"
        for number, name in enumerate(order(), 1)
    ]
    return (
        f"A tag in the bill passes {len(short)} of the {len(every)} statements of `tags/` and `attribution/`. Those in"
        " **bold** make tables that `mlcost query` can ask:\n\n"
        f"| | statement | makes |\n|---|---|---|\n{''.join(passed)}\n"
        f"<details><summary>All {len(every)} statements, each after those that it reads</summary>\n\n"
        f"| | statement | reads | makes |\n|---|---|---|---|\n{''.join(every)}\n</details>\n"
    )


def _link(name: str) -> str:
    link = f"[{name}](../{_PACKAGE.name}/{statements()[name]})"
    return f"**{link}**" if name in tables() else link


def _makes(name: str) -> str:
    """What a statement makes: the first clause of its comment."""
    lines = (_PACKAGE / statements()[name]).read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("--").strip() for line in lines[:4] if line.startswith("--"))
    clause = re.split(r"[.;] |\.$", re.sub(r" ?\(docs/\S+\)", "", comment))[0]
    return (clause if len(clause) <= _LONGEST else clause.partition(": ")[0]).replace("|", "\\|")


def current(page: str) -> str:
    """The page with the section as the code has it."""
    return _SECTION.sub(lambda _: section(), page)


if __name__ == "__main__":
    all_statements.keep()
    _PAGE.write_text(current(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
