"""The ladder as a page: `python -m mlcost_assets.quality.rungs` writes its sections of docs/attribution.md.

A test holds the page to decide/ladder.yaml.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from mlcost_assets.attribution.ladder import ladder

_PAGE = Path(__file__).parents[2] / "docs" / "attribution.md"
_SECTION = re.compile("(?<=<!-- the ladder -->\n).*(?=<!-- end of the ladder -->)", re.DOTALL)


def section() -> str:
    """Sources, rungs, kinds of reasons, measures and factors as Markdown, in the order of the file."""
    known = ladder()
    sources = [(f"{turn}", f"`{name}`", why) for turn, (name, why) in enumerate(known["sources"].items(), 1)]
    rungs = [
        (f"{turn}", f"**{one['rung']}**", one["speaks_of"], one["of"], one["why"])
        for turn, one in enumerate(known["rungs"], 1)
    ]
    kinds = [(f"`{code}`", f"`{kind['says']}`", _starts(kind), kind["why"]) for code, kind in known["kinds"].items()]
    measures = [
        (name, one["says"], f"{one['rank']}", f"{one['start']}", one["why"]) for name, one in known["measures"].items()
    ]
    factors = [(f"{name}", f"{one['factor']}", one["why"]) for name, one in known["factors"].items()]
    return "\n".join(
        (
            "Within one resource, the sources in the order in which they win:\n",
            _table(("", "source", "speaks by"), sources),
            "For what the bill names, the rungs from the top. The first that has a value for a dimension decides it; a",
            "tag stands on the rung *resource*, and so loses to what is established for the model as a whole:\n",
            _table(("", "rung", "speaks of", "decides", "why"), rungs),
            "What a reason can be, and how sure it is by itself:\n",
            _table(("kind", "sentence", "start", "why"), kinds),
            "What makes it more or less sure, besides hops of the lineage (`flows.yaml`) and the share that agrees:\n",
            _table(("factor", "×", "why"), factors),
            "What divides a shared thing; of one resource the lowest rank counts:\n",
            _table(("measure", "divides by", "rank", "start", "why"), measures),
        )
    )


def _starts(kind: dict[str, object]) -> str:
    places = kind.get("places")
    more = [f"{place} {start}" for place, start in places.items()] if isinstance(places, dict) else []
    return ", ".join([f"{kind['start']}", *more])


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def current(page: str) -> str:
    """The page with the section as the code has it."""
    return _SECTION.sub(lambda _: section(), page)


if __name__ == "__main__":
    _PAGE.write_text(current(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
