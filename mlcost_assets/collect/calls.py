"""How many calls a snapshot takes, on paper; a test holds the page to the code.

`python -m mlcost_assets.collect.calls > docs/collect-calls.md`. The mix of resources is an assumption, written out in
the page; the calls follow from what the services' files declare.
"""

import sys
from collections.abc import Iterator
from math import ceil

from mlcost_assets.collect.listing import Collection, Listing
from mlcost_assets.collect.run import AT_ONCE
from mlcost_assets.collect.services import services
from mlcost_assets.collect.services.cloudtrail import EVENTS
from mlcost_assets.collect.services.cloudwatch import METRICS

ACCOUNTS, REGIONS = 10, 3
RATE = 5  # calls a second to one service of one account and region: assumed, AWS publishes no figure for most
SLOW = {"cloudtrail": 2}  # LookupEvents: two a second in an account and region (AWS CloudTrail quotas)
CHANGED = 50  # one in so many changes in a day

# 20,000 resources of one account in one region, as an ML platform has them; every other kind has none. Steps are asked
# of executions, and are no resources.
MIX = {
    "sagemaker:DescribeTrainingJob": 4000, "sagemaker:DescribeProcessingJob": 2000,
    "sagemaker:DescribeTransformJob": 500, "sagemaker:DescribeModel": 1500, "sagemaker:DescribeModelPackage": 1500,
    "sagemaker:DescribeModelPackageGroup": 100, "sagemaker:DescribeEndpointConfig": 1000,
    "sagemaker:DescribeEndpoint": 200, "sagemaker:DescribeInferenceComponent": 100,
    "sagemaker:DescribePipeline": 100, "sagemaker:DescribePipelineExecution": 1000,
    "sagemaker:ListPipelineExecutionSteps": 1000, "sagemaker:DescribeTrialComponent": 2000,
    "sagemaker:DescribeUserProfile": 100, "sagemaker:DescribeSpace": 100, "sagemaker:DescribeApp": 100,
    "sagemaker:DescribeFeatureGroup": 100, "sagemaker:DescribeMonitoringSchedule": 100,
    "ec2:DescribeInstances": 500, "ec2:DescribeVolumes": 1000, "ec2:DescribeSnapshots": 1000,
    "ec2:DescribeNetworkInterfaces": 1000, "ecr:DescribeRepositories": 100, "ecr:DescribeImages": 1000,
    "logs:DescribeLogGroups": 500, "lambda:GetFunction": 200, "elbv2:DescribeLoadBalancers": 50, "glue:GetJob": 100,
    "kms:DescribeKey": 50, "iam:GetRole": 300,
}  # fmt: skip
RESOURCES = sum(MIX.values()) - MIX["sagemaker:ListPipelineExecutionSteps"]
_PARENTS = {"ecr:DescribeImages": MIX["ecr:DescribeRepositories"]}
_SERIES = 2000  # of the metrics that are collected
_BUCKETS = 100


def expected(collection: Collection, *, changed_only: bool) -> int:
    """Calls of a look at one kind in one place: at everything, or a day later."""
    items = MIX.get(collection.kind, 0)
    if isinstance(collection, Listing):
        asked = ceil(items / CHANGED) if changed_only and collection.since else items
        return collection.expected_calls(asked, _PARENTS.get(collection.kind, 1))
    days = 1 if changed_only else 14
    return {
        "tagging:GetResources": ceil(RESOURCES / 100),
        "cloudwatch:GetMetricData": len(METRICS) + days * ceil(_SERIES / 500),
        "cloudtrail:LookupEvents": len(EVENTS) + (RESOURCES // CHANGED if changed_only else RESOURCES) // 50,
        "s3:PrefixUsage": 1 + 2 * _BUCKETS,
        "ce:ListCostAllocationTags": 1,
        "organizations:DescribeAccount": 2 + 2 * ACCOUNTS,
        # Without a cluster or a queue, what would tell of them.
        "ecs:DescribeClusters": 1,
        "ecs:DescribeServices": 1,
        "ecs:DescribeTasks": 2,
        "ecs:DescribeTaskDefinition": 3,
        "ecs:DescribeContainerInstances": 1,
        "batch:DescribeJobs": 1,
    }[collection.kind]


def page() -> Iterator[str]:
    """docs/collect-calls.md, line by line."""
    yield from _INTRODUCTION.splitlines()
    everywhere = [0, 0]
    for service, collections in services().items():
        calls = [sum(expected(one, changed_only=later) for one in collections) for later in (False, True)]
        # What is asked in one region speaks for the whole account.
        places = ACCOUNTS if all(one.once for one in collections) else ACCOUNTS * REGIONS
        everywhere = [total + places * some for total, some in zip(everywhere, calls, strict=True)]
        rate = SLOW.get(service, RATE)
        minutes = " | ".join(f"{some / rate / 60:.1f}" for some in calls)
        yield f"| {service} | {len(collections)} | {calls[0]:,} | {calls[1]:,} | {rate} | {minutes} |"
    minutes = " | ".join(f"**{some / RATE / AT_ONCE / 60:.0f}**" for some in everywhere)
    yield f"| **all of {ACCOUNTS} × {REGIONS}** | | **{everywhere[0]:,}** | **{everywhere[1]:,}** | | {minutes} |"
    yield ""
    yield "The mix: " + ", ".join(f"{number:,} {kind}" for kind, number in MIX.items()) + "."


_INTRODUCTION = f"""\
# Calls of a snapshot

What a look at {ACCOUNTS} accounts × {REGIONS} regions × {RESOURCES:,} resources asks of AWS: written by
`python -m mlcost_assets.collect.calls` from what the services' files declare. AWS counts calls by account, region and
service, so places do not wait for one another. *first* sees everything; *a day later* asks for changes alone where the
API can, and for the rest again. AWS publishes no figure for most of these calls: {RATE} a second are assumed, and
botocore's adaptive retries find what it lets through. CloudTrail allows two lookups a second. The minutes are those of
one place; the last line has those of the run, in which {AT_ONCE} services of all places are asked at a time.

| service | kinds | calls of a place, first | a day later | calls a second | minutes, first | a day later |
|---|---:|---:|---:|---:|---:|---:|"""


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in page())
