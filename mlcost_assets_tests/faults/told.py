"""Records that tell all that any statement reads of their kind: the places to put something odd in."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mlcost_assets.metadata.kinds import known_kinds
from mlcost_assets_tests.attribution.scenarios import instance, pod, prefix
from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.faults.odd import Place, put
from mlcost_assets_tests.lineage.artifacts import ARTIFACTS
from mlcost_assets_tests.lineage.cases import CASES
from mlcost_assets_tests.lineage.containers import CONTAINERS
from mlcost_assets_tests.world import Record, record

PACKAGE = Path(__file__).parents[2] / "mlcost_assets"
_KIND = re.compile(r"'([a-z0-9-]+:[A-Z]\w+)'")
_PATH = re.compile(r"""'(\$(?:\."[^"']+"|\.[\w*]+|\[\*\])+)""")
_STEP = re.compile(r'\."([^"]+)"|\.(\w+)|(\.\*)|\[\*\]')
_DIMENSIONS: dict[str, list[dict[str, str]]] = {
    "AWS/SageMaker Invocations": [{"EndpointName": "e", "VariantName": "v"}, {"InferenceComponentName": "ic"}, {"EndpointName": "e", "TargetModel": "a.tar.gz"}],
    "AWS/SageMaker ModelLatency": [{"EndpointName": "e", "VariantName": "v"}],
    "/aws/sagemaker/Endpoints GPUUtilization": [{"EndpointName": "e", "VariantName": "v"}],
    "CWAgent nvidia_smi_utilization_gpu": [{"InstanceId": "i-0dd"}],
    "AWS/Bedrock Invocations": [{"ModelId": "us.anthropic.claude"}, {"ModelId": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/p"}],
    "AWS/Lambda Invocations": [{"FunctionName": "score"}],
    "AWS/ApplicationELB RequestCount": [{"LoadBalancer": "net/ml/1f2e"}],
    "AWS/ApiGateway Count": [{"ApiName": "api"}],
    "AWS/S3 BucketSizeBytes": [{"BucketName": "odd-bucket", "StorageType": "StandardStorage"}],
    "acme vllm:generation_tokens_total": [{"model_name": "a", "pod": "odd-pod"}],
    "acme predictions": [{"Model": "churn"}, {"TransformJobName": "b"}],
}  # fmt: skip


def records() -> list[Record]:
    """Of every kind: what states relations, what is measured, and one record with every place that is read."""
    stated = [one for cases in (CASES, ARTIFACTS, CONTAINERS) for landed, _ in cases.values() for one in landed]
    around = [
        instance("i-0dd", name="ip-odd", InstanceType="g5.xlarge"),
        pod("odd", "odd-pod", "ip-odd", requests={"cpu": "2", "memory": "4Gi", "nvidia.com/gpu": "1"}, start="2026-10-03T00:00:00Z"),
        *[prefix("odd-bucket", path, size, f"2026-10-0{day}") for path, size in (("a", 5), ("b", 7)) for day in (1, 4)],
    ]  # fmt: skip
    return [*stated, *around, *_series(), *map(_whole, sorted(known_kinds()))]


def _series() -> Iterator[Record]:
    for metric, dimensions in _DIMENSIONS.items():
        for number, named in enumerate(dimensions * 3):
            namespace, name = metric.split(" ")
            stat = "Average" if re.search("Util|util|Latency|Size", name) else "Sum"
            body: dict[str, Any] = {
                "Namespace": namespace, "MetricName": name, "Dimensions": named, "Stat": stat, "Period": 3600,
                "Timestamps": ["2026-10-05T01:00:00Z", "2026-10-05T02:00:00Z"], "Values": [3.0, 4.0],
            }  # fmt: skip
            yield record("cloudwatch:GetMetricData", f"{name}/{number}/2026-10-05", body, at="2026-10-06T06:00:00Z")


@cache
def read_of() -> dict[str, list[Place]]:
    """The places in a body that a statement or metadata/kinds/ reads, by kind; of a list its first member."""
    found: dict[str, set[Place]] = {kind: set() for kind in known_kinds()}
    for file in PACKAGE.rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        places = {_steps(path) for path in _PATH.findall(text) if not path.startswith("$[")}
        for kind in found.keys() & set(_KIND.findall(text)):
            found[kind] |= places
    for kind, how in known_kinds().items():
        found[kind] |= {_steps(path) for path in _PATH.findall(repr(how))}
    return {kind: sorted(places, key=lambda place: (len(place), repr(place))) for kind, places in found.items()}


def _steps(path: str) -> Place:
    return tuple(quoted or name or ("any" if star else 0) for quoted, name, star in _STEP.findall(path))


def _whole(kind: str) -> Record:
    body: Any = {}
    for place in read_of()[kind]:
        body = put(body, place, _usual(str(place[-1])))
    return record(kind, f"odd/{kind}", body)


def _usual(member: str) -> Any:
    if re.search(r"(?i)time|date|_at$|At$|CreatedOn", member):
        return "2026-10-05T05:00:00Z"
    return (
        2 if re.search(r"(?i)count|number|bytes|objects|size|requests|tokens|cpu|memory|cost|spend", member) else "odd"
    )
