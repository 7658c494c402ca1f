"""One month as AWS exports it in each of its formats: from CUR 2.0 rows to a legacy report and to AWS's own FOCUS.

The FOCUS rows are written from what AWS's FOCUS exports say (no negation rows, covered usage billed 0, a fee that holds a
purchase and its unused part as two charges), not from this product's mapping.
"""

import csv
import gzip
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mlcost_assets.billing.formats import CUR, FOCUS, Kind
from mlcost_assets_tests.exports import PAYER, Row, cell, charge, sagemaker, write_export, write_parquet

PLAN = f"arn:aws:savingsplans::{PAYER}:savingsplan/plan-1"
RESERVATION = "arn:aws:ec2:us-east-1:222222222222:reserved-instances/1"
NOWHERE: Row = {"line_item_resource_id": "", "line_item_usage_type": None, "line_item_operation": None}

# What FOCUS_1_0_AWS has not yet, and what FOCUS_1_2_AWS has no more (AWS Data Exports, table dictionary).
_SINCE_1_1 = [
    "billing_account_type",
    "capacity_reservation_id",
    "capacity_reservation_status",
    "commitment_discount_quantity",
    "commitment_discount_unit",
    "invoice_id",
    "pricing_currency",
    "pricing_currency_contracted_unit_price",
    "pricing_currency_effective_cost",
    "pricing_currency_list_unit_price",
    "service_subcategory",
    "sku_meter",
    "sku_price_details",
    "sub_account_type",
]
_SINCE_1_3 = [
    "service_provider_name",
    "host_provider_name",
    "allocated_method_id",
    "allocated_method_details",
    "allocated_resource_id",
    "allocated_resource_name",
    "allocated_tags",
    "contract_applied",
]
_ONLY_1_0 = ["x_cost_categories", "x_usage_type"]
FOCUS_1_0 = [name for name in FOCUS.columns if name not in (*_SINCE_1_1, *_SINCE_1_3)]
FOCUS_1_2 = [name for name in FOCUS.columns if name not in (*_SINCE_1_3, *_ONLY_1_0)]


def month() -> list[Row]:
    """A month with every kind of charge that all formats can tell, as CUR 2.0 rows."""
    web: Row = {"resource_tags": {"user_team": "web", "user_environment": "prod"}}
    churn: Row = {"resource_tags": {"user_model": "churn", "user_team": "growth", "aws_createdBy": "Root:x"}}
    support: Row = {"line_item_product_code": "AWSSupportBusiness", "product_servicecode": "AWSSupportBusiness",
               "product": {"product_name": "AWS Support (Business)"}, "line_item_usage_account_id": PAYER}  # fmt: skip
    savings: Row = {"line_item_product_code": "ComputeSavingsPlans", "product_servicecode": "ComputeSavingsPlans",
               "product": {"product_name": "Savings Plans for AWS Compute usage"}, "savings_plan_savings_plan_a_r_n": PLAN,
               "line_item_resource_id": PLAN, "line_item_usage_account_id": PAYER, "line_item_operation": None}  # fmt: skip
    rows = [
        *(sagemaker("Host:ml.m5.large", "endpoint/churn", 0.1 * hour, at=f"2026-10-0{1 + hour % 3}T{hour:02}:00:00", **churn) for hour in range(1, 9)),
        sagemaker("Train:ml.g5.xlarge", "training-job/fraud", 7.7, resource_tags={"user_model": "fraud"}),
        charge(cost=11.3, line_item_resource_id="i-0fed", line_item_availability_zone="us-east-1a", **web),
        charge(cost=0.4, line_item_usage_type="SpotUsage:g5.xlarge", pricing_public_on_demand_cost=0.0, line_item_resource_id="i-0spot"),
        charge(cost=0.2, line_item_usage_type="EBS:VolumeUsage.gp3", line_item_resource_id="vol-1", pricing_unit="GB-Mo"),
        charge(cost=0.3, line_item_usage_type="USE1-DataTransfer-Out-Bytes", product_servicecode="AWSDataTransfer", line_item_usage_account_id=PAYER),
        charge(cost=0.9, line_item_usage_type="NatGateway-Hours", line_item_resource_id="arn:aws:ec2:us-east-1:222222222222:natgateway/nat-1"),
        charge("DiscountedUsage", 0.0, line_item_resource_id="i-0fed", pricing_public_on_demand_cost=0.085,
               reservation_reservation_a_r_n=RESERVATION, reservation_effective_cost=0.05145662, **web),
        charge("RIFee", 22.32, at="2026-10-01T00:00:00", reservation_reservation_a_r_n=RESERVATION, **NOWHERE,
               reservation_unused_amortized_upfront_fee_for_billing_period=2.25, reservation_unused_recurring_fee=1.5),
        charge("Fee", 120.0, reservation_reservation_a_r_n=RESERVATION, **NOWHERE),
        charge("SavingsPlanCoveredUsage", 10.0, line_item_resource_id="i-0fed", savings_plan_savings_plan_a_r_n=PLAN,
               savings_plan_savings_plan_effective_cost=7.0, **web),
        charge("SavingsPlanNegation", -10.0, savings_plan_savings_plan_a_r_n=PLAN, **NOWHERE),
        charge("SavingsPlanRecurringFee", 8.0, **savings, line_item_usage_type="ComputeSP:1yrNoUpfront",
               savings_plan_total_commitment_to_date=8.0, savings_plan_used_commitment=7.0),
        charge("SavingsPlanUpfrontFee", 50.0, **savings, line_item_usage_type="ComputeSP:1yrAllUpfront"),
        charge("Fee", 29.0, **(NOWHERE | support)),
        charge("Tax", 3.1, at="2026-10-01T00:00:00", **NOWHERE),
        charge("Credit", -1.0, line_item_resource_id=""),
    ]  # fmt: skip
    for number, row in enumerate(rows):
        sku = f"SKU{number}" if row["line_item_usage_type"] else None
        row |= {"product_sku": sku, "pricing_rate_code": sku and f"{sku}.JRTC.6YS6", "bill_payer_account_name": "payer"}
        row |= {"line_item_usage_account_name": "workloads", "line_item_line_item_description": f"charge {number}"}
    return rows


