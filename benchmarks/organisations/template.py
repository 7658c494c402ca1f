"""Placeholders and days: how an organisation says with one line what happens on many days or for many clients.

`<name>` is a name of the organisation or of the block's `for`; `<date>`, `<ymd>`, `<next>` are the day, `<month>` its
month; `<hex:seed:8>` and `<id:seed:8>` are generated ids that are the same wherever the seed is (within one turn of a
`for`), `<dayhex:seed:8>` and `<dayid:seed:8>` differ from day to day.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

_PLACEHOLDER = re.compile(r"<([\w-]+)(?::([\w./-]+):(\d+))?>")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def filled(value: Any, names: dict[str, str], day: date | None = None) -> Any:
    """Value with its placeholders replaced, through lists and mappings. Raises ValueError for a name nobody gave."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _word(found, names, day), value)
    if isinstance(value, list):
        return [filled(one, names, day) for one in value]
    if isinstance(value, dict):
        return {filled(key, names, day): filled(one, names, day) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def days_of(text: str, whole: list[date]) -> Iterator[date]:
    """The days that a text names: `first..last`, `mon-fri` or `mon/thu`, both, or dates with commas; without it all."""
    for part in text.split(",") if text else [""]:
        first, last, weekdays = whole[0], whole[-1], set(_WEEKDAYS)
        for word in part.split():
            if word[0].isdigit():
                ends = word.split("..")
                first, last = date.fromisoformat(ends[0]), date.fromisoformat(ends[-1])
            else:
                weekdays = set(_weekdays(word))
        yield from (day for day in whole if first <= day <= last and _WEEKDAYS[day.weekday()] in weekdays)


def digest(*of: object) -> str:
    """128 hexadecimal digits that the arguments decide."""
    return hashlib.sha512("\0".join(map(str, of)).encode()).hexdigest()


def _weekdays(word: str) -> Iterator[str]:
    for part in word.split("/"):
        ends = [_WEEKDAYS.index(end) for end in part.split("-")]
        yield from _WEEKDAYS[ends[0] : ends[-1] + 1]


def _word(found: re.Match[str], names: dict[str, str], day: date | None) -> str:
    name, seed, length = found.groups()
    if seed:
        turn = names.get("turn", "")
        digits = digest(seed, turn, day if name.startswith("day") else "")
        return (digits if name.endswith("hex") else _letters(digits))[: int(length)]
    if day and name in ("date", "ymd", "next", "month"):
        of_day = {"date": day, "ymd": f"{day:%Y%m%d}", "next": day + timedelta(1), "month": f"{day:%Y-%m}"}
        return str(of_day[name])
    if name not in names:
        raise ValueError(f"<{name}>: neither a name of the organisation nor of the block's `for`")
    return str(names[name])


def _letters(digits: str) -> str:
    number, letters = int(digits, 16), ""
    while number:
        number, at = divmod(number, 36)
        letters += "0123456789abcdefghijklmnopqrstuvwxyz"[at]
    return letters
