"""The words on pages mean what the glossary says; a column means what its table says."""

import re
from pathlib import Path

from mlcost_assets.dashboard.terms import meaning, of_columns, terms

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)


def plain(markdown: str) -> str:
    """Text without marks and links; of what only names another page, nothing."""
    without = re.sub(r" ?\(\[[^\]]*\]\([^)]*\)\)", "", markdown)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", without).replace("`", "").replace("*", "")


def test_a_word_of_the_glossary_is_explained_in_its_words() -> None:
    glossary = {word.lower(): plain(means) for word, means in ROW.findall((DOCS / "glossary.md").read_text("utf-8"))}
    shared = terms().keys() & glossary.keys()
    assert len(shared) > 15
    assert {word: terms()[word] for word in shared} == {word: glossary[word] for word in shared}


def test_every_method_is_explained() -> None:
    listed = re.search(r"decided: (.*)", terms()["method"])
    assert listed
    methods = re.findall(r"\w+", listed[1].replace(" or ", " "))
    assert [one for one in methods if not meaning(f"method {one}")] == []


def test_a_column_means_what_its_table_says_unless_pages_have_a_word_for_it() -> None:
    found = of_columns(["model", "degree", "nothing"], "SELECT model, degree FROM idle_resources")
    assert found["model"] == terms()["model"]
    assert list(found) == ["model", "degree"]
