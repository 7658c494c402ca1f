"""The ledger's lines as columns, with money and quantities as whole numbers of 0.0000000001."""

from typing import Any

import pyarrow as pa

from mlcost_assets.demo.bill.split_cost import PodLine
from mlcost_assets.demo.clock import seconds
from mlcost_assets.demo.money.ledger import Line
from mlcost_assets.demo.money.prices import quanta
from mlcost_assets.demo.organisation.regions import REGIONS

TextMap = pa.map_(pa.string(), pa.string())

_COVERS = {"SavingsPlanCoveredUsage": "savings plan", "DiscountedUsage": "reservation"}
_WITHOUT_DISCOUNT = ("Tax", "Credit", "Refund", "Fee", "EdpDiscount")
# Columns of the export that only some lines fill.
_EXTRA = (
    "bill_billing_entity",
    "bill_invoicing_entity",
    "line_item_legal_entity",
    "line_item_iam_principal",
    "line_item_tax_type",
    "split_line_item_parent_resource_id",
    "capacity_reservation",
)


def line_columns(lines: list[Line]) -> dict[str, Any]:
    """Turn the lines into the columns of table `lines`."""
    text = {
        "account_id": [line.account_id for line in lines],
        "region": [line.region for line in lines],
        "location": [_location(line.region) for line in lines],
        "product_code": [line.meter.product.code for line in lines],
        "product_name": [line.meter.product.name for line in lines],
        "service_code": [line.meter.product.service_code for line in lines],
        "family": [line.meter.product.family for line in lines],
        "usage_type": [line.meter.usage_type for line in lines],
        "operation": [line.meter.operation for line in lines],
        "resource_id": [line.resource_id for line in lines],
        "step": [line.meter.step for line in lines],
        "unit": [line.meter.unit for line in lines],
        "line_item_type": [line.line_item_type for line in lines],
        "bill_type": [line.bill_type for line in lines],
        "zone": [line.zone for line in lines],
        "instance_type": [line.meter.instance_type for line in lines],
        "description": [line.meter.description for line in lines],
        "covered_by": [line.covered_by for line in lines],
        "kind_of_cover": [_COVERS.get(line.line_item_type, "") for line in lines],
        "split_cluster": [line.split_cluster for line in lines],
        **{name: [line.extra.get(name) for line in lines] for name in _EXTRA},
    }
    numbers = {
        "begins": [seconds(line.start) for line in lines],
        "ends": [seconds(line.end) for line in lines],
        "quantity": [quanta(line.quantity) for line in lines],
        "rate": [quanta(line.meter.rate) for line in lines],
        "covered_rate": [quanta(line.covered_rate) for line in lines],
        "public_rate": [_public_rate(line) for line in lines],
    }
    return {
        "line": pa.array(range(len(lines)), pa.int32()),
        **{name: pa.array(values, pa.string()) for name, values in text.items()},
        **{name: pa.array(values, pa.int64()) for name, values in numbers.items()},
        "is_discounted": pa.array([_is_discounted(line) for line in lines], pa.bool_()),
        "resource_tags": pa.array([list(line.tags.items()) for line in lines], TextMap),
        "other_tags": pa.array([list(line.account_tags.items()) for line in lines], TextMap),
    }


def _location(region: str) -> str:
    return REGIONS[region].location if region else ""


def _public_rate(line: Line) -> int | None:
    rate = line.meter.rate if line.meter.public_rate is None else line.meter.public_rate
    return quanta(rate) if rate >= 0 else None


def _is_discounted(line: Line) -> bool:
    by_aws = line.extra.get("bill_billing_entity", "AWS") == "AWS"
    return line.line_item_type not in _WITHOUT_DISCOUNT and by_aws


def pod_columns(pods: list[PodLine], first: int) -> dict[str, Any]:
    """Turn what pods request into the columns of table `pods`, numbered from the first pod's line."""
    numbers = {
        "begins": [seconds(pod.placement.start) for pod in pods],
        "ends": [seconds(pod.placement.end) for pod in pods],
        "factor": [pod.factor for pod in pods],
        "capacity": [pod.capacity for pod in pods],
        "amount": [pod.amount for pod in pods],
        "total_weight": [pod.total_weight for pod in pods],
    }
    return {
        "line": pa.array(range(first, first + len(pods)), pa.int32()),
        "instance_id": pa.array([pod.placement.instance_id for pod in pods], pa.string()),
        "resource": pa.array([pod.resource for pod in pods], pa.string()),
        **{name: pa.array(values, pa.int64()) for name, values in numbers.items()},
    }
