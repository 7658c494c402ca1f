"""Writes an organisation as platform and comparison read it: CUR 2.0 with its manifest, a landing zone, the truth."""

import json
import re
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.organisations.organisation import Organisation
from benchmarks.organisations.truth import Charge

_NAMES = pa.map_(pa.string(), pa.string())
_MAPS = ("resource_tags", "cost_category", "product", "discount", "tags")
_MONEY = pa.decimal128(28, 10)
_TRUTH = {
    "billing_period": pa.string(), "charge_date": pa.date32(), "export_name": pa.string(), "account_id": pa.string(),
    "service_code": pa.string(), "usage_type": pa.string(), "operation": pa.string(), "resource_id": pa.string(),
    "is_ml": pa.bool_(), "model": pa.string(), "team": pa.string(), "project": pa.string(), "environment": pa.string(),
    "stage": pa.string(), "pipeline": pa.string(), "experiment": pa.string(), "business_function": pa.string(),
    "trap": pa.string(), "effective_cost": _MONEY, "billed_cost": _MONEY,
}  # fmt: skip
_SOLD_TO = {"AWSDataTransfer": "AmazonEC2"}  # the product that emitted it, where the service is another


def write_installation(read: Organisation, folder: Path) -> None:
    """Writes `org/` and `truth/` below the folder, which need not exist."""
    org, truth = folder / "org", folder / "truth"
    for place in (org, truth):
        place.mkdir(parents=True, exist_ok=True)
    (org / "mlcost.yaml").write_text(
        "billing: {exports: [{name: main, uri: billing/main}]}\nmetadata: {uri: metadata}\n", encoding="utf-8"
    )
    by_period: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for at, charge in enumerate(read.charges):
        by_period[charge.period].append(_cur(read, charge, at))
    for period, rows in by_period.items():
        _write_drop(org / "billing/main", read.payer, period, rows)
    by_service: dict[str, list[str]] = defaultdict(list)
    for record in read.records:
        account, month, service = record["account_id"], record["collected_at"][:7], record["kind"].split(":")[0]
        by_service[f"{account or 'elsewhere'}/{month}/{service}.jsonl"].append(json.dumps(record, ensure_ascii=False))
    for name, lines in by_service.items():
        path = org / "metadata" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_truth(read, truth)


def _cur(read: Organisation, charge: Charge, at: int) -> dict[str, Any]:
    """A charge as CUR 2.0 has it."""
    row, start = charge.row, datetime.combine(charge.day, datetime.min.time())
    month = start.replace(day=1)
    split = bool(row.get("split_of"))
    amount = float(row.get("amount", 24 if charge.type in ("Usage", "SavingsPlanCoveredUsage") else 1))
    instance = re.search(r"(?<=:)(?:(?:ml|db|cache)\.)?[a-z]\w*\d[\w-]*\.\w+$|ml\.[\w-]+\.\w+$", row.get("usage", ""))
    plan, covered = charge.type.startswith("SavingsPlan"), charge.type == "SavingsPlanCoveredUsage"
    fee = charge.type == "SavingsPlanRecurringFee"
    cost = 0.0 if split else float(charge.cost)
    return {
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_invoice_id": f"INV{charge.period.replace('-', '')}",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": read.payer,
        "bill_payer_account_name": read.accounts[read.payer],
        "bill_billing_period_start_date": month,
        "bill_billing_period_end_date": (month + timedelta(31)).replace(day=1),
        "identity_line_item_id": f"{at:012x}",
        "identity_time_interval": f"{start:%Y-%m-%dT%H:%M:%SZ}/{start + timedelta(1):%Y-%m-%dT%H:%M:%SZ}",
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(1),
        "line_item_currency_code": "USD",
        "line_item_iam_principal": row.get("principal"),
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_description": row.get("description", f"{row.get('usage', '')} of {row['service']}"),
        "line_item_line_item_type": charge.type,
        "line_item_operation": row.get("operation"),
        "line_item_product_code": _SOLD_TO.get(row["service"], row["service"]),
        "line_item_resource_id": row.get("resource"),
        "line_item_usage_account_id": charge.account,
        "line_item_usage_account_name": read.accounts[charge.account],
        "line_item_usage_type": row.get("usage"),
        "line_item_usage_amount": amount,
        "line_item_unblended_cost": cost,
        "line_item_blended_cost": cost,
        "pricing_public_on_demand_cost": cost if charge.type == "Usage" else None,
        "pricing_term": "OnDemand" if charge.type == "Usage" else None,
        "pricing_unit": "Hrs" if instance else None,
        "product_instance_type": instance[0] if instance else None,
        "product_region_code": row["region"],
        "product_servicecode": row["service"],
        "savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::{read.payer}:savingsplan/sp-1" if plan else None,
        "savings_plan_savings_plan_effective_cost": float(charge.effective) if covered else None,
        "savings_plan_total_commitment_to_date": cost if fee else None,
        "savings_plan_used_commitment": float(charge.cost - charge.effective) if fee else None,
        "savings_plan_recurring_commitment_for_billing_period": cost if fee else None,
        "split_line_item_parent_resource_id": row.get("split_of"),
        "split_line_item_split_cost": float(charge.cost) if split else None,
        "split_line_item_split_usage": amount if split else None,
        "split_line_item_unused_cost": 0.0 if split else None,
        "resource_tags": list(row.get("tags", {}).items()),
        "cost_category": list(row.get("categories", {}).items()),
        "product": [("product_name", row["service"])],
        "discount": [],
        "tags": [],
    }


