"""Values as people read them: money to the cent, the numbers of a column with one number of decimals."""

import datetime
import math
from collections.abc import Sequence
from decimal import Decimal

from mlcost_assets.cli.results import plain
from mlcost_assets.text import as_json, clean

_CENTS = 2
_MONEY = 4  # decimals from which on an exact number is money, of which a person reads the cents
_DIGITS = 4  # that count of what is less than one: the price of one request has no cents


def is_number(value: object) -> bool:
    """Whether `value` is an int, float or Decimal; a truth value is none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def texts(values: Sequence[object]) -> list[str | None]:
    """The values of a column as text, None where there is none."""
    decimals = _decimals([value for value in values if isinstance(value, (float, Decimal)) and math.isfinite(value)])
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


def _decimals(numbers: Sequence[float | Decimal]) -> int:
    """How many decimals the column needs, up to those that a person reads."""
    exact = max((-int(one.as_tuple().exponent) for one in numbers if isinstance(one, Decimal)), default=0)
    is_money = exact >= _MONEY
    largest = max((abs(float(one)) for one in numbers), default=0.0)
    most = _CENTS if is_money else _DIGITS
    if 0 < largest < 1:
        most = max(most, _DIGITS - 1 - math.floor(math.log10(largest)))
    if exact and not is_money:
        return exact
    needed = max((len(f"{one:.{most}f}".rstrip("0").partition(".")[2]) for one in numbers), default=0)
    return max(needed, _CENTS if is_money else 0)
