"""Which billing periods are published, and how one that is not is refused."""

from collections.abc import Sequence

from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets.lake.reader import LakeReader


def published_periods(reader: LakeReader) -> list[str]:
    """The billing periods ('YYYY-MM') of the published bill, in order."""
    found = reader.query("SELECT DISTINCT billing_period FROM attributed_costs ORDER BY 1").fetchall()
    return [period for (period,) in found]


def refuse_unpublished(period: str | None, published: Sequence[str]) -> None:
    """Raises ConfigError where a `period` is given that is none of `published`."""
    if period is None or period in published:
        return
    if not published:
        known = "none is known"
    elif published[0] < period < published[-1]:  # the months around it are there
        known = f"known are {', '.join(published)}"
    else:
        known = f"known are {published[0]} to {published[-1]}"
    raise ConfigError(f"--period {period}: this billing period is not published; {known}")


def published_period(reader: LakeReader, period: str | None) -> str:
    """`period`, or the newest month. Raises ConfigError for one that is not published, MlcostError where none is."""
    published = published_periods(reader)
    refuse_unpublished(period, published)
    if not published:
        raise MlcostError("No bill is published yet. Run `mlcost refresh` when an export has delivered one.")
    return period or published[-1]
