"""Amazon CloudWatch: how much endpoints, models and buckets are used, by the hour, for whole UTC days.

Metrics and namespaces as in the SageMaker, Bedrock and S3 guides ("Monitor with Amazon CloudWatch"). An inference
component's copies show as samples: each copy publishes one a minute, so SampleCount ÷ 60 is its copies in that hour.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Body, Look

_DAY = timedelta(days=1)
_FORGOTTEN = 14 * _DAY  # ListMetrics names only what had data in the last two weeks
_A_CALL = 500  # metrics in one GetMetricData


class Metric(NamedTuple):
    """A metric of which every series is collected, one statistic by period (seconds)."""

    namespace: str
    name: str
    statistic: str
    period: int = 3600


_UTILISATION = ("CPUUtilization", "GPUUtilization", "GPUMemoryUtilization", "MemoryUtilization")
METRICS = (
    Metric("AWS/SageMaker", "Invocations", "Sum"),
    Metric("AWS/SageMaker", "ModelLatency", "Average"),
    *(Metric("/aws/sagemaker/Endpoints", name, "Average") for name in _UTILISATION),
    Metric("/aws/sagemaker/InferenceComponents", "CPUUtilizationNormalized", "SampleCount"),
    Metric("/aws/sagemaker/InferenceComponents", "GPUUtilizationNormalized", "Average"),
    Metric("/aws/sagemaker/TrainingJobs", "GPUUtilization", "Average"),
    Metric("AWS/Bedrock", "Invocations", "Sum"),
    Metric("AWS/Bedrock", "InputTokenCount", "Sum"),
    Metric("AWS/Bedrock", "OutputTokenCount", "Sum"),
    Metric("AWS/S3", "BucketSizeBytes", "Average", 86400),
)
# Enhanced metrics repeat each series for every machine, container and GPU; whose cost it is does not depend on those.
_TOO_FINE = {"InstanceId", "ContainerId", "GpuId", "AcceleratorId"}


def _metric_data(look: Look) -> Iterator[Found]:
    series = list(_series(look))
    for day in _days(look):
        for first in range(0, len(series), _A_CALL):
            yield from _values(look, day, series[first : first + _A_CALL])


def _series(look: Look) -> Iterator[tuple[Metric, dict[str, str]]]:
    own = (Metric(one.namespace, one.metric, one.statistic) for one in look.settings.collect.metrics)
    for metric in (*METRICS, *own):
        for page in look.pages("cloudwatch:ListMetrics", {"Namespace": metric.namespace, "MetricName": metric.name}):
            for listed in page["Metrics"]:
                dimensions = {one["Name"]: one["Value"] for one in listed.get("Dimensions", [])}
                if not _TOO_FINE & set(dimensions):
                    yield metric, dimensions


def _days(look: Look) -> Iterator[datetime]:
    """The whole days that ended since the last complete look, the oldest first."""
    today = look.started.replace(hour=0, minute=0, second=0, microsecond=0)
    day = today - _FORGOTTEN
    if look.since:
        day = max(day, look.since.replace(hour=0, minute=0, second=0, microsecond=0))
    while day < today:
        yield day
        day += _DAY


def _values(look: Look, day: datetime, series: list[tuple[Metric, dict[str, str]]]) -> Iterator[Found]:
    queries = [
        {"Id": f"m{number}", "MetricStat": _statistic(*one), "ReturnData": True} for number, one in enumerate(series)
    ]
    arguments = {"MetricDataQueries": queries, "StartTime": day, "EndTime": day + _DAY, "ScanBy": "TimestampAscending"}
    found: dict[str, tuple[list[datetime], list[float]]] = {}
    for page in look.pages("cloudwatch:GetMetricData", arguments):
        for result in page["MetricDataResults"]:
            times, values = found.setdefault(result["Id"], ([], []))
            times += result["Timestamps"]
            values += result["Values"]
    for name, (times, values) in found.items():
        if times:
            metric, dimensions = series[int(name[1:])]
            yield Found(_id(metric, dimensions, day), _body(metric, dimensions, times, values), None)


def _statistic(metric: Metric, dimensions: dict[str, str]) -> dict[str, Any]:
    listed = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    measured = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": listed}
    return {"Metric": measured, "Period": metric.period, "Stat": metric.statistic}


def _id(metric: Metric, dimensions: dict[str, str], day: datetime) -> str:
    named = [f"{name}={value}" for name, value in dimensions.items()]
    return "/".join([metric.namespace, metric.name, *named, f"{day:%Y-%m-%d}"])


def _body(metric: Metric, dimensions: dict[str, str], times: list[datetime], values: list[float]) -> Body:
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": dimensions,
        "Stat": metric.statistic,
        "Period": metric.period,
        "Timestamps": times,
        "Values": values,
    }


COLLECTIONS = [
    Gathering(
        "cloudwatch:GetMetricData",
        _metric_data,
        calls=("cloudwatch:ListMetrics", "cloudwatch:GetMetricData"),
        incremental=True,
    ),
]
