"""Which billing periods are published, and how one that is not is refused."""

from collections.abc import Sequence

from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets.lake.reader import Readable


def published_periods(reader: Readable) -> list[str]:
    """The billing periods ('YYYY-MM') of the published bill, in order."""
    found = reader.query("SELECT DISTINCT billing_period FROM attributed_costs ORDER BY 1").fetchall()
    return [period for (period,) in found]


def refuse_unpublished(period: str | None, published: Sequence[str]) -> None:
    """Raises ConfigError where a `period` is given that is none of `published`."""
    if period is None or period in published:
        return
    raise ConfigError(f"--period {period}: this billing period is not published; {known_periods(period, published)}")


def known_periods(period: str, known: Sequence[str]) -> str:
    """The `known` months, in order, in words for somebody who asked for `period`."""
    if len(known) < 2:
        return f"only {known[0]} is known" if known else "none is known"
    if known[0] < period < known[-1]:  # the months around it are there
        return f"known are {', '.join(known)}"
    return f"known are {known[0]} to {known[-1]}"


def published_period(reader: Readable, period: str | None) -> str:
    """`period`, or the newest month. Raises ConfigError for one that is not published, MlcostError where none is."""
    published = published_periods(reader)
    refuse_unpublished(period, published)
    if not published:
        raise MlcostError("No bill is published yet. Run `mlcost refresh` when an export has delivered one.")
    return period or published[-1]
