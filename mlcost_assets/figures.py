"""Values as people read them: money to the cent, the numbers of a column with one number of decimals."""

import datetime
import math
import re
from collections.abc import Sequence
from decimal import Decimal

from mlcost_assets.text import as_json, clean, plain

_CENTS = 2
_MONEY = 4  # decimals from which on an exact number is money, of which a person reads the cents
_DIGITS = 4  # that count of what is less than one: the price of one request has no cents
_OF_ONE = re.compile(r"(^|_)(per|unit|each)(_|$)")  # names of what is said of one, or of a thousand
_LEAST_DIGITS = 3  # that count of the smallest such value, whatever the largest is
_MOST_DECIMALS = 10  # of money


def is_number(value: object) -> bool:
    """Whether `value` is an int, float or Decimal; a truth value is none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def texts(values: Sequence[object], name: str = "") -> list[str | None]:
    """The values of a column called `name` as text, None where there is none."""
    numbers = [value for value in values if isinstance(value, (float, Decimal)) and math.isfinite(value)]
    decimals = _decimals(numbers, of_one=bool(_OF_ONE.search(name.lower())))
    return [None if value is None else _text(value, decimals) for value in values]


def _text(value: object, decimals: int) -> str:
    if isinstance(value, (float, Decimal)) and math.isfinite(value):
        shown = f"{value:,.{decimals}f}"
        return shown.lstrip("-") if not shown.strip("-0.") else shown  # nothing is never negative
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (list, tuple, dict)):
        return as_json(plain(value))
    return clean(str(value)).expandtabs(4)


def _decimals(numbers: Sequence[float | Decimal], *, of_one: bool) -> int:
    """How many decimals the column needs, up to those that a person reads."""
    exact = max((-int(one.as_tuple().exponent) for one in numbers if isinstance(one, Decimal)), default=0)
    is_money = exact >= _MONEY
    largest = max((abs(float(one)) for one in numbers), default=0.0)
    most = _CENTS if is_money else _DIGITS
    if 0 < largest < 1:
        most = max(most, _DIGITS - 1 - math.floor(math.log10(largest)))
    smallest = min((abs(float(one)) for one in numbers if one), default=1.0)
    if of_one and smallest < 1:
        most = max(most, min(_LEAST_DIGITS - 1 - math.floor(math.log10(smallest)), _MOST_DECIMALS))
    if exact and not is_money:
        return exact
    needed = max((len(f"{one:.{most}f}".rstrip("0").partition(".")[2]) for one in numbers), default=0)
    return max(needed, _CENTS if is_money else 0)
