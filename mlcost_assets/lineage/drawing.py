"""A graph of named things as a picture (SVG) or for Graphviz (DOT): what `mlcost lineage` draws.

Names come from other people's tags and resources; whatever they hold, they are shown as text and nothing else. The SVG
needs no script, style sheet or font from elsewhere, so that a page with a strict content policy may show it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from mlcost_assets.lineage.layout import Layout, Pair, layered
from mlcost_assets.text import clean


@dataclass(frozen=True)
class Node:
    """A thing: `lines` are its label, the first in bold; `note` what a pointer held over it is told."""

    id: str
    lines: tuple[str, ...]
    marked: bool = False
    note: str = ""


@dataclass(frozen=True)
class Edge:
    """An arrow from one thing to another."""

    from_id: str
    to_id: str
    label: str = ""
    note: str = ""


_LETTER, _LINE, _PADDING, _GAP, _MARGIN = 7.2, 16, 10, 18, 16  # pixels
_LONGEST = 52  # letters of a line, then it is cut; the note has the whole
_NO_XML = re.compile("[\ufffe\uffff]")
_ARROW = (
    '<defs><marker id="mlcost-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>'
)


def svg(nodes: Sequence[Node], edges: Iterable[Edge], title: str) -> str:
    """The picture as one SVG element, arrows from left to right as far as they allow.

    Edges whose ends are not among `nodes`, or are one node, are left out.
    """
    picture = _Picture(nodes, edges)
    size = f'width="{picture.width:.0f}" height="{picture.height:.0f}"'
    box = f'viewBox="0 0 {picture.width:.0f} {picture.height:.0f}" {size}'
    font = 'font-family="Helvetica, Arial, sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(_xml(title))} {box} {font}>'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    lines = [picture.line(pair) for pair in picture.layout.routes]
    labels = [picture.label(pair) for pair in picture.layout.routes]
    boxes = [picture.box(node) for node in nodes]
    return "\n".join([head, f"<title>{_text(title)}</title>", _ARROW, ground, *lines, *labels, *boxes, "</svg>\n"])


def dot(nodes: Iterable[Node], edges: Iterable[Edge], title: str) -> str:
    """The same for Graphviz, whose `dot -Tpdf` draws it too."""
    lines = [f"digraph {_quoted(title)} {{", "  rankdir=LR; node [shape=box, fontname=Helvetica]; edge [fontsize=10];"]
    for node in nodes:
        style = ", style=filled, fillcolor=lightyellow" if node.marked else ""
        label, note = _quoted("\n".join(node.lines)), _quoted(node.note or node.id)
        lines.append(f"  {_quoted(node.id)} [label={label}, tooltip={note}{style}];")
    for edge in edges:
        ends = f"{_quoted(edge.from_id)} -> {_quoted(edge.to_id)}"
        lines.append(f"  {ends} [label={_quoted(edge.label)}, tooltip={_quoted(edge.note or edge.label)}];")
    return "\n".join([*lines, "}\n"])


class _Picture:
    """Where everything stands, and how each part of it is written."""

    def __init__(self, nodes: Sequence[Node], edges: Iterable[Edge]) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._edges: dict[Pair, list[Edge]] = {}
        for edge in edges:
            if edge.from_id != edge.to_id and {edge.from_id, edge.to_id} <= set(self._nodes):
                self._edges.setdefault((edge.from_id, edge.to_id), []).append(edge)
        sizes = {node.id: _tall(node) for node in nodes}
        self.layout: Layout = layered(list(self._nodes), self._edges, sizes, _GAP)
        self._column = {place: number for number, column in enumerate(self.layout.columns) for place in column}
        columns = self.layout.columns
        self._widths = [max((self._wide(place) for place in column), default=0.0) for column in columns]
        gaps = [48.0] * len(columns)
        for pair in self.layout.routes:
            behind = self._column[self._labelled_hop(pair)[0]]
            gaps[behind] = max(gaps[behind], _wide(self._said(pair)) + 40)
        self._left = [_MARGIN + sum(self._widths[:number]) + sum(gaps[:number]) for number in range(len(columns))]
        self.width = self._left[-1] + self._widths[-1] + _MARGIN if columns else 2 * _MARGIN
        # Lines that pass below the lowest thing count as well.
        bottoms = (height + sizes.get(place, 0) / 2 for place, height in self.layout.heights.items())
        self.height = max(bottoms, default=0) + 2 * _MARGIN

    def line(self, pair: Pair) -> str:
        """The line of a pair over its route, with an arrow at each end that one of its edges leads to."""
        route = self.layout.routes[pair]
        path = [f"M{self._right_of(route[0])}"]
        for place, following in pairwise(route):
            (x1, y1), (x2, y2) = self._spot(place, 1), self._spot(following, -1)
            middle = (x1 + x2) / 2
            path.append(f"C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}")
            if following != route[-1]:
                path.append(f"L{self._right_of(following)}")
        there, back = self._between(pair)
        arrows = ' marker-end="url(#mlcost-arrow)"' if there else ""
        arrows += ' marker-start="url(#mlcost-arrow)"' if back else ""
        notes = "\n".join(dict.fromkeys(edge.note or edge.label for edge in [*there, *back]))
        stroke = f'fill="none" stroke="#64748b"{arrows}'
        return f'<g class="edge"><title>{_text(notes)}</title><path d="{"".join(path)}" {stroke}/></g>'

    def label(self, pair: Pair) -> str:
        """What stands at the line of a pair."""
        place, following = self._labelled_hop(pair)
        (x1, y1), (x2, y2) = self._spot(place, 1), self._spot(following, -1)
        halo = 'fill="#475569" paint-order="stroke" stroke="#ffffff" stroke-width="3"'
        return _written((x1 + x2) / 2, (y1 + y2) / 2 - 4, self._said(pair), halo)

    def box(self, node: Node) -> str:
        """The box of a node."""
        x, y = self._spot(node.id, 0)
        wide, tall = self._widths[self._column[node.id]], _tall(node)
        colours = 'fill="#fef3c7" stroke="#b45309"' if node.marked else 'fill="#f8fafc" stroke="#64748b"'
        place = f'x="{x - wide / 2:.0f}" y="{y - tall / 2:.0f}" width="{wide:.0f}" height="{tall:.0f}" rx="5"'
        top = y - tall / 2 + _PADDING / 2 + _LINE * 0.75
        lines = [
            _written(x, top + _LINE * number, line, 'fill="#475569"' if number else 'font-weight="bold"')
            for number, line in enumerate(node.lines)
        ]
        note = f"<title>{_text(node.note or node.id)}</title>"
        return f'<g class="node">{note}<rect {place} {colours}/>{"".join(lines)}</g>'

    def _between(self, pair: Pair) -> tuple[list[Edge], list[Edge]]:
        return self._edges.get(pair, []), self._edges.get((pair[1], pair[0]), [])

    def _said(self, pair: Pair) -> str:
        there, back = self._between(pair)
        return ", ".join(dict.fromkeys(edge.label for edge in [*there, *back] if edge.label))

    def _labelled_hop(self, pair: Pair) -> Pair:
        """The part of a route where fewer lines meet."""
        route = self.layout.routes[pair]
        left, right = (sum(end in other for other in self.layout.routes) for end in pair)
        return (route[0], route[1]) if left <= right else (route[-2], route[-1])

    def _wide(self, place: str) -> float:
        lines = self._nodes[place].lines if place in self._nodes else ()
        return max(map(_wide, lines), default=0.0) + (2 * _PADDING if lines else 0)

    def _spot(self, place: str, side: int) -> tuple[float, float]:
        """The middle of a place (side 0), or of its left (-1) or right (1) edge; all are as wide as their column."""
        column = self._column[place]
        x = self._left[column] + self._widths[column] * (side + 1) / 2
        return x, self.layout.heights[place] + _MARGIN

    def _right_of(self, place: str) -> str:
        x, y = self._spot(place, 1)
        return f"{x:.0f} {y:.0f}"


def _tall(node: Node) -> float:
    return len(node.lines) * _LINE + _PADDING


def _wide(text: str) -> float:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in _cut(text)) * _LETTER


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _written(x: float, y: float, line: str, style: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" {style}>{_text(_cut(line))}</text>'


def _text(text: str) -> str:
    return escape(_xml(text))


def _xml(text: str) -> str:
    """`text` without what XML has no place for, or what would turn the reading direction round."""
    return _NO_XML.sub("\ufffd", clean(text))


def _quoted(text: str) -> str:
    inner = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'
