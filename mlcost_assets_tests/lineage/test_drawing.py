"""A graph as a picture: everything is there, nothing overlaps, and a name is never more than text."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.lineage.drawing import Edge, Node, dot, svg

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]

CHAIN = [Node("e", ("churn-prod", "endpoint"), marked=True), Node("c", ("config",)), Node("m", ("model",)), Node("j", ("job",))]  # fmt: skip
LINES = [Edge("e", "c", "configured by", "since May"), Edge("c", "m", "serves"), Edge("j", "m", "made")]


def boxes(picture: str) -> dict[str, Box]:
    """Left, top, right and bottom of every node by the first line of its label."""
    found = {}
    for group in ElementTree.fromstring(picture).iter(f"{SVG}g"):  # noqa: S314  it is our own
        if group.get("class") == "node":
            rect, text = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
            assert rect is not None
            assert text is not None
            x, y, wide, tall = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
            found[text.text or ""] = (x, y, x + wide, y + tall)
    return found


def texts(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314


def test_arrows_lead_from_left_to_right_and_carry_their_relation() -> None:
    picture = svg(CHAIN, LINES, "churn")
    placed = boxes(picture)
    assert placed["churn-prod"][2] < placed["config"][0] < placed["config"][2] < placed["model"][0]
    assert placed["job"][2] < placed["model"][0]
    assert {"configured by", "serves", "made"} <= set(texts(picture))
    assert "<title>since May</title>" in picture
    assert picture.count("marker-end=") == 3


def test_a_circle_is_drawn_and_each_arrow_keeps_its_direction() -> None:
    picture = svg(CHAIN, [*LINES, Edge("m", "e", "feeds")], "circle")
    assert len(boxes(picture)) == 4
    assert (picture.count("marker-end="), picture.count("marker-start=")) == (3, 1)


def test_several_relations_between_two_things_are_one_line() -> None:
    picture = svg(CHAIN[:2], [Edge("e", "c", "reads"), Edge("e", "c", "writes"), Edge("c", "e", "knows")], "both")
    assert picture.count("<path d=") - 1 == 1  # the arrow's head is one too
    assert "reads, writes, knows" in texts(picture)


HOSTILE = ["<script>alert(1)</script>", 'quo"ted \'name\' & more', "'; DROP TABLE x; --", "emoji 😀 日本語", "null \0 bell \a half \ud800", "\u202e", "]]>", ""]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_text_whatever_it_holds(name: str) -> None:
    nodes = [Node(name or "x", (name, name), note=name), Node("other", ("other",))]
    picture = svg(nodes, [Edge(name or "x", "other", name, name)], name)
    kinds = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(picture).iter()}  # noqa: S314
    assert kinds == {"svg", "title", "defs", "marker", "path", "rect", "g", "text"}
    shown = re.sub("[\0\a\ud800\u202e]", "\ufffd", " ".join(name.split(" ")))
    assert texts(picture).count(shown) == 3
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', dot(nodes, [], name))
    assert quoted[0].replace('\\"', '"').replace("\\\\", "\\") == re.sub("[\0\a\ud800\u202e]", "\ufffd", name)


def test_what_is_too_long_is_cut_and_stands_whole_in_the_note() -> None:
    picture = svg([Node("n", ("a" * 300,), note="a" * 300)], [], "long")
    assert [len(text) for text in texts(picture)] == [52]
    assert "a" * 300 in picture


def test_nothing_is_a_picture_too() -> None:
    assert boxes(svg([], [], "nothing")) == {}


ids = st.integers(0, 11).map(str)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ids, ids), max_size=40))
def test_whatever_is_connected_no_two_boxes_overlap(pairs: list[tuple[str, str]]) -> None:
    nodes = [Node(str(number), (str(number),) * (1 + number % 3)) for number in range(12)]
    placed = list(boxes(svg(nodes, [Edge(*pair) for pair in pairs], "any")).values())
    assert len(placed) == 12
    for number, (left, top, right, bottom) in enumerate(placed):
        assert min(left, top) >= 0
        for other in placed[:number]:
            assert right < other[0] or other[2] < left or bottom < other[1] or other[3] < top


def test_lines_that_pass_below_every_thing_are_within_the_picture() -> None:
    """What leads past two columns at once may be the lowest of the picture."""
    nodes = [Node(id_, (id_,)) for id_ in "abcd"]
    ways = [Edge(*way) for way in ("ab", "ac", "ad", "bd", "cd")]
    picture = svg(nodes, ways, "ways")
    (height,) = re.findall(r'<svg [^>]*height="(\d+)"', picture)
    paths = re.findall(r'<path d="(M\d+ [^"]*)" fill="none"', picture)
    assert max(float(y) for path in paths for _, y in re.findall(r"(-?\d+) (-?\d+)", path)) < float(height)
