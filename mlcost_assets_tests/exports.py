"""Writing billing exports for tests: literal rows in, a true Data Exports layout out."""

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mlcost_assets.billing.formats import CUR2, FOCUS, Format

Row = dict[str, Any]

PAYER = "111111111111"
ACCOUNT = "222222222222"

_TYPES = {
    "text": pa.string(),
    "money": pa.float64(),
    "time": pa.timestamp("ms"),
    "map": pa.map_(pa.string(), pa.string()),
}


def charge(type_: str = "Usage", cost: float = 1.0, *, at: str = "2026-10-05T14:00:00", **more: Any) -> Row:
    """A CUR 2.0 row: one hour of an EC2 instance unless `more` says otherwise."""
    start = datetime.fromisoformat(at)
    row: Row = {
        "bill_payer_account_id": PAYER,
        "bill_bill_type": "Anniversary",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_billing_period_start_date": start.replace(day=1, hour=0),
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_usage_account_id": ACCOUNT,
        "line_item_currency_code": "USD",
        "line_item_line_item_type": type_,
        "line_item_unblended_cost": cost,
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start.replace(minute=59, second=59),
        "line_item_usage_amount": 1.0,
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage:m5.large",
        "line_item_operation": "RunInstances",
        "line_item_resource_id": "i-0123456789abcdef0",
        "product_servicecode": "AmazonEC2",
        "product_region_code": "us-east-1",
        "product": {"product_name": "Amazon Elastic Compute Cloud"},
        "pricing_public_on_demand_cost": cost,
        "pricing_unit": "Hrs",
    }
    return row | more


def sagemaker(component: str, resource: str, cost: float = 1.0, *, account: str = ACCOUNT, **more: Any) -> Row:
    """A CUR 2.0 row of Amazon SageMaker: `component` as in `Train:ml.g5.xlarge`, `resource` as in `training-job/x`."""
    return charge(
        cost=cost,
        line_item_product_code="AmazonSageMaker",
        product_servicecode="AmazonSageMaker",
        product={"product_name": "Amazon SageMaker"},
        line_item_usage_account_id=account,
        line_item_usage_type=f"USE1-{component}",
        line_item_operation="RunInstance",
        line_item_resource_id=f"arn:aws:sagemaker:us-east-1:{account}:{resource}" if resource else "",
        product_instance_type=component.partition(":")[2] or None,
        **more,
    )


def write_export(
    root: Path,
    rows: list[Row],
    *,
    period: str = "2026-10",
    format_: Format = CUR2,
    kind: str = "parquet",
    chunks: int = 1,
    execution: str = "execution-1",
    columns: list[str] | None = None,
) -> Path:
    """Writes `rows` as one delivery of `period` in overwrite mode; gives the manifest's path.

    `columns` restricts what the export's query selects; `kind` is parquet or csv (gzip). Rows of CUR 2.0 get
    line-item ids where they have none.
    """
    rows = [{"identity_line_item_id": f"item-{number}", **row} for number, row in enumerate(rows)]
    name = root.name
    data = root / "data" / f"BILLING_PERIOD={period}"
    data.mkdir(parents=True, exist_ok=True)
    names = columns or list(format_.columns)
    files = []
    for number in range(chunks):
        suffix = "snappy.parquet" if kind == "parquet" else "csv.gz"
        file = data / f"{name}-{number + 1:05}.{suffix}"
        part = rows[number::chunks]
        if kind == "parquet":
            write_parquet(file, part, names, format_)
        else:
            write_csv(file, part, names, format_)
        files.append(file)
    manifest = root / "metadata" / f"BILLING_PERIOD={period}" / f"{name}-Manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    urls = [f"s3://bucket/prefix/{name}/{file.relative_to(root).as_posix()}" for file in files]
    manifest.write_text(json.dumps({"executionId": execution, "dataFiles": urls, "columns": []}))
    return manifest


def write_parquet(file: Path, rows: list[Row], names: list[str], format_: Format = CUR2) -> None:
    schema = pa.schema([(_header(name, format_), _TYPES[format_.columns[name]]) for name in names])
    columns = {_header(name, format_): [_value(row.get(name), format_.columns[name]) for row in rows] for name in names}
    pq.write_table(pa.table(columns, schema=schema), file, compression="snappy")


def write_csv(file: Path, rows: list[Row], names: list[str], format_: Format = CUR2) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_header(name, format_) for name in names])
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
    file.write_bytes(gzip.compress(text.getvalue().encode()))


def _value(value: Any, kind: str) -> Any:
    return list(value.items()) if kind == "map" and isinstance(value, dict) else value


def _header(name: str, format_: Format) -> str:
    """FOCUS writes BilledCost and x_UsageType where CUR 2.0 writes snake case."""
    if format_ is not FOCUS:
        return name
    prefix, rest = ("x_", name[2:]) if name.startswith("x_") else ("", name)
    return prefix + "".join(part.capitalize() for part in rest.split("_"))


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return repr(value) if isinstance(value, float) else str(value)
