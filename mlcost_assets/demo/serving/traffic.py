"""Metrics: how much something is used, hour by hour, over the day and the week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.world.world import World

# From midnight to noon, and back.
_DAILY = (0.35, 0.25, 0.2, 0.2, 0.25, 0.4, 0.7, 0.9, 1.1, 1.3, 1.4, 1.4)


@dataclass
class Profile:
    """The course of a metric over the day and the week."""

    chance: Chance
    level: float
    whole: bool = True
    is_steady: bool = False

    def at(self, moment: datetime) -> float:
        """Give the value of one hour."""
        weekly = 0.7 if moment.weekday() >= 5 else 1.0
        of_hour = _DAILY[min(moment.hour, 23 - moment.hour)]
        value = self.level * (1 if self.is_steady else of_hour * weekly) * self.chance.uniform(0.85, 1.15)
        return int(value) if self.whole else round(value, 2)


def measure(
    world: World,
    account: Account,
    region: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    start: datetime,
    end: datetime,
    values: Profile,
    stat: str = "Sum",
) -> list[str]:
    """Record a metric, one record a day with hourly values, and give the records' keys."""
    keys = []
    start, end = world.window.clip(start, end)
    name = "/".join([namespace, metric, *(f"{key}={value}" for key, value in sorted(dimensions.items()))])
    day = start.replace(hour=0)
    while day < end:
        hours = [day + n * HOUR for n in range(24) if start <= day + n * HOUR < end] if values.level else []
        body = {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": dimensions,
            "Stat": stat,
            "Period": 3600,
            "Timestamps": [iso(hour) for hour in hours],
            "Values": [values.at(hour) for hour in hours],
        }
        key = world.record(
            "cloudwatch:GetMetricData",
            f"{name}/{day:%Y-%m-%d}",
            account,
            region,
            body,
            created=day + DAY - timedelta(minutes=1),
            is_event=True,
            tags=None,
        )
        keys.append(key)
        day += DAY
    return keys
