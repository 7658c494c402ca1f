"""Elastic Load Balancing: load balancers with where they send requests."""

from typing import Any

from mlcost_assets.collect.engine import Look
from mlcost_assets.collect.listing import Body, Listing


def _with_targets(look: Look, balancer: Any) -> Body:
    """The load balancer, with TargetGroups[] and in each its Targets[] (CONTRACT §2)."""
    pages = look.pages("elbv2:DescribeTargetGroups", {"LoadBalancerArn": balancer["LoadBalancerArn"]})
    groups = [dict(group) for page in pages for group in page["TargetGroups"]]
    for group in groups:
        health = look.call("elbv2:DescribeTargetHealth", TargetGroupArn=group["TargetGroupArn"])
        group["Targets"] = [one["Target"] for one in health["TargetHealthDescriptions"]]
    return {**balancer, "TargetGroups": groups}


COLLECTIONS = [
    Listing(
        "elbv2:DescribeLoadBalancers", "DescribeLoadBalancers", "LoadBalancers[]", "{LoadBalancerArn}",
        describe=_with_targets, page=400, limit="PageSize",
        calls=("elbv2:DescribeTargetGroups", "elbv2:DescribeTargetHealth"),
    ),
]  # fmt: skip
