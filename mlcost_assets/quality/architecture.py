"""The picture of the folders and of what flows between them: `python -m mlcost_assets.quality.architecture`.

Writes the section "One picture" of docs/design.md from what the statements read; a test holds it to the code.
"""

import re
from collections import defaultdict
from pathlib import Path

from mlcost_assets.lake.registry import DOMAINS, relations, tables
from mlcost_assets.lake.sources import made_of
from mlcost_assets.lake.statements import reads, statements

_PAGE = Path(__file__).parents[2] / "docs" / "design.md"
_SECTION = re.compile("(?<=<!-- one picture -->\n).*(?=<!-- end -->)", re.DOTALL)
_NAMED = 4  # lines of a label


def flows() -> dict[tuple[str, str], list[str]]:
    """(from folder, to folder) → the tables of the lake that statements of the one read from the other."""
    found = defaultdict(set)
    for made in relations().values():
        for read in {read for path in made_of(made.name) if path in statements() for read in reads(path)}:
            if read in tables() and tables()[read].domain != made.domain:
                found[tables()[read].domain, made.domain].add(read)
    return {way: sorted(found[way]) for way in sorted(found, key=lambda way: tuple(map(DOMAINS.index, way)))}


def section() -> str:
    """The picture in Mermaid: folders with what they publish, arrows with the tables that pass between them."""
    published = {
        folder: [one.name for one in tables().values() if one.domain == folder and one.published] for folder in DOMAINS
    }
    between = {way: read for way, read in flows().items() if all(published[folder] for folder in way)}
    drawn = {folder for way in between for folder in way}
    rooms = "".join(
        f'    {name}["{_some([f"<b>{name}</b>", *published[name]])}"]\n' for name in DOMAINS if name in drawn
    )
    arrows = "".join(f'    {source} -->|"{_some(read)}"| {target}\n' for (source, target), read in between.items())
    return f"```mermaid\nflowchart TD\n{rooms}{arrows}```\n"


def _some(lines: list[str]) -> str:
    more = [f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else []
    return "<br/>".join(lines[:_NAMED] + more)


def current(page: str) -> str:
    """The page with the section as the code has it."""
    return _SECTION.sub(lambda _: section(), page)


if __name__ == "__main__":
    _PAGE.write_text(current(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
