"""Months, days and hours of the simulated time; everything is UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def iso(moment: datetime) -> str:
    """Write a moment as AWS's APIs do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(moment: datetime) -> int:
    """Count the seconds since 1970."""
    return int(moment.timestamp())


def midnight(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def following_month(month: datetime) -> datetime:
    """Give the first moment of the next month."""
    return (month + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Window:
    """The months that are simulated."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, first_month: str, months: int) -> "Window":
        """Make the window of this many months from the first one, 'YYYY-MM'."""
        year, month = (int(part) for part in first_month.split("-"))
        start = end = datetime(year, month, 1, tzinfo=UTC)
        for _ in range(months):
            end = following_month(end)
        return cls(start, end)

    def months(self) -> Iterator[tuple[datetime, datetime]]:
        """Walk through the months as [start, end)."""
        start = self.start
        while start < self.end:
            yield start, following_month(start)
            start = following_month(start)

    def days(self) -> Iterator[datetime]:
        """Walk through the days."""
        day = self.start
        while day < self.end:
            yield day
            day += DAY

    def at(self, share: float) -> datetime:
        """Give the full hour that lies at this share of the window."""
        hours = int((self.end - self.start) / HOUR * share)
        return self.start + hours * HOUR

    def clip(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """Cut an interval to the window."""
        return max(start, self.start), min(end, self.end)
