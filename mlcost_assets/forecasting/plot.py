"""A series of days and its forecast as a small SVG, for the Dagster UI."""

from collections.abc import Iterable, Sequence
from datetime import date

_WIDTH, _HEIGHT = 560, 208
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 548, 24, 184  # the frame within it
_PAST, _FUTURE = "#1f77b4", "#ff7f0e"

# A day with its value; a day with its mean and the ends of its interval.
Past = Sequence[tuple[date, float]]
Future = Sequence[tuple[date, float, float, float]]


def svg(past: Past, future: Future) -> str:
    """The picture: days from left to right, values upward from zero, or from the least below it. `future` has a day."""
    mean = [(day, value) for day, value, _, _ in future]
    lower = [(day, value) for day, _, value, _ in future]
    upper = [(day, value) for day, _, _, value in future]
    every = [*past, *mean, *lower, *upper]
    first, last = min(day for day, _ in every), max(day for day, _ in every)
    low, high = min(0.0, *(value for _, value in every)), max(0.0, *(value for _, value in every))

    def points(line: Iterable[tuple[date, float]]) -> str:
        return " ".join(
            f"{_LEFT + (_RIGHT - _LEFT) * (day - first).days / max((last - first).days, 1):.1f}"
            f",{_BOTTOM - (_BOTTOM - _TOP) * (value - low) / ((high - low) or 1):.1f}"
            for day, value in line
        )

    frame = f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="#888"/>'
    interval = f'<polygon points="{points([*upper, *reversed(lower)])}" fill="{_FUTURE}" opacity="0.2"/>'
    lines = [
        f'<polyline points="{points(line)}" fill="none" stroke="{colour}" stroke-width="1.2"{dashes}/>'
        for line, colour, dashes in ((past, _PAST, ""), (mean, _FUTURE, ' stroke-dasharray="4 2"'))
    ]
    labels = [
        _label(_LEFT - 4, _TOP + 4, f"{high:,.0f}", "end"),
        _label(_LEFT - 4, _BOTTOM + 4, f"{low:,.0f}", "end"),
        _label(_LEFT, _BOTTOM + 16, first.isoformat(), "start"),
        _label(_RIGHT, _BOTTOM + 16, last.isoformat(), "end"),
        _label(_LEFT + 8, _TOP - 8, "ML spend per day", "start", _PAST),
        _label(_LEFT + 136, _TOP - 8, "forecast, with its 80 % interval", "start", _FUTURE),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
    return "\n".join([f'{head} font-family="sans-serif" font-size="11">', frame, interval, *lines, *labels, "</svg>"])


def _label(x: int, y: int, text: str, anchor: str, colour: str = "#555") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
