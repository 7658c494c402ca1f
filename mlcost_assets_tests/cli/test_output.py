"""What commands say in a terminal: lines fold between words, and no name, number or time is broken."""

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from contextlib import suppress

import pytest

from mlcost_assets.cli.output import Bold, say

ARN = "arn:aws:sagemaker:us-east-1:339423887316:endpoint/search-serving-prod"
LINE = f"  is sagemaker:DescribeEndpoint search-serving-prod ({ARN}), from 2026-09-20 11:00:00 to now, 1,234,567.26 USD"


def said_at_a_terminal(columns: int, monkeypatch: pytest.MonkeyPatch, *parts: str, **how: bool) -> list[str]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    monkeypatch.setenv("COLUMNS", str(columns))
    with os.fdopen(slave, "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        say(*parts, **how)
    monkeypatch.undo()
    got = b""
    with suppress(OSError):  # Linux tells so that the other end has gone
        while part := os.read(master, 1 << 16):
            got += part
    os.close(master)
    return re.sub("\x1b\\[[0-9]*m", "", got.decode()).replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize("columns", [20, 80, 100, 120, 300])
def test_lines_fold_between_words(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said_at_a_terminal(columns, monkeypatch, LINE)
    assert " ".join(line.strip() for line in lines) == LINE.strip()
    assert all(len(line) <= max(columns, 40) or len(line.split()) == 1 for line in lines)
    assert all(line.startswith("      ") for line in lines[1:])
    assert (len(lines) > 1) == (columns < len(LINE))


def test_bold_parts_and_several_lines_fold_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said_at_a_terminal(80, monkeypatch, "\n", Bold("churn"), f" short\n{LINE}")
    assert lines[:2] == ["", "churn short"]
    assert all(len(line) <= 80 for line in lines)


def test_the_part_that_is_bold_is_bold_and_not_the_same_word_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcost_assets.cli.output.click.echo", lambda told, **_: said.append(told))
    said: list[str] = []
    say("churn → ", Bold("churn"), "\x02")
    assert said == ["churn → \x1b[1mchurn\x1b[0m\ufffd"]


def test_a_document_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_at_a_terminal(80, monkeypatch, LINE, whole=True) == [LINE]
    assert said_at_a_terminal(80, monkeypatch, LINE, nl=False) == [LINE]


def test_what_goes_into_a_pipe_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    say(LINE)
    assert capsys.readouterr().out == f"{LINE}\n"
