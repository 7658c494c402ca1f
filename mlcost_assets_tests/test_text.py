"""Names hold anything; each kind of output shows them as letters and nothing else."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcost_assets.text import as_json, clean, csv_cell, markdown, one_line, path_part, slack


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[2J\x1b[31mred\x1b[0m", "��red�"),
        ("\x1b]0;title\x07x", "�x"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "�click�"),
        ("\x9b31mred", "�red"),
        ("half \x1b[", "half �["),
        ("a\rb\bc\x7fd\x85e\x00f", "a�b�c�d�e�f"),
        ("\u202ecod.exe\u2066\u200b", "�cod.exe��"),
        ("lone \ud800", "lone �"),
        ("größe 模型 😀\n\tnext", "größe 模型 😀\n\tnext"),
    ],
)
def test_a_terminal_gets_letters_only(name: str, shown: str) -> None:
    assert clean(name) == shown


def test_an_error_is_one_line_whatever_it_quotes() -> None:
    assert one_line("no model\nmlcost: all is well\x1b[A") == "no model mlcost: all is well�"


@given(st.text(st.characters(max_codepoint=0x2100) | st.sampled_from("\x9b\u202e\u2066\ufeff\x7f\U000e0001")))
def test_json_is_whole_and_shows_no_control_character(text: str) -> None:
    written = as_json({text: [text]}, indent=2)
    assert json.loads(written) == {text: [text]}
    assert clean(written) == written


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(first: str) -> None:
    assert csv_cell(f"{first}1+1") == f"'{first}1+1"
    assert csv_cell(f"a{first}") == f"a{first}"
    assert csv_cell(-1.5) == -1.5


@pytest.mark.parametrize("name", ["a|b", "`id`", "*b*", "_i_", "[l](x)", "a\n# b", "![i](x)", "a\\|b", "~~s~~"])
def test_markdown_shows_each_letter(name: str) -> None:
    escaped = markdown(name)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)(\\\\)*[`*_\[\]|~#!]", escaped)
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(name.split())


def test_markdown_has_no_html_and_no_link_of_itself() -> None:
    assert markdown("<script>&amp;") == "&lt;script&gt;&amp;amp;"
    assert "://" not in markdown("https://evil.example")


def test_slack_shows_each_letter_and_calls_nobody() -> None:
    assert slack("<!here> & <@U1> <https://evil.example|mend it>") == (
        "&lt;!here&gt; &amp; &lt;@U1&gt; &lt;https://evil.example|mend it&gt;"
    )
    assert slack("@channel @Here @everyone a@b.example") == "@ channel @ Here @ everyone a@b.example"


@given(st.text())
def test_a_part_of_a_path_is_safe(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}", path_part(text))


def test_what_is_a_part_already_stays() -> None:
    for name in ("111122223333", "us-east-1", "sagemaker", "snapshots"):
        assert path_part(name) == name


def test_no_two_texts_become_one_part() -> None:
    names = ["", ".", "..", "...", "a/b", "a\\b", "a b", "a_b", "A_b", "../a", "a", "x" * 500, "x" * 501, "_", "ａ"]
    names += [path_part(name) for name in names if path_part(name) != name]
    assert len({path_part(name).lower() for name in names}) == len(names)
