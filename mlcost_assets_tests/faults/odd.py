"""Odd records: what a collector, a person or a broken tool may write where a record has something else, by a seed."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

Place = tuple[str | int, ...]


class Twice(str):
    """A key that stands twice in one object, which JSON allows."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


def _nested(levels: int) -> Any:
    value: Any = "deep"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


TEXTS = (
    "", " ", "😀", "🚀🔥", "---", "%_\\", "$.a[0]", "مرحبا‮abc", "a'b\"c`d;--", "line\none\r\n\ttwo", "nul\u0000inside",
    "\ud800", "x\udfffy", "null", "true", "none", "NaN", "-1", "1e400", "9" * 40, "-0.5", "0", "1,000", "0x1F", "१२", "500m", "1e999Ki",
    "[", "{}", "[1]", '{"a": 1}', "{", "a=b,c=d", "/", "a/b/c", "//", "~1~0", "s3://", "s3:///x", "s3://b", "arn:", "arn:aws:s3:::", "::::::",
    "arn:aws:sagemaker:::", "*", "[a-", "(?P<", "a{2,1}", "\\", "${x}", "{{x}}", "é" * 300, "x" * 100_000,
)  # fmt: skip
TIMES = (
    "2026-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "0000-01-01T00:00:00Z", "-4000-01-01", "9999-12-31T23:59:59.999999Z", "99999-01-01T00:00:00Z",
    "294247-01-10T04:00:54Z", "290309-12-22 (BC)", "infinity", "-infinity", "epoch", "now", "today", "2026-10-05", "2026-10-05T06:00", "T06:00Z",
    "2026-10-05T06:00:00+99:99", "2026-10-05T06:00:00 Mars/Base", "1759640400", "1759640400000", "1759640400000000", "1759640400000000000",
    "9" * 9, "9" * 19, "9" * 20, "1e18", "9.9e18", "1.7596404E9", "-1759640400",
)  # fmt: skip
NUMBERS = (
    0, -1, 1, -0.0, 0.1, 1e-300, 1e18, 1e19, 1e38, 1e300, 10**18, 2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 2**127, 10**39, int("9" * 40), -int("9" * 40),
    1759640400, 1759640400.5, 1759640400000, 253402300800, 10**15, float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
SHAPES: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [{}], [None], {"": ""}, {"": None}, {"a": {"b": []}}, [1, "a", None, {}, []], {"😀": "😀"},
    {'a"b': {"c'd": "e"}}, {"a.b": 1, "$": 2, "*": 3, "[0]": 4}, {"nul\u0000": "nul\u0000"}, {"\ud800": "\ud800"}, {"k" * 1000: "v" * 1000},
    {Twice("team"): "a", Twice("team"): "b"}, {Twice("Key"): "a", Twice("Key"): [], "Value": 1}, [{"Key": None, "Value": "x"}, {"Key": "", "Value": ""}],
    [{"Key": "team", "Value": "x"}, {"Key": "team", "Value": "y"}], [{"name": {}, "value": []}], [["Name", "Value"]], ["a", "a"],
    [{"Name": "a", "Value": {"b": 1}}] * 3, _nested(150), list(range(3000)),
)  # fmt: skip
VALUES = TEXTS + TIMES + NUMBERS + SHAPES
_TIME = re.compile(r"\d{4}-\d\d-\d\d")


def _instead_of(value: Any, chance: Random) -> Any:
    """Something odd, as often as not of the kind that `value` is."""
    if chance.random() < 0.5:
        return chance.choice(VALUES)
    if isinstance(value, (int, float)):
        return chance.choice(NUMBERS)
    if isinstance(value, str):
        return chance.choice(TIMES if _TIME.match(value) else TEXTS)
    return chance.choice(SHAPES)


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Where anything stands in `value`, itself included."""
    yield at
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from places(inner, (*at, key))


def odd(value: Any, at: Place, chance: Random) -> Any:
    """`value` with something odd in the place `at`."""
    if at:
        first, *rest = at
        changed = list(value) if isinstance(value, list) else dict(value)
        changed[first] = odd(value[first], tuple(rest), chance)  # type: ignore[index]
        return changed
    how = chance.random()
    if how < 0.05:
        return [value]
    if how < 0.10:
        return {"": value}
    if how < 0.14 and isinstance(value, dict):
        return list(value.values())
    if how < 0.18 and isinstance(value, list):
        return {str(number): inner for number, inner in enumerate(value)}
    if how < 0.22 and isinstance(value, dict) and value:
        key = chance.choice(sorted(value))
        return {**value, Twice(key): chance.choice(VALUES), Twice(key): None}
    if how < 0.26 and isinstance(value, dict):
        return value | {chance.choice(TEXTS): chance.choice(VALUES)}
    if how < 0.30 and isinstance(value, list):
        return [*value, chance.choice(VALUES), *value]
    return _instead_of(value, chance)


def put(value: Any, at: Place, inner: Any) -> Any:
    """`value` with `inner` in the place `at`, which need not be there."""
    if not at:
        return inner
    first, *rest = at
    if isinstance(first, int):
        members = list(value) if isinstance(value, list) else []
        return [put(members[0] if members else None, tuple(rest), inner), *members[1:]]
    entries = dict(value) if isinstance(value, dict) else {}
    return entries | {first: put(entries.get(first), tuple(rest), inner)}
