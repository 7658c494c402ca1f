"""From plans to the rows of the bill, set-wise in DuckDB."""

from decimal import Decimal
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.demo.clock import HOUR, Window, seconds
from mlcost_assets.demo.ledger import COMMITMENT, Ledger, Line, Placement, Product, Scope, quanta
from mlcost_assets.demo.organisation import Organisation
from mlcost_assets.demo.owners import Owner
from mlcost_assets.demo.prices import SHAPES

POD = Product("AmazonEKS", "Amazon Elastic Container Service for Kubernetes", family="Compute")
NEGATION = "SavingsPlanNegation"
SPLIT_OPERATION = "EKSPod-EC2"
_PREFIX = {"us-east-1": "USE1-", "eu-west-1": "EU-"}
_NONE = Decimal(0)

TextMap = pa.map_(pa.string(), pa.string())


def sql(name: str) -> str:
    """Read one of this package's SQL files."""
    return files("mlcost_assets.demo").joinpath(f"{name}.sql").read_text()


class Bill:
    """The rows of the bill in an in-memory database."""

    def __init__(self, ledger: Ledger, organisation: Organisation, window: Window):
        self.ledger = ledger
        self.organisation = organisation
        self.window = window
        self.lines = [*ledger.lines, *_negations(ledger), *_fees(ledger, window)]
        self._pods = list(_pod_lines(ledger.placements, ledger.lines))
        first_pod = len(self.lines)
        self.lines += [line for line, _, _ in self._pods]
        self.db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})
        self.db.execute("SET TimeZone = 'UTC'")
        self._load("lines", _columns(self.lines))
        self._load("pods", _pod_columns(self._pods, first_pod))
        self.commitments: dict[str, tuple[int, int]] = {}

    def _load(self, name: str, columns: dict[str, Any]) -> None:
        table = pa.table(columns)
        self.db.register("incoming", table)
        self.db.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
        self.db.unregister("incoming")

    def make(self) -> None:
        """Make all rows: usage, commitments, split costs, and what they are after the discount."""
        self.db.execute(sql("rows"))
        self._pay_savings_plans()
        self.db.execute(sql("reservations"))
        self.db.execute(sql("split_rows"), {"shows_cost": self.organisation.shows_split_cost})
        keep = 100 - self.organisation.discount_percent
        self.db.execute(sql("discounted_rows"), {"keep": keep})

    def _pay_savings_plans(self) -> None:
        """Commit to a little more than the busiest hour used, as buyers do."""
        self.db.execute(
            """CREATE TABLE hourly_use AS
               SELECT covered_by, rows.begins, sum(effective)::BIGINT AS effective FROM rows JOIN lines USING (line)
               WHERE kind_of_cover = 'savings plan' AND line_item_type = 'SavingsPlanCoveredUsage' GROUP BY ALL"""
        )
        self.db.execute("CREATE TABLE plans (arn VARCHAR, commitment BIGINT, recurring BIGINT)")
        busiest = dict(
            self.db.execute("SELECT covered_by, max(effective) FROM hourly_use GROUP BY covered_by").fetchall()
        )
        for arn, plan in self.ledger.savings_plans.items():
            step = quanta(Decimal("0.002"))
            wanted = int(busiest.get(arn, quanta(1)) * (1 + plan.idle_share))
            commitment = -(-wanted // step) * step
            recurring = commitment if plan.payment == "No Upfront" else commitment // 2
            self.commitments[arn] = (commitment, recurring)
            self.db.execute("INSERT INTO plans VALUES (?, ?, ?)", [arn, commitment, recurring])
        self.db.execute(sql("savings_plans"))


def _negations(ledger: Ledger) -> list[Line]:
    """Make one negation line for each savings plan, account and usage type it covers."""
    found: dict[tuple[str, str, str], Line] = {}
    for line in ledger.lines:
        if line.covered_by in ledger.savings_plans:
            key = (line.covered_by, line.account_id, line.usage_type)
            found.setdefault(key, line)
    plans = ledger.savings_plans
    return [
        Line(
            product=line.product,
            account_id=line.account_id,
            region=line.region,
            usage_type=line.usage_type,
            operation=line.operation,
            resource_id="",
            start=line.start,
            end=line.end,
            step="derived",
            quantity=_NONE,
            rate=line.rate,
            unit=line.unit,
            shares=(),
            kind=COMMITMENT,
            line_item_type=NEGATION,
            covered_by=line.covered_by,
            instance_type=line.instance_type,
            description=f"{NEGATION} used by AccountId : {line.account_id} and UsageSku : {line.usage_type}",
            scope=Scope("nobody"),
            pool_owner=Owner(stage="commitment"),
        )
        for line in found.values()
        if plans
    ]


def _fees(ledger: Ledger, window: Window) -> list[Line]:
    """Make the fee lines: one for each savings plan, one a month for each reservation."""
    lines = [
        Line(
            product=plan.product,
            account_id=plan.account_id,
            region="",
            usage_type=plan.usage_type,
            operation="",
            resource_id=arn,
            start=window.start,
            end=window.end,
            step="derived",
            quantity=_NONE,
            rate=_NONE,
            unit="Hrs",
            shares=(),
            kind=COMMITMENT,
            line_item_type="SavingsPlanRecurringFee",
            bill_type="Anniversary",
            covered_by=arn,
            description=f"1 year {plan.payment} {plan.offering}",
            scope=Scope("commitment", arn),
            pool_owner=Owner(stage="commitment"),
        )
        for arn, plan in ledger.savings_plans.items()
    ]
    for arn, reservation in ledger.reservations.items():
        covered = next(line for line in ledger.lines if line.covered_by == arn)
        for start, end in window.months():
            lines.append(
                Line(
                    product=covered.product,
                    account_id=reservation.account_id,
                    region=reservation.region,
                    usage_type=covered.usage_type.replace("BoxUsage", "HeavyUsage"),
                    operation=covered.operation,
                    resource_id="",
                    start=start,
                    end=end,
                    step="derived",
                    quantity=Decimal(reservation.count * ((end - start) // HOUR)),
                    rate=reservation.recurring,
                    unit="Hrs",
                    shares=(),
                    kind=COMMITMENT,
                    line_item_type="RIFee",
                    covered_by=arn,
                    covered_rate=reservation.hourly,
                    instance_type=reservation.instance_type,
                    description=f"USD {reservation.recurring} hourly fee per Linux/UNIX (Amazon VPC), "
                    f"{reservation.instance_type} instance",
                    scope=Scope("commitment", arn),
                    pool_owner=Owner(stage="commitment"),
                )
            )
    return lines


_RESOURCES = (("vCPU-Hours", 9), ("GB-Hours", 1), ("Accelerator-Hours", 90))


def _pod_lines(placements: list[Placement], lines: list[Line]) -> list[tuple[Line, Placement, dict[str, Any]]]:
    """Make the split-cost lines of the pods: one for each resource they request."""
    nodes = {line.resource_id: line for line in lines if line.split_cluster}
    found = []
    for pod in placements:
        node = nodes[pod.instance_id]
        shape = SHAPES[node.instance_type]
        capacities = (shape.vcpu * 1000, shape.memory * 1000, shape.gpus * 1000)
        amounts = (int(pod.vcpu * 1000), int(pod.memory * 1000), pod.gpus * 1000)
        total = sum(factor * capacity for (_, factor), capacity in zip(_RESOURCES, capacities, strict=True))
        for (name, factor), capacity, amount in zip(_RESOURCES, capacities, amounts, strict=True):
            if amount:
                numbers = {
                    "resource": name,
                    "factor": factor,
                    "capacity": capacity,
                    "amount": amount,
                    "total": total,
                }
                found.append((_pod_line(pod, node, name), pod, numbers))
    return found


def _pod_line(pod: Placement, node: Line, resource: str) -> Line:
    return Line(
        product=POD,
        account_id=node.account_id,
        region=node.region,
        usage_type=f"{_PREFIX[node.region]}EKS-EC2-{resource}",
        operation=SPLIT_OPERATION,
        resource_id=pod.pod_arn,
        start=pod.start,
        end=pod.end,
        step="derived",
        quantity=_NONE,
        rate=_NONE,
        unit=resource,
        shares=(),
        tags=dict(pod.tags),
        description=f"EKS-EC2-{resource} split cost",
        scope=Scope("nobody"),
        split_cluster="",
        extra={"split_line_item_parent_resource_id": pod.instance_id},
    )


def _pod_columns(pods: list[tuple[Line, Placement, dict[str, Any]]], first: int) -> dict[str, Any]:
    rows = [
        (
            first + index,
            pod.instance_id,
            numbers["resource"],
            seconds(pod.start),
            seconds(pod.end),
            numbers["factor"],
            numbers["capacity"],
            numbers["amount"],
            numbers["total"],
        )
        for index, (_, pod, numbers) in enumerate(pods)
    ]
    names = (
        "line",
        "instance_id",
        "resource",
        "begins",
        "ends",
        "factor",
        "capacity",
        "amount",
        "total_weight",
    )
    kinds = (pa.int32(), pa.string(), pa.string(), *[pa.int64()] * 6)
    return {
        name: pa.array([row[place] for row in rows], kind)
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }


def _cover(line: Line) -> str:
    if line.line_item_type == "SavingsPlanCoveredUsage":
        return "savings plan"
    return "reservation" if line.line_item_type == "DiscountedUsage" else ""


def _is_discounted(line: Line) -> bool:
    return (
        line.line_item_type not in ("Tax", "Credit", "Refund", "Fee")
        and line.extra.get("bill_billing_entity", "AWS") == "AWS"
    )


def _columns(lines: list[Line]) -> dict[str, Any]:
    """Turn the lines into columns."""
    public = [line.public_rate if line.public_rate is not None else line.rate for line in lines]
    text = {
        "account_id": [line.account_id for line in lines],
        "region": [line.region for line in lines],
        "product_code": [line.product.code for line in lines],
        "product_name": [line.product.name for line in lines],
        "service_code": [line.product.service_code for line in lines],
        "family": [line.product.family for line in lines],
        "usage_type": [line.usage_type for line in lines],
        "operation": [line.operation for line in lines],
        "resource_id": [line.resource_id for line in lines],
        "step": [line.step for line in lines],
        "unit": [line.unit for line in lines],
        "line_item_type": [line.line_item_type for line in lines],
        "bill_type": [line.bill_type for line in lines],
        "zone": [line.zone for line in lines],
        "instance_type": [line.instance_type for line in lines],
        "description": [line.description for line in lines],
        "covered_by": [line.covered_by for line in lines],
        "kind_of_cover": [_cover(line) for line in lines],
        "split_cluster": [line.split_cluster for line in lines],
        **{
            name: [line.extra.get(name) for line in lines]
            for name in (
                "bill_billing_entity",
                "bill_invoicing_entity",
                "line_item_legal_entity",
                "line_item_iam_principal",
                "line_item_tax_type",
                "split_line_item_parent_resource_id",
                "capacity_reservation",
            )
        },
    }
    numbers = {
        "begins": [seconds(line.start) for line in lines],
        "ends": [seconds(line.end) for line in lines],
        "quantity": [quanta(line.quantity) for line in lines],
        "rate": [quanta(line.rate) for line in lines],
        "covered_rate": [quanta(line.covered_rate) for line in lines],
        "public_rate": [quanta(rate) if rate >= 0 else None for rate in public],
    }
    return {
        "line": pa.array(range(len(lines)), pa.int32()),
        **{name: pa.array(values, pa.string()) for name, values in text.items()},
        **{name: pa.array(values, pa.int64()) for name, values in numbers.items()},
        "is_discounted": pa.array([_is_discounted(line) for line in lines], pa.bool_()),
        "resource_tags": pa.array([list(line.tags.items()) for line in lines], TextMap),
        "other_tags": pa.array([list(line.account_tags.items()) for line in lines], TextMap),
    }
