"""The CUR 2.0 Data Export: its columns, chunks and manifest, as AWS lays them out."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from mlcost_assets.demo.bill import Bill, TextMap, sql
from mlcost_assets.demo.chance import stream
from mlcost_assets.demo.clock import Window, seconds
from mlcost_assets.demo.ledger import quanta

CHUNK = 60_000

_TEXT = [
    "bill_bill_type",
    "bill_billing_entity",
    "bill_invoice_id",
    "bill_invoicing_entity",
    "bill_payer_account_id",
    "bill_payer_account_name",
    "capacity_reservation_capacity_reservation_arn",
    "capacity_reservation_capacity_reservation_status",
    "capacity_reservation_capacity_reservation_type",
    "identity_line_item_id",
    "identity_time_interval",
    "line_item_availability_zone",
    "line_item_blended_rate",
    "line_item_currency_code",
    "line_item_iam_principal",
    "line_item_legal_entity",
    "line_item_line_item_description",
    "line_item_line_item_type",
    "line_item_net_unblended_rate",
    "line_item_operation",
    "line_item_product_code",
    "line_item_resource_id",
    "line_item_tax_type",
    "line_item_unblended_rate",
    "line_item_usage_account_id",
    "line_item_usage_account_name",
    "line_item_usage_type",
    "line_item_user_identifier",
    "pricing_currency",
    "pricing_lease_contract_length",
    "pricing_offering_class",
    "pricing_public_on_demand_rate",
    "pricing_purchase_option",
    "pricing_rate_code",
    "pricing_rate_id",
    "pricing_term",
    "pricing_unit",
    "product_comment",
    "product_fee_code",
    "product_fee_description",
    "product_from_location",
    "product_from_location_type",
    "product_from_region_code",
    "product_instance_family",
    "product_instance_type",
    "product_instancesku",
    "product_location",
    "product_location_type",
    "product_operation",
    "product_pricing_unit",
    "product_product_family",
    "product_region_code",
    "product_servicecode",
    "product_sku",
    "product_to_location",
    "product_to_location_type",
    "product_to_region_code",
    "product_usagetype",
    "reservation_availability_zone",
    "reservation_end_time",
    "reservation_modification_status",
    "reservation_normalized_units_per_reservation",
    "reservation_number_of_reservations",
    "reservation_reservation_a_r_n",
    "reservation_start_time",
    "reservation_subscription_id",
    "reservation_total_reserved_normalized_units",
    "reservation_total_reserved_units",
    "reservation_units_per_reservation",
    "savings_plan_end_time",
    "savings_plan_instance_type_family",
    "savings_plan_offering_type",
    "savings_plan_payment_option",
    "savings_plan_purchase_term",
    "savings_plan_region",
    "savings_plan_savings_plan_a_r_n",
    "savings_plan_start_time",
    "split_line_item_parent_resource_id",
]

_NUMBERS = [
    "discount_bundled_discount",
    "discount_total_discount",
    "line_item_blended_cost",
    "line_item_net_unblended_cost",
    "line_item_normalization_factor",
    "line_item_normalized_usage_amount",
    "line_item_unblended_cost",
    "line_item_usage_amount",
    "pricing_public_on_demand_cost",
    "reservation_amortized_upfront_cost_for_usage",
    "reservation_amortized_upfront_fee_for_billing_period",
    "reservation_effective_cost",
    "reservation_net_amortized_upfront_cost_for_usage",
    "reservation_net_amortized_upfront_fee_for_billing_period",
    "reservation_net_effective_cost",
    "reservation_net_recurring_fee_for_usage",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "reservation_net_unused_recurring_fee",
    "reservation_net_upfront_value",
    "reservation_recurring_fee_for_usage",
    "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_normalized_unit_quantity",
    "reservation_unused_quantity",
    "reservation_unused_recurring_fee",
    "reservation_upfront_value",
    "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_recurring_commitment_for_billing_period",
    "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_recurring_commitment_for_billing_period",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_savings_plan_rate",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
    "split_line_item_actual_usage",
    "split_line_item_net_split_cost",
    "split_line_item_net_unused_cost",
    "split_line_item_public_on_demand_split_cost",
    "split_line_item_public_on_demand_unused_cost",
    "split_line_item_reserved_usage",
    "split_line_item_split_cost",
    "split_line_item_split_usage",
    "split_line_item_split_usage_ratio",
    "split_line_item_unused_cost",
]

_TIMES = [
    "bill_billing_period_end_date",
    "bill_billing_period_start_date",
    "line_item_usage_end_date",
    "line_item_usage_start_date",
]

_MAPS = ["cost_category", "discount", "product", "resource_tags", "tags"]

# Type as the manifest names it, and as Parquet holds it.
COLUMNS: dict[str, tuple[str, str]] = dict(
    sorted(
        [(name, ("string", "VARCHAR")) for name in _TEXT]
        + [(name, ("double", "DOUBLE")) for name in _NUMBERS]
        + [(name, ("timestamp", "TIMESTAMP")) for name in _TIMES]
        + [(name, ("map", "MAP(VARCHAR, VARCHAR)")) for name in _MAPS if name != "discount"]
        + [("discount", ("map", "MAP(VARCHAR, DOUBLE)"))]
    )
)


def write_export(bill: Bill, folder: Path, name: str, seed: int) -> None:
    """Write the export of all months in the layout of an overwritten CUR 2.0 export."""
    _prepare(bill, seed)
    made = {row[0] for row in bill.db.execute("DESCRIBE cur").fetchall()}
    columns = ", ".join(
        f"{column}::{kind} AS {column}" if column in made else f"NULL::{kind} AS {column}"
        for column, (_, kind) in COLUMNS.items()
    )
    for start, end in bill.window.months():
        period = start.strftime("%Y-%m")
        data = folder / name / "data" / f"BILLING_PERIOD={period}"
        data.mkdir(parents=True, exist_ok=True)
        chunks = _chunks(bill, start, end)
        for number, (first, last) in enumerate(chunks, 1):
            bill.db.execute(
                f"""COPY (SELECT {columns} FROM cur
                          WHERE begins >= {first[0]} AND begins < {last[0]} ORDER BY begins, line)
                    TO '{data / _chunk_name(name, number)}' (FORMAT parquet, COMPRESSION snappy)"""
            )
        _write_manifest(bill, folder, name, period, len(chunks), seed)


def _chunk_name(name: str, number: int) -> str:
    return f"{name}-{number:05}.snappy.parquet"


def _chunks(bill: Bill, start: datetime, end: datetime) -> list[tuple[tuple[int], tuple[int]]]:
    """Cut a month into chunks of whole hours, at least two of them."""
    (count,) = bill.db.execute(
        "SELECT count(*) FROM rows WHERE begins >= ? AND begins < ?", [seconds(start), seconds(end)]
    ).fetchone() or (0,)
    number = max(2, -(-count // CHUNK))
    days = (end - start).days
    cuts = [start + timedelta(days=days * place // number) for place in range(number)] + [end]
    return [((seconds(first),), (seconds(last),)) for first, last in pairwise(cuts)]


def _write_manifest(bill: Bill, folder: Path, name: str, period: str, chunks: int, seed: int) -> None:
    metadata = folder / name / "metadata" / f"BILLING_PERIOD={period}"
    metadata.mkdir(parents=True, exist_ok=True)
    payer = bill.organisation.payer
    bucket = f"s3://{bill.organisation.company}-billing/exports/{name}/data/BILLING_PERIOD={period}"
    chance = stream(seed, "manifest", period)
    manifest = {
        "executionId": chance.uuid(),
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{payer.id}:export/{name}-{stream(seed, 'export').uuid()}",
        "columns": [{"name": column, "type": kind} for column, (kind, _) in COLUMNS.items()],
        "contentType": "application/vnd.apache.parquet",
        "compression": "PARQUET",
        "dataFiles": [f"{bucket}/{_chunk_name(name, number)}" for number in range(1, chunks + 1)],
        "additionalOutputFiles": [],
    }
    (metadata / f"{name}-Manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def _prepare(bill: Bill, seed: int) -> None:
    """Make the small tables with which rows are joined, and the view of the export."""
    keep = 100 - bill.organisation.discount_percent
    bill.db.execute(sql("priced_lines").replace("$keep", str(keep)))
    _load(bill, "months", _month_columns(bill.window, seed))
    _load(bill, "accounts", _account_columns(bill))
    _load(bill, "plan_terms", _plan_columns(bill))
    _load(bill, "reservation_terms", _reservation_columns(bill))
    bill.db.execute(sql("cur2").replace("$keep", str(keep)).replace("$seed", str(seed)))


def _load(bill: Bill, name: str, columns: dict[str, Any]) -> None:
    bill.db.register("incoming", pa.table(columns))
    bill.db.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
    bill.db.unregister("incoming")


def _month_columns(window: Window, seed: int) -> dict[str, Any]:
    months = list(window.months())
    # The last month is still open: its invoice has not been issued.
    invoices = [stream(seed, "invoice", start).digits(10) for start, _ in months[:-1]] + [""]
    return {
        "begins": pa.array([seconds(start) for start, _ in months]),
        "ends": pa.array([seconds(end) for _, end in months]),
        "invoice": pa.array(invoices),
    }


def _account_columns(bill: Bill) -> dict[str, Any]:
    accounts = [bill.organisation.payer, *bill.organisation.accounts]
    units = [
        [("business_unit", "digital" if account.role == "web" else "data-and-ai")] if account.role != "payer" else []
        for account in accounts
    ]
    return {
        "account_id": pa.array([account.id for account in accounts]),
        "name": pa.array([account.name for account in accounts]),
        "is_payer": pa.array([account.role == "payer" for account in accounts]),
        "cost_category": pa.array(units, TextMap),
    }


def _year(start: datetime) -> tuple[str, str]:
    return (
        start.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        start.replace(year=start.year + 1).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    )


def _plan_columns(bill: Bill) -> dict[str, Any]:
    plans = list(bill.ledger.savings_plans.values())
    return {
        "arn": pa.array([plan.arn for plan in plans], pa.string()),
        "offering": pa.array([plan.offering for plan in plans], pa.string()),
        "payment": pa.array([plan.payment for plan in plans], pa.string()),
        "start_time": pa.array([_year(plan.start)[0] for plan in plans], pa.string()),
        "end_time": pa.array([_year(plan.start)[1] for plan in plans], pa.string()),
    }


def _reservation_columns(bill: Bill) -> dict[str, Any]:
    reservations = list(bill.ledger.reservations.values())
    return {
        "arn": pa.array([item.arn for item in reservations], pa.string()),
        "recurring": pa.array([quanta(item.recurring) for item in reservations], pa.int64()),
        "upfront": pa.array([quanta(item.upfront) for item in reservations], pa.int64()),
        "count": pa.array([item.count for item in reservations], pa.int32()),
        "start_time": pa.array([_year(item.start)[0] for item in reservations], pa.string()),
        "end_time": pa.array([_year(item.start)[1] for item in reservations], pa.string()),
        "subscription": pa.array([item.arn[-10:].replace("-", "0") for item in reservations], pa.string()),
    }
