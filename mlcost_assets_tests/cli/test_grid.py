"""Tables for people: whatever the width, no number, time, id, ARN or name is broken, and money is read in cents."""

import datetime
import fcntl
import io
import os
import pty
import re
import struct
import termios
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest

from mlcost_assets.cli.grid import write_grid

ARN = "arn:aws:sagemaker:us-east-1:339423887316:endpoint/search-serving-prod"
MEND = "50 have ended: let what starts them write the tag; ask whose the others are, and write it down"
NAMES = ("account_id", "resource_id", "since", "effective_cost", "share", "mend")
ROWS = [
    ("339423887316", ARN, datetime.datetime(2026, 7, 17, 9, 30), Decimal("1234567.2597318882"), 0.25, MEND),
    ("572731118782", ARN + "-2", datetime.datetime(2026, 9, 20, 11), Decimal("-0.5000000000"), 0.125, "ask"),
]
WHOLE = (
    *NAMES, "339423887316", "572731118782", ARN, f"{ARN}-2", "2026-07-17 09:30:00", "2026-09-20 11:00:00",
    "1,234,567.26", "-0.50", "0.250", "0.125",
)  # fmt: skip


def through_a_pipe(names: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    file = io.StringIO()
    write_grid(names, rows, file)
    return file.getvalue().splitlines()


def at_a_terminal(names: Sequence[str], rows: Sequence[Sequence[object]], columns: int) -> list[str]:
    """What a terminal of that width gets; the tables here are small enough to be written before they are read."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(slave, "w", encoding="utf-8") as file:
        write_grid(names, rows, file)
    got = b""
    with suppress(OSError):  # Linux tells so that the other end has gone
        while part := os.read(master, 1 << 16):
            got += part
    os.close(master)
    return got.decode().replace("\r\n", "\n").splitlines()


def plain(line: str) -> str:
    return re.sub("\x1b\\[[0-9]*m", "", line)


@pytest.mark.parametrize("columns", [40, 80, 100, 120, 160, 240])
def test_a_pipe_breaks_nothing_at_the_width_that_columns_says(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = through_a_pipe(NAMES, ROWS)
    for whole in WHOLE:
        assert any(whole in line for line in lines), f"{whole} in\n" + "\n".join(lines)
    # Only a name that is alone on its line, and finds no room there, may reach beyond.
    assert all(len(line) <= columns or line.split()[0] == "resource_id" for line in lines)


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_a_terminal_breaks_nothing_at_its_width(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")  # what a terminal knows of itself counts
    lines = list(map(plain, at_a_terminal(NAMES, ROWS, columns)))
    for whole in WHOLE:
        assert any(whole in line for line in lines), f"{whole} in\n" + "\n".join(lines)
    assert all(len(line) <= columns or line.split()[0] == "resource_id" for line in lines)


def test_a_pipe_without_columns_is_120_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert through_a_pipe(("a", "b"), [("x" * 59, "y" * 59)])[0].split() == ["a", "b"]
    assert [line.split()[0] for line in through_a_pipe(("a", "b"), [("x" * 60, "y" * 59)])] == ["a", "b"]


def test_what_fits_stands_in_columns_and_a_sentence_wraps_at_its_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert through_a_pipe(("team", "mend"), [("search", MEND), ("risk", "ask")]) == [
        "team    mend",
        "─" * 60,
        "search  50 have ended: let what starts them write the tag;",
        "        ask whose the others are, and write it down",
        "risk    ask",
    ]


def test_long_texts_go_beneath_their_row_before_the_numbers_leave_their_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert through_a_pipe(("rank", "tag", "cost", "mend"), [(1, "environment", Decimal("15.25"), MEND)]) == [
        "rank  tag           cost",
        "────────────────────────",
        "   1  environment  15.25",
        "    mend  50 have ended: let what starts them",
        "          write the tag; ask whose the others are,",
        "          and write it down",
    ]


def test_what_fits_in_no_other_way_is_a_block_for_each_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    rows = [(ARN, Decimal("1.0000000000"), "prod"), (f"{ARN}-2", None, "")]
    assert through_a_pipe(("resource_id", "cost", "environment"), rows) == [
        f"resource_id  {ARN}",
        "cost         1.00",
        "environment  prod",
        "",
        f"resource_id  {ARN}-2",
        "cost         (none)",
        "environment",
    ]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["53802.3595171490", "15638.8348341160", None], ["53,802.36", "15,638.83", "(none)"]),
        (["0.1694412345", "0.0031234567"], ["0.1694", "0.0031"]),
        (["-0.0000000001", "12.0000000000"], ["0.00", "12.00"]),
        (["1.5", "22.0"], ["1.5", "22.0"]),
        (["0.50", "1000.00"], ["0.50", "1,000.00"]),
    ],
    ids=["money in cents", "a price below one", "nothing", "a decimal keeps its own", "cents already"],
)
def test_the_numbers_of_a_column_share_their_decimals(values: list[str | None], shown: list[str]) -> None:
    lines = through_a_pipe(("n",), [(value and Decimal(value),) for value in values])[2:]
    assert [line.strip() for line in lines] == shown
    assert len({len(line) for line in lines}) == 1 or None in values  # right-aligned


def test_the_price_of_one_has_its_digits_beside_a_large_one() -> None:
    prices = [Decimal("1234.5678900000"), Decimal("0.0001690000"), Decimal("2.0000000000")]
    for name in ("cost_per_1000", "list_unit_price"):
        assert [line.strip() for line in through_a_pipe([name], [(one,) for one in prices])[2:]] == [
            "1,234.567890", "0.000169", "2.000000",
        ]  # fmt: skip
    assert through_a_pipe(["effective_cost"], [(one,) for one in prices])[3].strip() == "0.00"
    assert through_a_pipe(["cost_per_1000"], [(Decimal("169.2500000000"),)])[2].strip() == "169.25"


def test_a_name_that_is_missing_is_told_from_one_that_is_empty() -> None:
    assert through_a_pipe(("team", "n"), [(None, 1), ("", 2), ("web", 3)])[2:] == [
        "(none)  1",
        "        2",
        "web     3",
    ]


def test_a_terminal_shows_what_is_missing_dim_and_a_name_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert at_a_terminal(("team",), [(None,), ("(none)",)], 80)[2:] == ["\x1b[2m(none)\x1b[0m", "(none)"]
    monkeypatch.setenv("NO_COLOR", "1")
    assert at_a_terminal(("team",), [(None,)], 80)[2:] == ["(none)"]


def test_two_columns_of_one_name_are_two_columns() -> None:
    assert through_a_pipe(("a", "a"), [(1, True)])[2:] == ["1  true"]
