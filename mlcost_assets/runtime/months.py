"""Which billing months there can be."""

from datetime import UTC, datetime

# A constant far back costs nothing, and needs no look at exports when the code location loads.
FIRST_MONTH = "2015-01"


def no_month(month: str) -> str | None:
    """Why `month` ('YYYY-MM') is no billing month that can be loaded, for a person; None where it is one."""
    if not "01" <= month[5:] <= "12":
        return "there is no such month"
    if month < FIRST_MONTH:
        return f"it lies before {FIRST_MONTH}"
    # A month begins elsewhere while this clock still shows the one before.
    if month > _next_month():
        return "it lies in the future, or the clock of this machine is behind"
    return None


def _next_month() -> str:
    now = datetime.now(UTC)
    return f"{now.year + now.month // 12}-{now.month % 12 + 1:02}"
