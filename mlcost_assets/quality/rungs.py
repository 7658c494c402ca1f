"""The ladder as a page: `python -m mlcost_assets.quality.rungs` writes its sections of docs/attribution.md.

A test holds the page to decide/ladder.yaml.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlcost_assets.attribution.ladder import ladder, told

_AS_IT_IS = {"pool", "split_pool"}  # what divides a charge says nothing of an owner
_PAGE = Path(__file__).parents[2] / "docs" / "attribution.md"
_SECTION = re.compile("(?<=<!-- the ladder -->\n).*(?=<!-- end of the ladder -->)", re.DOTALL)


def section() -> str:
    """Sources, rungs, kinds of reasons, factors and measures as Markdown."""
    known = ladder()
    sources = [(f"{turn}", f"`{name}`", why) for turn, (name, why) in enumerate(known["sources"].items(), 1)]
    rungs = [
        (f"{turn}", f"**{one['rung']}**", one["speaks_of"], one["of"], one["why"])
        for turn, one in enumerate(known["rungs"], 1)
    ]
    kinds = [
        (f"`{code}`", f"`{kind['says']}`", *_starts(code, kind), kind["why"]) for code, kind in known["kinds"].items()
    ]
    measures = [
        (name, one["says"], f"{one['rank']}", f"{one['start']}", one["why"]) for name, one in known["measures"].items()
    ]
    factors = [
        (name, f"{one['factor']}", _told(name, one["factor"]), one["why"]) for name, one in known["factors"].items()
    ]
    counted = [(name, one["is"], _link(one["by"])) for name, one in known["counted"].items()]
    return "\n".join(
        (
            "**Sources.** Within one resource the upper one wins:\n",
            _table(("", "source", "speaks by"), sources),
            "**Rungs.** What is said of a charge may speak of its resource, of what that is spent for, of the model,",
            "of the account. The first rung that has a value for a dimension decides it. A tag of the resource",
            "stands on the rung *resource*:\n",
            _table(("", "rung", "speaks of", "decides", "why"), rungs),
            "**Kinds of reasons**. `start` is how strong each is beside its equals, by itself: people chose it.",
            "`told` is how sure that makes what is published: the start to the power that organisations with known",
            f"owners bore out ({_link('attribution/decide/fitted.yaml')}, [how](#how-sure-it-is)):\n",
            _table(("kind", "sentence", "start", "told", "why"), kinds),
            "**Factors** that make a reason less sure, in the same two ways:\n",
            _table(("factor", "×", "told ×", "why"), factors),
            "Factors that are counted or looked up for each reason, and told to their power. A factor that is called",
            "like a relation (`serves`, `runs_as`) is what a hop along it keeps (`keep` in",
            f"{_link('attribution/claims/flows.yaml')}; people chose it: 0.97 and more where both are the same work,",
            "less where one merely stands in the other, reads it or shares it):\n",
            _table(("factor", "is", "counted in"), counted),
            "**Measures.** What divides a shared thing; of one resource the lowest rank counts:\n",
            _table(("measure", "divides by", "rank", "start", "why"), measures),
        )
    )


def _link(path: str) -> str:
    return f"[{path.rpartition('/')[2]}](../mlcost_assets/{path})"


def _starts(code: str, kind: dict[str, Any]) -> tuple[str, str]:
    """A kind's start, and what it is told as, each with those of the places where it is another."""
    starts = {"": kind["start"], **{f"{place} ": start for place, start in kind.get("places", {}).items()}}
    return (
        ", ".join(f"{place}{start}" for place, start in starts.items()),
        ", ".join(f"{place}{_told(code, start)}" for place, start in starts.items()),
    )


def _told(what: str, factor: float) -> str:
    if what in _AS_IT_IS:
        return f"{factor}"
    return f"{told(what, factor):.3f}".rstrip("0").rstrip(".")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def current(page: str) -> str:
    """The page with the section as the code has it."""
    return _SECTION.sub(lambda _: section(), page)


if __name__ == "__main__":
    _PAGE.write_text(current(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