def write_report(
    root: Path,
    rows: list[Row],
    period: str = "2026-10",
    *,
    kind: str = "csv",
    chunks: int = 1,
    execution: str = "a",
) -> None:
    """`rows` as a legacy Cost and Usage Report: gzip CSV with `category/Name` headers, or Parquet for Athena; maps are
    columns of their own in both."""
    year, number = map(int, period.split("-"))
    folder = root / f"{year}{number:02}01-{year + number // 12}{number % 12 + 1:02}01"
    folder.mkdir(parents=True, exist_ok=True)
    data = folder if kind == "csv" else root / "report" / f"year={year}" / f"month={number}"
    data.mkdir(parents=True, exist_ok=True)
    files = []
    for chunk in range(chunks):
        part = [_flat(row) if kind == "csv" else _snake(row) for row in rows[chunk::chunks]]
        # Each file has a header of its own: what no row of the month tells has no column.
        names = sorted({name for row in rows for name in (_flat(row) if kind == "csv" else _snake(row))})
        file = data / f"report-{chunk + 1}.{'csv.gz' if kind == 'csv' else 'snappy.parquet'}"
        if kind == "csv":
            text = io.StringIO()
            csv.writer(text).writerows([names, *([cell(row.get(name)) for name in names] for row in part)])
            file.write_bytes(gzip.compress(text.getvalue().encode()))
        else:
            write_parquet(file, part, names, replace(CUR, columns={**_as_texts(names), **CUR.columns}))
        files.append(f"reports/{file.relative_to(root).as_posix()}")
    manifest = {"assemblyId": execution, "reportKeys": files, "columns": []}
    (folder / "report-Manifest.json").write_text(json.dumps(manifest))


def write_focus(root: Path, rows: list[Row], columns: list[str], period: str = "2026-10", **how: Any) -> None:
    """`rows` as AWS's FOCUS export of the version that has `columns`; see write_export for `how`."""
    charges = [one for row in rows for one in as_focus(row)]
    write_export(root, charges, format_=FOCUS, columns=columns, period=period, **how)


_CATEGORIES = ("bill", "identity", "line_item", "product", "pricing", "reservation", "savings_plan")


