"""Organisations at random: bills with every type of line, records that contradict each other, rules and splits."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import yaml

from mlcost_assets_tests.attribution.scenarios import endpoint, instance, model, pod, prefix, registered, variant
from mlcost_assets_tests.exports import Row, charge
from mlcost_assets_tests.world import Record, record

MODELS = ("amber", "basalt", "cobalt", "dolomite")
TEAMS = ("miners", "smelters", "assayers")
ENVIRONMENTS = ("prod", "dev", "staging", "nonsense")
PERIODS = ("2026-09", "2026-10")
# Types of lines that name no resource, and what they are of.
UNNAMED = ("Tax", "Credit", "Refund", "EdpDiscount", "BundledDiscount", "Fee", "RIFee", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "SavingsPlanNegation")  # fmt: skip
NAMED = ("Usage", "Usage", "Usage", "DiscountedUsage", "SavingsPlanCoveredUsage")


@dataclass
class Organisation:
    """What lands, what is billed by period, and what rules.yaml says."""

    landed: list[Record] = field(default_factory=list)
    billed: dict[str, list[Row]] = field(default_factory=dict)
    rules: str = ""


def organisation(seed: int, *, rows: int = 150) -> Organisation:
    """The organisation of this seed; the same seed is the same organisation."""
    chance = Random(seed)
    things = _things()
    return Organisation(
        landed=_records(chance),
        billed={period: [_row(chance, period, things) for _ in range(rows)] for period in PERIODS},
        rules=yaml.safe_dump(_rules(chance)),
    )


def _things() -> list[tuple[str, str, str]]:
    """Service, usage type and resource id of what is billed."""
    sagemaker = "arn:aws:sagemaker:us-east-1:222222222222"
    return [
        ("AmazonEC2", "BoxUsage:m5.large", "i-0000000000000001"),
        ("AmazonEC2", "SpotUsage:g5.xlarge", "i-0000000000000002"),
        ("AmazonEC2", "EBS:VolumeUsage.gp3", "vol-0000000000000001"),
        ("AmazonEC2", "NatGateway-Bytes", "arn:aws:ec2:us-east-1:222222222222:natgateway/nat-01"),
        ("AmazonEC2", "DataTransfer-Out-Bytes", ""),
        ("AmazonSageMaker", "USE1-Host:ml.m5.large", f"{sagemaker}:endpoint/shared"),
        ("AmazonSageMaker", "USE1-Host:VolumeUsage.gp2", f"{sagemaker}:endpoint/shared"),
        ("AmazonSageMaker", "USE1-Train:ml.g5.xlarge", f"{sagemaker}:training-job/amber-retrain-1"),
        ("AmazonSageMaker", "USE1-Train:ml.g5.xlarge", f"{sagemaker}:training-job/untold"),
        ("AmazonS3", "TimedStorage-ByteHrs", "quarry"),
        ("AmazonEKS", "USE1-AmazonEKS-Hours:perCluster", "arn:aws:eks:us-east-1:222222222222:cluster/pit"),
        ("AmazonBedrock", "USE1-NovaLite-input-tokens", ""),
        ("AmazonRDS", "InstanceUsage:db.r5.large", "arn:aws:rds:us-east-1:222222222222:db:orders"),
        ("AmazonCloudWatch", "CW:MetricMonitorUsage", ""),
    ]


def _records(chance: Random) -> list[Record]:
    pods = [
        pod("pit", f"{app}-{number}", f"ip-10-0-0-{on}", requests={"cpu": str(chance.randint(1, 7)), "memory": f"{chance.randint(0, 9)}Gi"},
            labels={"app.kubernetes.io/name": app}, start=f"2026-10-0{chance.randint(1, 6)}T0{chance.randint(0, 9)}:00:00Z")
        for number, (app, on) in enumerate((app, on) for app in (*MODELS, "shop") for on in (1, 2) if chance.random() < 0.7)
    ]  # fmt: skip
    return [
        *pods,
        instance("i-0000000000000001", name="ip-10-0-0-1"),
        instance("i-0000000000000002", name="ip-10-0-0-2", tags={"team": chance.choice(TEAMS)}),
        record("ec2:DescribeVolumes", "vol-0000000000000001", {"VolumeId": "vol-0000000000000001", "Attachments": [{"InstanceId": "i-0000000000000001"}]}),
        *[one for name in MODELS for one in (*registered(name, f"s3://quarry/{name}/model.tar.gz"), model(f"m-{name}", f"s3://quarry/{name}/model.tar.gz"))],
        *endpoint("shared", *[variant(f"m-{name}", count=chance.randint(1, 5)) for name in MODELS[:3]], tags={"model": chance.choice(MODELS)}),
        *[prefix("quarry", name, chance.randint(1, 10**9), f"2026-10-0{day}") for name in (*MODELS, "shop") for day in (1, 4)],
    ]  # fmt: skip


def _row(chance: Random, period: str, things: list[tuple[str, str, str]]) -> Row:
    service, usage, resource = chance.choice(things)
    cost = round(chance.choice((chance.random(), chance.random() * 1000, 1e-10, 1 / 3)), 10)
    start = datetime.fromisoformat(f"{period}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00")
    type_ = chance.choice(UNNAMED if chance.random() < 0.3 else NAMED)
    told: dict[str, Any] = {
        "line_item_product_code": service, "product_servicecode": service, "product": {"product_name": service}, "line_item_usage_type": usage,
        "line_item_usage_account_id": chance.choice(("222222222222", "222222222222", "333333333333")), "line_item_currency_code": chance.choice(("USD", "USD", "EUR")),
        "line_item_usage_amount": round(chance.random() * 10, 4), "resource_tags": _tags(chance), "line_item_resource_id": resource if type_ in NAMED else "",
    }  # fmt: skip
    plan = f"arn:aws:savingsplans::222222222222:savingsplan/{chance.choice('ab')}"
    if type_ in ("Credit", "Refund", "EdpDiscount", "BundledDiscount", "SavingsPlanNegation"):
        cost = -cost
    if type_.startswith("SavingsPlan"):
        told |= {
            "savings_plan_savings_plan_a_r_n": plan,
            "savings_plan_savings_plan_effective_cost": round(cost * 0.6, 10),
        }
        told |= {"savings_plan_total_commitment_to_date": cost, "savings_plan_used_commitment": round(cost * 0.7, 10)}
    if type_ in ("RIFee", "DiscountedUsage"):
        told |= {
            "reservation_reservation_a_r_n": "arn:aws:ec2:us-east-1:222222222222:reserved-instances/r",
            "reservation_effective_cost": round(cost * 0.4, 10),
        }
        told |= {"reservation_unused_recurring_fee": round(cost * 0.3, 10)}
    if chance.random() < 0.1 and resource.startswith("i-"):
        told |= {"line_item_operation": "EKSPod-EC2", "split_line_item_parent_resource_id": resource, "split_line_item_split_cost": cost, "split_line_item_unused_cost": 0.1,
                 "line_item_resource_id": f"arn:aws:eks:us-east-1:222222222222:pod/pit/work/{chance.choice(MODELS)}-1/u"}  # fmt: skip
    return charge(type_, cost, at=start.isoformat(), **told)


def _tags(chance: Random) -> dict[str, str]:
    choices = {
        "user_model": MODELS,
        "user_team": TEAMS,
        "user_environment": ENVIRONMENTS,
        "user_project": ("ore", "gems"),
    }
    return {key: chance.choice(values) for key, values in choices.items() if chance.random() < 0.25}


def _rules(chance: Random) -> dict[str, Any]:
    first, second, third = chance.sample(TEAMS, 3)
    share = chance.randint(1, 99)
    return {
        "workloads": [{"model": MODELS[0], "team": first, "project": "ore", "business_function": "mining"}],
        "rules": [
            {"name": "bedrock", "when": {"service_code": "*Bedrock"}, "set": {"model": chance.choice(MODELS)}, "valid": {"from": "2026-10-03"}},
            {"name": "database", "when": {"resource_id": "*:db:*"}, "set": {"team": third}},
        ],
        "splits": [
            {"name": "nat", "when": {"usage_type": "*NatGateway*"}, "by": "proportional", "over": {"cost": "effective_cost", "within": ["account_id"]}},
            {"name": "team", "when": {"team": second}, "by": "fixed", "to": {first: share, third: 100 - share}},
            {"name": "rest", "when": {"team": third, "environment": "dev"}, "by": "even", "to": [first, "newcomers"], "valid": {"to": "2026-10-20"}},
        ],
    }  # fmt: skip
