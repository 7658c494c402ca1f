"""Splitting a CSV file into rows where DuckDB will not: carriage returns in text, short rows, quotes without an end.

What such a row says of money is plain, and it counts; or it is set aside with its line, and no other row is for it.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple, TextIO

from mlcost_assets.billing.formats import CUR2, FOCUS, column_key
from mlcost_assets.billing.unpacking import LONGEST_LINE
from mlcost_assets.errors import DropRejectedError

# A file with more lines than this that are no rows is no CSV of a bill, or not this one.
_MOST_TORN = 10_000
_TORN = "are none"
# Python's reader takes a carriage return for the end of a row, in quotes or not; it sees this character instead.
_RETURN, _LONE_RETURN = "\ue00d", re.compile(r"\r(?!\n)")
_COSTS = {column_key(CUR2.cost), column_key(FOCUS.cost)}
_CURRENCIES = {column_key("line_item_currency_code"), column_key("billing_currency")}

csv.field_size_limit(LONGEST_LINE)


class _Header(NamedTuple):
    """How many cells a row has, and in which of them cost and currency stand."""

    width: int
    cost: int
    currency: int

    def is_plain(self, row: list[str]) -> bool:
        """Whether `row`, which has not as many cells, says its cost: a whole number of money, where cost belongs."""
        try:
            Decimal(row[self.cost])
        except (InvalidOperation, IndexError):
            return False
        currency = row[self.currency] if self.currency < len(row) else ""
        # The last cell of a row that was cut may be cut itself.
        return self.cost < len(row) - 1 and bool(re.fullmatch("([A-Z]{3})?", currency))


class _Lines:
    """The lines of a file; some that were taken may be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else _LONE_RETURN.sub(_RETURN, next(self._file))
        self.taken.append(line)
        self.number += 1
        return line

    def keep_first(self) -> str:
        """Gives back what was taken but its first line, which it returns."""
        first, *others = self.taken
        self._given_back.extendleft(reversed(others))
        self.number -= len(others)
        return first


def mend(name: str, plain: Path, mended: Path, names: Sequence[str]) -> list[str]:
    """Writes the rows of the file `plain` to `mended`, each with as many cells as there are `names` and one more, which
    says why it is none; gives what is to be said of the rows that were read all the same. `name` is the file's.

    Raises DropRejectedError when most of it is no CSV.
    """
    keys = list(map(column_key, names))
    currency = next((place for place, key in enumerate(keys) if key in _CURRENCIES), len(keys))
    header = _Header(len(names), next(place for place, key in enumerate(keys) if key in _COSTS), currency)
    counted: Counter[str] = Counter()
    first: dict[str, int] = {}
    with plain.open(encoding="utf-8-sig", newline=_line_end(plain)) as source, mended.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([*names, ""])
        for line, row, remark, reason in _rows(_Lines(source), header):
            if told := remark or (reason and _TORN):
                counted[told] += 1
                first.setdefault(told, line)
            if counted[_TORN] >= _MOST_TORN:
                wrong = f"{_MOST_TORN:,} lines or more that are no rows, line {first[_TORN]} first"
                raise DropRejectedError(f"{name} has {wrong}")
            cells = row[: header.width] + [""] * (header.width - len(row)) + [reason and f"line {line}: {reason}"]
            writer.writerow([cell.replace(_RETURN, "\r") for cell in cells])
    return [f"{name}: {counted[how]:,} rows {how}, line {line} first" for how, line in first.items() if how != _TORN]


def _line_end(plain: Path) -> str:
    """A file whose first line ends with a bare carriage return has no other ends."""
    with plain.open("rb") as file:
        start = file.read(LONGEST_LINE)
    return "\n" if b"\n" in start else "\r"


def _rows(lines: _Lines, header: _Header) -> Iterator[tuple[int, list[str], str, str]]:
    """Of each row after the header its line, its cells, how it was read where that is not plain, and why it is none."""
    rows = csv.reader(lines, strict=True)
    next(rows, None)
    while True:
        lines.taken.clear()
        line = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            # Whatever the quotes of this line meant to enclose, the lines after it are rows of their own.
            row = [_unquoted(cell) for cell in lines.keep_first().rstrip("\r\n").split(",")]
            is_plain = len(row) == header.width and header.is_plain(row)
            wrong = "have quotation marks that do not match and are read as they stand"
            yield line, row, wrong if is_plain else "", "" if is_plain else "its quotation marks do not match"
            continue
        if len(row) == header.width or (len(row) > header.width and not any(row[header.width :])):
            yield line, row, "", ""
        elif 0 < len(row) < header.width and header.is_plain(row):
            yield line, row, "are shorter than the header and read as if the rest were empty", ""
        elif row:
            if len(lines.taken) > 1:
                row = lines.keep_first().rstrip("\r\n").split(",")
            yield line, row, "", f"{len(row)} cells where the header has {header.width}"


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
