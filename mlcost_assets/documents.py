"""A result as a page in Markdown or as a spreadsheet, with what it is and what it assumes."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from mlcost_assets.figures import is_number, texts
from mlcost_assets.text import as_json, markdown, plain

_ROWS = 1_048_575  # of a sheet, its head aside
_MONEY = "#,##0.00########"  # every digit that there is: a program sums what a person reads
_WIDEST = 60


def write_markdown(names: Sequence[str], rows: Sequence[Sequence[Any]], about: Sequence[str], file: TextIO) -> None:
    """A table under the first sentence of `about`, the others beneath it; numbers as a person reads them."""
    columns = [texts([row[place] for row in rows], name) for place, name in enumerate(names)]
    numeric = [any(is_number(row[place]) for row in rows) for place in range(len(names))]
    head, *assumed = about or ("",)
    if head:
        file.write(f"# {markdown(head)}\n\n")
    file.write(_line(map(markdown, names)) + _line("---:" if is_right else "---" for is_right in numeric))
    for row in zip(*columns, strict=True):
        file.write(_line(markdown(cell) if cell is not None else "" for cell in row))
    if assumed:
        file.write("\n" + "".join(f"- {markdown(one)}\n" for one in assumed))


def write_workbook(names: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[str], output: Path) -> None:
    """One sheet with the rows, texts never as formulas, and one that says what they are. Raises OSError.

    A sheet holds 1,048,575 rows; what would not fit goes on to the next one.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(output, {"constant_memory": True, "strings_to_urls": False})
    head, money, day = (
        book.add_format(kind) for kind in ({"bold": True}, {"num_format": _MONEY}, {"num_format": "yyyy-mm-dd"})
    )
    sheet, at = _sheet(book, names, head, 0), 0
    for number, row in enumerate(rows):
        if number and number % _ROWS == 0:
            sheet, at = _sheet(book, names, head, number // _ROWS), 0
        at += 1
        for place, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(at, place, float(value), money)
            elif is_number(value):
                sheet.write_number(at, place, value)
            elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
                sheet.write_datetime(at, place, datetime.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif value is not None:
                sheet.write_string(at, place, value if isinstance(value, str) else as_json(plain(value)))
    said = book.add_worksheet("About")
    said.set_column(0, 0, 2 * _WIDEST)
    for place, sentence in enumerate(about):
        said.write_string(place, 0, sentence)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(*getattr(error.args[0], "args", error.args)) from None


def _sheet(book: Any, names: Sequence[str], head: Any, number: int) -> Any:
    sheet = book.add_worksheet("Rows" if not number else f"Rows {number + 1}")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(names):
        sheet.set_column(place, place, min(max(len(name) + 2, 14), _WIDEST))
        sheet.write_string(0, place, name, head)
    return sheet


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
