"""CSV as other tools leave it: what a row says of money counts where it is plain, and no row costs another."""

import codecs
import gzip
from pathlib import Path

import duckdb
import pytest

from mlcost_assets.billing.csv_files import unpack_csv
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake.objects import LocalStore

HEADER = b"line_item_currency_code,line_item_unblended_cost,line_item_line_item_description,resource_tags_user_team\n"


def read(folder: Path, content: bytes, columns: str = "*") -> tuple[list[tuple[str | None, ...]], list[str]]:
    """`columns` of what is read of a file with this `content`, and what is said of its rows."""
    (folder / "bill.csv.gz").write_bytes(gzip.compress(content))
    store = LocalStore(str(folder))
    file = store.stat("bill.csv.gz")
    assert file
    with duckdb.connect() as connection:
        remarks = unpack_csv(connection, store, [file], folder)
        rows = f"SELECT {columns} FROM read_parquet('{folder}/*.parquet') ORDER BY x_source_row"
        return connection.execute(rows).fetchall(), remarks


def told(folder: Path, lines: bytes) -> tuple[list[tuple[str | None, ...]], list[str]]:
    return read(
        folder,
        HEADER + lines,
        "line_item_unblended_cost, line_item_line_item_description, resource_tags_user_team, x_torn",
    )


GOOD = b"USD,2,plain,risk\n"
READ = {
    "a carriage return in quotes": (b'USD,1,"one\rtwo",a\n', ("1", "one\rtwo", "a", None)),
    "a carriage return without quotes": (b"USD,1,one\rtwo,a\n", ("1", "one\rtwo", "a", None)),
    "both ends of a line in quotes": (b'USD,1,text,"gro\r\nwth"\n', ("1", "text", "gro\r\nwth", None)),
    "lines that end in two ways": (b"USD,1,text,a\r\n", ("1", "text", "a", None)),
    "a quotation mark inside of text": (b'USD,1,5" disk,a\n', ("1", '5" disk', "a", None)),
    "a quotation mark without its end": (b'USD,1,"text,a\n', ("1", '"text', "a", None)),
    "text after a quotation mark": (b'USD,1,"5"6,a\n', ("1", '"5"6', "a", None)),
    "empty cells beyond the header": (b"USD,1,text,a,,\n", ("1", "text", "a", None)),
    "a cell of a million letters": (b"USD,1," + b"x" * 1_000_000 + b",a,\n", ("1", "x" * 1_000_000, "a", None)),
    "Latin-1": (b"USD,1,caf\xe9,a\n", ("1", "caf\ufffd", "a", None)),
    "UTF-8": ("USD,1,café \ufffd,ü\n".encode(), ("1", "café \ufffd", "ü", None)),
    "a row that ends early": (b"USD,1,text\n", ("1", "text", None, None)),
    "a row that ends after its cost": (b"USD,1,\n", ("1", None, None, None)),
    "a row that ends in its cost": (b"USD,1\n", ("1", None, None, "line 2: 2 cells where the header has 4")),
    "a row that begins late": (b"1,text,a\n", ("text", "a", None, "line 2: 3 cells where the header has 4")),
    "a comma that is not in quotes": (b"USD,1,one,two,a\n", ("1", "one", "two", "line 2: 5 cells where the header has 4")),
    "quotes and commas that do not match": (b'USD,1,"one"1,two,a\n', ("1", '"one"1', "two", "line 2: its quotation marks do not match")),
}  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), READ.values(), ids=READ)
def test_an_odd_row_is_read_or_set_aside_and_the_next_one_is_read(
    tmp_path: Path, row: bytes, expected: tuple[str | None, ...]
) -> None:
    assert told(tmp_path, row + GOOD)[0] == [expected, ("2", "plain", "risk", None)]


@pytest.mark.parametrize(
    ("rows", "remark"),
    [
        (GOOD + b"USD,1,caf\xe9,\xff\n", "bill.csv.gz is not all UTF-8: 2 bytes are read as \ufffd, in line 3 first"),
        (GOOD + b"USD,1,x\n" * 2, "bill.csv.gz: 2 rows are shorter than the header and read as if the rest were empty, line 3 first"),
        (b'USD,1,"5"6,a\n', "bill.csv.gz: 1 rows have quotation marks that do not match and are read as they stand, line 2 first"),
    ],
    ids=["no UTF-8", "short rows", "quotation marks"],
)  # fmt: skip
def test_what_was_read_though_it_is_odd_is_said_with_its_line(tmp_path: Path, rows: bytes, remark: str) -> None:
    assert told(tmp_path, rows)[1] == [remark]


def test_a_good_file_is_read_without_a_word(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == ([("2", "plain", "risk", None)], [])


def test_a_character_that_two_parts_of_a_file_share_is_one(tmp_path: Path) -> None:
    ((text,),), remarks = read(
        tmp_path, HEADER + b"USD,1," + ("é" * 700_000).encode() + b",a\n", "line_item_line_item_description"
    )
    assert (text, remarks) == ("é" * 700_000, [])


def test_utf_16_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    content = codecs.BOM_UTF16_LE + (HEADER + GOOD).decode().encode("utf-16-le")
    assert read(tmp_path, content, "line_item_unblended_cost, resource_tags_user_team")[0] == [("2", "risk")]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (b"line_item_unblended_cost,team,Team\n1,a,b\n", ["line_item_unblended_cost", "team", "Team (2)"]),
        (b"line_item_unblended_cost,,\n1,a,b\n", ["line_item_unblended_cost", "(column 2)", "(column 3)"]),
        (b"line_item_unblended_cost\n1,a\n2,b\n", ["line_item_unblended_cost", "(column 2)"]),
        (b"line_item_unblended_cost,a,b\n1,2\n", ["line_item_unblended_cost", "a"]),
    ],
    ids=["a name twice", "no name", "fewer names than cells", "more names than cells"],
)
def test_columns_are_told_apart_whatever_the_header_says(tmp_path: Path, header: bytes, names: list[str]) -> None:
    read(tmp_path, header)
    described = duckdb.sql(f"DESCRIBE FROM read_parquet('{tmp_path}/*.parquet')").fetchall()
    assert [name for name, *_ in described if not name.startswith("x_")] == names


def test_a_file_of_ten_thousand_lines_that_are_no_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DropRejectedError, match=r"bill\.csv\.gz has 10,000 lines or more that are no rows, line 3 first"
    ):
        told(tmp_path, GOOD + b"no row\n" * 10_000)
