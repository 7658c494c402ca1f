"""Elastic Load Balancing: load balancers with where they send requests."""

from contextlib import suppress
from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _with_targets(look: Look, balancer: Any) -> Body:
    """The load balancer, with TargetGroups[] and in each its Targets[].

    A group that is gone by now is left out; it is not its load balancer that is gone.
    """
    gone = look.client("elbv2").exceptions.TargetGroupNotFoundException
    groups = []
    with suppress(gone):
        for page in look.pages("elbv2:DescribeTargetGroups", {"LoadBalancerArn": balancer["LoadBalancerArn"]}):
            groups += page["TargetGroups"]
    standing = []
    for group in groups:
        with suppress(gone):
            health = look.call("elbv2:DescribeTargetHealth", TargetGroupArn=group["TargetGroupArn"])
            standing.append({**group, "Targets": [one["Target"] for one in health["TargetHealthDescriptions"]]})
    return {**balancer, "TargetGroups": standing}


COLLECTIONS = [
    Listing(
        "elbv2:DescribeLoadBalancers", "DescribeLoadBalancers", "LoadBalancers[]", "{LoadBalancerArn}",
        describe=_with_targets, page=400, limit="PageSize",
        calls=("elbv2:DescribeTargetGroups", "elbv2:DescribeTargetHealth"),
    ),
]  # fmt: skip
