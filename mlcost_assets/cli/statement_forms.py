"""A chargeback statement in each of its forms, as bytes: the same statement gives the same bytes."""

import csv
import datetime
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlcost_assets.text import as_json, csv_cell, plain

if TYPE_CHECKING:
    from mlcost_assets.reports.chargeback.statement import Statement

SECTIONS = ("direct", "shared", "unattributed", "marketplace", "correction", "credit", "tax", "adjustment")
_LINE = (
    "section", "party", "cost_centre", "shared_by", "because", "billing_period", "billing_account_id", "invoice_id",
    "amount", "billed_cost", "effective_cost", "billing_currency",
)  # fmt: skip
_SHOWN_LINE = tuple(name for name in _LINE if name not in ("billing_account_id", "billed_cost"))
_INVOICE = (
    "billing_period", "billing_account_id", "invoice_id", "invoice_total", "said_before", "of_this_statement",
    "off_by", "amount", "billing_currency",
)  # fmt: skip
_UNKNOWN = "unattributed"
_TOTAL = "all parties"
_ASSUMES = (
    "The amount is billed cost, net of credits, in whole cents: it sums to each invoice. Of each invoice, largest"
    " remainders are rounded up until its lines sum to it.",
    "Effective cost, which spreads commitments over what they cover, stands beside it for information.",
    "Credits and tax are divided as the charges they belong to. An adjustment is what is known now of an earlier"
    " month, less what final statements said of it.",
)

Part = tuple[str, tuple[str, ...], list[list[Any]]]


def title(statement: "Statement") -> str:
    """What it is."""
    return f"Chargeback {statement.period} by {statement.by.replace('_', ' ')}, {statement.status}"


def about(statement: "Statement") -> list[str]:
    """From where it comes, and what it assumes."""
    made = f"From version {statement.snapshot} of the lake, published {statement.published_at}."
    kept = [f"Kept as statement.json, sha256 {statement.sha256}."] if statement.sha256 else []
    return [made, *kept, *_ASSUMES]


def parts(statement: "Statement") -> list[Part]:
    """The tables of a statement: title, names of columns and rows."""
    used = [one for one in SECTIONS if any(row[one] for row in statement.summary)]
    # What no row has is not shown, nor what is the party itself.
    empty = {name for name in ("cost_centre", "because") if not any(line[name] for line in statement.lines)}
    empty |= {"cost_centre"} if statement.by == "cost_centre" else set()
    named = [
        row | {"party": _TOTAL if row["is_total"] else _UNKNOWN if row["party"] is None else row["party"]}
        for row in statement.summary
    ]
    every = ("party", "cost_centre", *used, "amount", "effective_cost", "billing_currency")
    columns = tuple(name for name in every if name not in empty)
    shown = tuple(name for name in _SHOWN_LINE if name not in empty)
    return [
        ("Parties", columns, _rows(named, columns)),
        ("Lines", shown, _rows(statement.lines, shown)),
        ("Invoices", _INVOICE, _rows(statement.invoices, _INVOICE)),
    ]


