"""A table for people: as wide as what shows it, and no number, time, id or name in it is ever broken.

Three layouts, the first that fits: columns, in which only sentences wrap, at their spaces; columns with the sentences
and longest texts of each row beneath it; a block for each row, a line for each value.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TextIO

import click
from rich.cells import cell_len

from mlcost_assets.figures import is_number, texts
from mlcost_assets.text import one_line

_PIPE = 120  # columns of what has no width of its own
_GAP = "  "
_UNDER = "    "  # before what stands beneath its row
_SENTENCE = 48  # columns from which on a text of several words may wrap
_NARROWEST = 32  # columns that a sentence gets at least
_NONE = "(none)"


@dataclass(frozen=True, eq=False)
class _Column:
    """A column's name and its values as text, None for NULL."""

    name: str
    cells: list[str | None]
    numeric: bool

    @cached_property
    def most(self) -> int:
        """The width at which nothing wraps."""
        return max(cell_len(self.name), *(_width(cell) for cell in self.cells), 0)

    @cached_property
    def least(self) -> int:
        """The width at which no word is broken."""
        return max(
            cell_len(self.name), *(_longest(cell) if _is_sentence(cell) else _width(cell) for cell in self.cells), 0
        )

    @cached_property
    def wraps(self) -> bool:
        return any(map(_is_sentence, self.cells))


@dataclass(frozen=True)
class _Screen:
    """What shows the table: its width, and whether it has bold and dim letters."""

    room: int
    styled: bool

    def head(self, text: str) -> str:
        return click.style(text, bold=True) if self.styled else text

    def cell(self, line: str, cell: str | None) -> str:
        return line.replace(_NONE, click.style(_NONE, dim=True)) if self.styled and cell is None else line


def write_grid(names: Sequence[str], rows: Sequence[Sequence[object]], file: TextIO) -> None:
    """Writes `rows` under `names`. NULL is `(none)`; a column's numbers are right-aligned, decimal under decimal."""
    columns = [_column(name, [row[place] for row in rows]) for place, name in enumerate(names)]
    for line in _laid_out(columns, len(rows), _screen(file)):
        file.write(f"{line.rstrip()}\n")


def _column(name: str, values: list[object]) -> _Column:
    known = [value for value in values if value is not None]
    return _Column(one_line(name), texts(values, name), bool(known) and all(map(is_number, known)))


def _screen(file: TextIO) -> _Screen:
    told = os.environ.get("COLUMNS", "")
    of_pipe = int(told) if told.isdecimal() and int(told) else _PIPE
    if not file.isatty():
        return _Screen(of_pipe, styled=False)
    # A terminal that does not know its size says 0.
    return _Screen(os.get_terminal_size(file.fileno()).columns or of_pipe, styled="NO_COLOR" not in os.environ)


def _laid_out(columns: list[_Column], rows: int, screen: _Screen) -> Iterator[str]:
    """The lines of the first layout that fits; numbers stay in columns, and of the texts no more than a third leave."""
    foldable = sorted(
        (column for column in columns[1:] if not column.numeric),
        key=lambda column: (column.wraps, column.most),
        reverse=True,
    )
    sentences = sum(column.wraps for column in foldable)
    for count in range(1 + max(sentences, len(columns) // 3)):
        beneath = foldable[:count]
        beside = [column for column in columns if column not in beneath]
        if _taken([column.least for column in beside]) <= screen.room:
            return _table(beside, [column for column in columns if column in beneath], rows, screen)
    return _blocks(columns, rows, screen)


def _table(beside: list[_Column], beneath: list[_Column], rows: int, screen: _Screen) -> Iterator[str]:
    widths = _fitted(beside, screen.room)
    sized = list(zip(beside, widths, strict=True))
    yield screen.head(_GAP.join(_padded(column.name, width, column.numeric) for column, width in sized).rstrip())
    yield "─" * _taken(widths)
    for row in range(rows):
        cells = [(column, width, _wrapped(column.cells[row], width)) for column, width in sized]
        for line in range(max(len(lines) for *_, lines in cells)):
            yield _GAP.join(
                screen.cell(_padded("".join(lines[line : line + 1]), width, column.numeric), column.cells[row])
                for column, width, lines in cells
            )
        yield from _named(beneath, row, _UNDER, screen)


def _blocks(columns: list[_Column], rows: int, screen: _Screen) -> Iterator[str]:
    for row in range(rows):
        if row:
            yield ""
        yield from _named(columns, row, "", screen)


def _named(columns: list[_Column], row: int, indent: str, screen: _Screen) -> Iterator[str]:
    """The values of a row, each behind its column's name on lines of its own."""
    label = max((cell_len(column.name) for column in columns), default=0)
    before = len(indent) + label + 2
    for column in columns:
        first, *rest = _wrapped(column.cells[row], screen.room - before)
        name = screen.head(column.name) + " " * (label - cell_len(column.name))
        yield f"{indent}{name}  {screen.cell(first, column.cells[row])}"
        yield from (f"{'':{before}}{line}" for line in rest)


def _fitted(columns: list[_Column], room: int) -> list[int]:
    """The widths at which the columns fit: the widest gives first, and none more than its sentences can."""
    widths, least = [column.most for column in columns], [column.least for column in columns]
    for _ in range(_taken(widths) - room):
        giving = max((place for place, width in enumerate(widths) if width > least[place]), key=widths.__getitem__)
        widths[giving] -= 1
    return widths


def _taken(widths: list[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _wrapped(cell: str | None, width: int) -> list[str]:
    """The lines of a cell; a sentence wraps at its spaces, whatever else is longer than `width` stays whole."""
    if cell is None:
        return [_NONE]
    if not _is_sentence(cell) or _width(cell) <= width:
        return cell.split("\n")
    lines = [""]
    for word in cell.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _padded(line: str, width: int, numeric: bool) -> str:
    space = " " * (width - cell_len(line))
    return space + line if numeric else line + space


def _width(cell: str | None) -> int:
    return max(cell_len(line) for line in (_NONE if cell is None else cell).split("\n"))


def _longest(cell: str | None) -> int:
    return max(_NARROWEST, *map(cell_len, (cell or "").split()))


def _is_sentence(cell: str | None) -> bool:
    return cell is not None and "\n" not in cell and cell.count(" ") >= 3 and cell_len(cell) > _SENTENCE