def _write_drop(export: Path, payer: str, period: str, rows: list[dict[str, Any]]) -> None:
    types = {datetime: pa.timestamp("us"), float: pa.float64(), str: pa.string()}
    columns: dict[str, Any] = {}
    for name in rows[0]:
        known = next((type(row[name]) for row in rows if row[name] is not None), str)
        columns[name] = _NAMES if name in _MAPS else types[known]
    for name in columns:
        if name.startswith(("savings_plan_", "split_line_item_")) and not name.endswith(("a_r_n", "resource_id")):
            columns[name] = pa.float64()  # also in a month that has none of them
    file = f"data/BILLING_PERIOD={period}/main-00001.snappy.parquet"
    (export / file).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(columns)), export / file)
    manifest = {
        "executionId": f"run-{period}",
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{payer}:export/main",
        "columns": [{"name": name, "type": "map" if name in _MAPS else "string"} for name in columns],
        "charset": "UTF-8",
        "compression": "PARQUET",
        "contentType": "application/vnd.apache.parquet",
        "dataFiles": [f"s3://billing-exports/main/{file}"],
    }
    place = export / f"metadata/BILLING_PERIOD={period}/main-Manifest.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(manifest), encoding="utf-8")


def _write_truth(read: Organisation, folder: Path) -> None:
    rows: list[dict[str, Any]] = []
    periods: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    kinds: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for charge, (ml, model, team, project, environment, stage), effective, billed in read.truth:
        row = charge.row
        of_row = row["service"], row.get("usage"), row.get("operation"), row.get("resource")
        owner = ml, model, team, project, environment, stage, "*", "*", "*"
        values = (charge.period, charge.day, "main", charge.account, *of_row, *owner, charge.kind, effective, billed)
        rows.append(dict(zip(_TRUTH, values, strict=True)))
        for total, amount in ((periods[charge.period], (effective, billed)), (kinds[charge.kind], (1, effective))):
            total[0], total[1] = total[0] + amount[0], total[1] + amount[1]
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(_TRUTH)), folder / "truth.parquet")
    meta = {
        "currency": "USD",
        "line_items": len(read.charges),
        "records": len(read.records),
        "periods": {period: {"effective": str(x), "billed": str(y)} for period, (x, y) in sorted(periods.items())},
        "aliases": read.aliases,
        "traps": {kind: {"rows": rows, "effective_cost": str(cost)} for kind, (rows, cost) in sorted(kinds.items())},
        "experts": read.experts,
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1, ensure_ascii=False), encoding="utf-8")