def _rows(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[list[Any]]:
    return [[row[name] for name in names] for row in rows]


def as_table(statement: "Statement") -> bytes:
    """For a terminal."""
    from mlcost_assets.cli.grid import write_grid

    file = io.StringIO()
    for head, names, rows in parts(statement):
        file.write(f"{head}\n\n")
        write_grid(names, rows, file)
        file.write("\n")
    return f"{title(statement)}\n\n{file.getvalue().rstrip()}\n".encode()


def as_markdown(statement: "Statement") -> bytes:
    """A page."""
    from mlcost_assets.documents import write_markdown

    file = io.StringIO()
    file.write(f"# {title(statement)}\n\n" + "".join(f"- {one}\n" for one in about(statement)))
    for head, names, rows in parts(statement):
        file.write(f"\n## {head}\n\n")
        write_markdown(names, rows, (), file)
    return file.getvalue().encode()


def as_csv(statement: "Statement") -> bytes:
    """The lines, each with the statement that it is of."""
    return _csv([_told(statement) | {name: line[name] for name in _LINE} for line in statement.lines])


def as_data(statement: "Statement") -> bytes:
    """The lines as one array of JSON, each with the statement that it is of."""
    lines = [_told(statement) | {name: line[name] for name in _LINE} for line in statement.lines]
    return (as_json([plain(line) for line in lines], indent=1) + "\n").encode()


def as_journal(entries: Sequence[dict[str, Any]]) -> bytes:
    """Entries of a ledger, as CSV."""
    return _csv(entries)


def _told(statement: "Statement") -> dict[str, Any]:
    return {
        "statement": statement.period, "by": statement.by, "status": statement.status, "snapshot": statement.snapshot,
    }  # fmt: skip


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(rows[0] if rows else ())
    for row in rows:
        writer.writerow(csv_cell(value) if isinstance(value, str) else plain(value) for value in row.values())
    return file.getvalue().encode()


def as_workbook(statement: "Statement") -> bytes:
    """A sheet for parties, lines and invoices each, and one that says what they are; texts never are formulas."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": title(statement), "created": _made(statement)})
    bold = book.add_format({"bold": True})
    formats = {places: book.add_format({"num_format": f"#,##0.{'0' * places}" if places else "#,##0"})
               for places in (0, 2, 3, 10)}  # fmt: skip
    for head, names, rows in parts(statement):
        sheet = book.add_worksheet(head)
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(names):
            sheet.set_column(place, place, 16)
            sheet.write_string(0, place, name, bold)
        for at, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, place, value)
                elif value is not None:
                    sheet.write_number(at, place, float(value), formats[-value.as_tuple().exponent])
    said = book.add_worksheet("About")
    said.set_column(0, 0, 120)
    for at, sentence in enumerate((title(statement), *about(statement))):
        said.write_string(at, 0, sentence)
    book.close()
    return file.getvalue()


def as_pdf(statement: "Statement") -> bytes:
    """Pages for people. The fonts that every reader of PDF has are Latin: other letters become ?, and that is said."""
    from fpdf import FPDF

    lacking: set[str] = set()

    def printable(text: str) -> str:
        shown = text.encode("latin-1", "replace").decode("latin-1")
        if shown != text:
            lacking.add(text)
        return "".join(one if one.isprintable() else "?" for one in shown)

    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_creation_date(_made(statement))
    pdf.set_title(title(statement))
    pdf.set_font("Helvetica", size=14)
    pdf.add_page()
    pdf.cell(text=title(statement), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(size=8)
    for one in about(statement):
        pdf.multi_cell(0, text=printable(one), new_x="LMARGIN", new_y="NEXT")
    for head, names, rows in parts(statement):
        _pdf_table(pdf, head, [printable(name) for name in names], [
            [printable(_written(value)) for value in row] for row in rows
        ], [any(not isinstance(row[place], str | None) for row in rows) for place in range(len(names))])  # fmt: skip
    if lacking:
        pdf.ln(4)
        pdf.multi_cell(0, text=f"{len(lacking)} texts hold letters that the font of this PDF lacks; each is written as"
                       " ?. The other formats have them whole.")  # fmt: skip
    return bytes(pdf.output())


def _pdf_table(pdf: Any, head: str, names: list[str], rows: list[list[str]], numeric: list[bool]) -> None:
    pdf.ln(4)
    pdf.set_font(size=11)
    pdf.cell(text=head, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(size=7)
    longest = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    widths = [min(max(one, 6), 40) for one in longest]
    align = ["RIGHT" if is_number else "LEFT" for is_number in numeric]
    with pdf.table(col_widths=widths, text_align=align, line_height=4) as table:
        for cells in (names, *rows):
            written = table.row()
            for cell in cells:
                written.cell(cell)


def _written(value: Any) -> str:
    """A value as a page has it: what is exact to the cent."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.2f}" if -value.as_tuple().exponent > 3 else f"{value:,f}"


def _made(statement: "Statement") -> datetime.datetime:
    return datetime.datetime.fromisoformat(statement.published_at)


FORMS = {
    "table": ("statement.txt", as_table), "md": ("statement.md", as_markdown), "csv": ("statement.csv", as_csv),
    "json": ("lines.json", as_data), "xlsx": ("statement.xlsx", as_workbook), "pdf": ("statement.pdf", as_pdf),
}  # fmt: skip
