"""The picture of a forecast shows every day at its place, and nothing outside its frame."""

from datetime import date, timedelta
from xml.etree import ElementTree

from mlcost_assets.forecasting.plot import Future, Past, svg

SVG = "{http://www.w3.org/2000/svg}"
START = date(2026, 9, 1)
PAST = [(START + timedelta(days=n), 100.0 + n) for n in range(30)]
FUTURE = [(START + timedelta(days=n), 130.0, 90.0, 200.0) for n in range(30, 40)]


def drawn(past: Past, future: Future) -> ElementTree.Element:
    return ElementTree.fromstring(svg(past, future))  # noqa: S314 — our own text


def points(element: ElementTree.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in element.attrib["points"].split())]


def test_the_past_and_the_forecast_follow_one_another_with_the_interval_around() -> None:
    picture = drawn(PAST, FUTURE)
    past, future = map(points, picture.findall(f"{SVG}polyline"))
    (interval,) = map(points, picture.findall(f"{SVG}polygon"))
    assert (len(past), len(future), len(interval)) == (30, 10, 20)
    xs = [x for x, _ in past + future]
    assert xs == sorted(set(xs))
    assert past[0][1] > past[-1][1], "more cost is higher up"
    assert min(y for _, y in interval) < future[0][1] < max(y for _, y in interval)


def test_nothing_leaves_the_frame_and_its_ends_are_told() -> None:
    picture = drawn(PAST, FUTURE)
    places = [point for name in ("polyline", "polygon") for one in picture.findall(SVG + name) for point in points(one)]
    assert all(64 <= x <= 548 and 24 <= y <= 184 for x, y in places)
    told = {element.text for element in picture.findall(f"{SVG}text")}
    assert {"200", "0", "2026-09-01", "2026-10-10"} <= told


def test_credits_below_zero_and_a_single_day_are_drawn() -> None:
    assert len(drawn([(START, -5.0)], [(START, 0.0, 0.0, 0.0)])) > 0
    assert "-5" in svg([(START, -5.0)], FUTURE)
