"""Split cost allocation data: a line for each resource that a pod or a task requests."""

from dataclasses import dataclass
from decimal import Decimal

from mlcost_assets.demo.bill.derived import DERIVED
from mlcost_assets.demo.money.ledger import ECS_TASK, EKS_POD, Ledger, Line, Placement, Scope
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.money.products import ECS, EKS

_PRODUCTS = {EKS_POD: EKS, ECS_TASK: ECS}
# What a pod requests, and its weight times ten: accelerator 9, vCPU 0.9, GiB 0.1.
_RESOURCES = (("vCPU-Hours", 9), ("GB-Hours", 1), ("Accelerator-Hours", 90))


@dataclass(frozen=True)
class PodLine:
    """The line of one resource of a pod; amounts are in thousandths."""

    line: Line
    placement: Placement
    resource: str
    factor: int
    capacity: int
    amount: int
    total_weight: int


def split_cost_lines(ledger: Ledger) -> list[PodLine]:
    """Make the lines of all pods on nodes of clusters with split cost allocation data."""
    nodes = {line.resource_id: line for line in ledger.lines if line.split_cluster}
    found = []
    for pod in ledger.placements:
        node = nodes[pod.instance_id]
        shape = SHAPES[node.meter.instance_type]
        capacities = (shape.vcpu * 1000, shape.memory * 1000, shape.gpus * 1000)
        amounts = (int(pod.vcpu * 1000), int(pod.memory * 1000), pod.gpus * 1000)
        total = sum(factor * capacity for (_, factor), capacity in zip(_RESOURCES, capacities, strict=True))
        found += [
            PodLine(_line(pod, node, resource), pod, resource, factor, capacity, amount, total)
            for (resource, factor), capacity, amount in zip(_RESOURCES, capacities, amounts, strict=True)
            if amount
        ]
    return found


def _line(pod: Placement, node: Line, resource: str) -> Line:
    product, usage = _PRODUCTS[pod.operation], f"{pod.operation[:3]}-EC2-{resource}"
    meter = Meter(product, usage, pod.operation, Decimal(0), resource, f"{usage} split cost", step=DERIVED)
    return Line(
        meter=meter.in_region(node.region),
        account_id=node.account_id,
        region=node.region,
        resource_id=pod.arn,
        start=pod.start,
        end=pod.end,
        quantity=Decimal(0),
        shares=(),
        tags=dict(pod.tags),
        scope=Scope("nobody"),
        extra={"split_line_item_parent_resource_id": pod.instance_id},
    )