def _flat(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name == "resource_tags":
            tags = {
                ("user:" + key[5:] if key.startswith("user_") else key.replace("_", ":", 1)): tag
                for key, tag in value.items()
            }
            flat |= {f"resourceTags/{key}": tag for key, tag in tags.items()}
        elif name == "product":
            flat["product/ProductName"] = value["product_name"]
        else:
            category = next(one for one in _CATEGORIES if name.startswith(f"{one}_"))
            words = "".join(word.capitalize() for word in name.removeprefix(f"{category}_").split("_"))
            first, *rest = category.split("_")
            flat[f"{first}{''.join(map(str.capitalize, rest))}/{words}"] = value
    return flat


def _as_texts(names: list[str]) -> dict[str, Kind]:
    return dict.fromkeys(names, "text")


def _snake(row: Row) -> Row:
    """As AWS's Parquet for Athena names it."""
    flat: Row = {}
    for name, value in row.items():
        if name == "resource_tags":
            flat |= {f"resource_tags_{key}": tag for key, tag in value.items()}
        elif name == "product":
            flat["product_product_name"] = value["product_name"]
        else:
            flat[name] = value
    return flat


def as_focus(row: Row) -> list[Row]:
    """The FOCUS charges for a CUR 2.0 row, as AWS writes them."""
    type_, cost = row["line_item_line_item_type"], row["line_item_unblended_cost"]
    public = row.get("pricing_public_on_demand_cost") or cost
    reservation, plan = row.get("reservation_reservation_a_r_n"), row.get("savings_plan_savings_plan_a_r_n")
    start: datetime = row["line_item_usage_start_date"]
    category = {"Tax": "Tax", "Credit": "Credit"}.get(type_, "Purchase" if "Fee" in type_ else "Usage")
    told: Row = {
        "billed_cost": cost, "effective_cost": cost, "list_cost": public if category == "Usage" else cost, "contracted_cost": cost,
        "charge_category": category, "charge_frequency": "Usage-Based" if category == "Usage" else "Recurring" if "RIFee" in type_ or "Recurring" in type_ else "One-Time",
        "charge_period_start": start, "charge_period_end": start + timedelta(hours=1), "charge_description": row["line_item_line_item_description"],
        "billing_period_start": start.replace(day=1, hour=0), "billing_period_end": (start.replace(day=28) + timedelta(days=4)).replace(day=1, hour=0),
        "billing_account_id": row["bill_payer_account_id"], "billing_account_name": "payer", "billing_account_type": "Management Account",
        "sub_account_id": row["line_item_usage_account_id"], "sub_account_name": "workloads", "billing_currency": "USD",
        "invoice_issuer_name": row["bill_invoicing_entity"], "publisher_name": row["line_item_legal_entity"], "provider_name": "AWS",
        "region_id": row["product_region_code"], "region_name": "US East (N. Virginia)", "availability_zone": row.get("line_item_availability_zone"),
        "service_name": row["product"]["product_name"], "service_category": "Compute", "x_service_code": row["product_servicecode"],
        "x_operation": row["line_item_operation"], "x_usage_type": row["line_item_usage_type"], "resource_id": row["line_item_resource_id"] or None,
        "tags": {key.removeprefix("user_"): tag for key, tag in row.get("resource_tags", {}).items()},
        "commitment_discount_id": reservation or plan, "commitment_discount_category": (reservation and "Usage") or (plan and "Spend"),
        "commitment_discount_type": (reservation and "Reserved Instance") or (plan and "Savings Plan"),
    }  # fmt: skip
    if category != "Tax":
        told |= {
            "sku_id": row["product_sku"], "sku_meter": row["line_item_usage_type"], "sku_price_id": row["pricing_rate_code"],
            "pricing_quantity": row["line_item_usage_amount"], "pricing_unit": row["pricing_unit"], "pricing_category": "Standard",
        }  # fmt: skip
    if category == "Usage":
        told |= {"consumed_quantity": row["line_item_usage_amount"], "consumed_unit": row["pricing_unit"]}
    used = {"commitment_discount_status": "Used", "pricing_category": "Committed", "billed_cost": 0.0}
    unused = told | used | {"commitment_discount_status": "Unused", "charge_category": "Usage", "charge_frequency": "Usage-Based",
                            "consumed_quantity": None, "consumed_unit": None, "pricing_quantity": 0.0, "list_cost": 0.0, "contracted_cost": 0.0}  # fmt: skip
    if type_ == "DiscountedUsage":
        return [told | used | {"effective_cost": row["reservation_effective_cost"], "contracted_cost": public}]
    if type_ == "SavingsPlanCoveredUsage":
        return [told | used | {"effective_cost": row["savings_plan_savings_plan_effective_cost"]}]
    if type_ == "SavingsPlanNegation":
        return []
    if type_ == "RIFee":
        idle = (
            row["reservation_unused_amortized_upfront_fee_for_billing_period"] + row["reservation_unused_recurring_fee"]
        )
        return [told | {"effective_cost": 0.0}, unused | {"effective_cost": idle}]
    if type_ == "SavingsPlanRecurringFee":
        idle = row["savings_plan_total_commitment_to_date"] - row["savings_plan_used_commitment"]
        return [told | {"effective_cost": 0.0}, unused | {"effective_cost": idle}]
    return [told | {"effective_cost": 0.0}] if category == "Purchase" and (reservation or plan) else [told]
