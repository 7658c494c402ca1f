"""A page as what it shows: figures, charts, tables, and every number with its exact value and where it leads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_NUMBER = re.compile(r"(?!\d{12}$)-?\d[\d,]*(\.\d+)?")  # an account is none
_VOID = {"link", "meta", "input", "br", "rect", "path", "line", "circle", "img"}


@dataclass
class Cell:
    """A cell, or a figure: what is read, the exact value of its number (None where it is no number), where it leads."""

    text: str = ""
    value: str | None = None
    link: str = ""


@dataclass
class Part:
    """A table (its title is its section's), or the table behind a chart; `total` are the rows of its foot."""

    title: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    total: list[list[Cell]] = field(default_factory=list)

    def dicts(self, rows: list[list[Cell]]) -> list[dict[str, Cell]]:
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


class Shown(HTMLParser):
    """What a page shows. `loose` are numbers that are read on it and have no exact value; `links` all addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[Part] = []
        self.charts: list[Part] = []
        self.figures: list[tuple[str, Cell]] = []
        self.links: list[str] = []
        self.loose: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self._open: list[tuple[str, Mapping[str, str]]] = []
        self._cell: Cell | None = None
        self._label = ""
        self.feed(page)

    def _within(self, *tags: str) -> bool:
        return any(tag in tags for tag, _ in self._open)

    @property
    def _part(self) -> Part:
        return (self.charts if self._within("figure") else self.tables)[-1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names.add(tag)
        self.attributes |= given.keys()
        if tag == "section" and "table" in given.get("class", "").split():
            self.tables.append(Part(given["aria-label"]))
        if tag == "figure":
            self.charts.append(Part(""))
        if tag == "tr" and self._within("tbody", "tfoot"):
            (self._part.rows if self._within("tbody") else self._part.total).append([])
        # The words of a page stand in lists, too.
        is_figure = tag == "dd" and any("figures" in opened.get("class", "") for _, opened in self._open)
        if is_figure or (tag in ("td", "th") and self._within("tbody", "tfoot")):
            self._cell = Cell()
        # A figure's own number is the first; what it is more or less than before follows.
        if self._cell and self._cell.value is None and "data-value" in given:
            self._cell.value = given["data-value"]
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
            if self._cell:
                self._cell.link = given["href"]
        if tag not in _VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not self._within(tag):  # a tag that ends itself
            return
        while self._open.pop()[0] != tag:
            pass
        if self._cell is None:
            return
        if tag == "dd":
            self.figures.append((self._label, self._cell))
        elif tag in ("td", "th"):
            part = self._part
            (part.rows if self._within("tbody") else part.total)[-1].append(self._cell)
        if tag in ("td", "dd", "th"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text:
            return
        if self._cell:
            self._cell.text += text
        if self._within("dt"):
            self._label = text
        elif self._within("figcaption") and not self._within("span"):
            self.charts[-1].title = text
        elif self._within("th") and self._within("thead"):
            self._part.columns.append(re.sub(r"[ ↑↓]+$", "", text).replace(" ", "_"))
        # The marks of an axis are drawn, and hidden from those who are read to.
        numbered = any("data-value" in given or given.get("aria-hidden") == "true" for _, given in self._open)
        if _NUMBER.fullmatch(text) and self._within("td", "dd", "figure") and not numbered:
            self.loose.append(text)
