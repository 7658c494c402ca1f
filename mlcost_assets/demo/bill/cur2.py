"""The CUR 2.0 Data Export: its chunks and manifest, as AWS lays them out."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from mlcost_assets.demo.bill.bill import Bill, sql
from mlcost_assets.demo.bill.columns import TextMap
from mlcost_assets.demo.bill.cur2_columns import COLUMNS
from mlcost_assets.demo.chance import stream
from mlcost_assets.demo.clock import Window, seconds
from mlcost_assets.demo.money.prices import quanta
from mlcost_assets.demo.organisation.accounts import Account

CHUNK = 60_000


def export_name(payer: Account) -> str:
    """Name the billing export of a payer."""
    return f"{payer.name.removesuffix('-management')}-cur2"


def write_exports(bill: Bill, folder: Path, seed: int) -> None:
    """Write the exports of all payers and months in the layout of an overwritten CUR 2.0 export."""
    _prepare(bill, seed)
    made = {row[0] for row in bill.db.execute("DESCRIBE cur").fetchall()}
    columns = ", ".join(
        f"{column}::{kind} AS {column}" if column in made else f"NULL::{kind} AS {column}"
        for column, (_, kind) in COLUMNS.items()
    )
    for payer in bill.organisation.payers:
        for start, end in bill.window.months():
            _write_month(bill, folder, payer, columns, start, end, seed)


def _write_month(
    bill: Bill, folder: Path, payer: Account, columns: str, start: datetime, end: datetime, seed: int
) -> None:
    name, period = export_name(payer), start.strftime("%Y-%m")
    data = folder / name / "data" / f"BILLING_PERIOD={period}"
    data.mkdir(parents=True, exist_ok=True)
    chunks = _chunks(bill, payer, start, end)
    for number, (first, last) in enumerate(chunks, 1):
        bill.db.execute(
            f"""COPY (SELECT {columns} FROM cur
                      WHERE bill_payer_account_id = '{payer.id}' AND begins >= {first} AND begins < {last}
                      ORDER BY begins, line)
                TO '{data / _chunk_name(name, number)}' (FORMAT parquet, COMPRESSION snappy)"""
        )
    _write_manifest(folder, payer, period, len(chunks), seed)


def _chunk_name(name: str, number: int) -> str:
    return f"{name}-{number:05}.snappy.parquet"


def _chunks(bill: Bill, payer: Account, start: datetime, end: datetime) -> list[tuple[int, int]]:
    """Cut a month into chunks of whole days, at least two of them."""
    (count,) = bill.db.execute(
        """SELECT count(*) FROM rows JOIN lines USING (line) JOIN accounts USING (account_id)
           WHERE payer_id = ? AND rows.begins >= ? AND rows.begins < ?""",
        [payer.id, seconds(start), seconds(end)],
    ).fetchone() or (0,)
    number = max(2, -(-count // CHUNK))
    days = (end - start).days
    cuts = [start + timedelta(days=days * place // number) for place in range(number)] + [end]
    return [(seconds(first), seconds(last)) for first, last in pairwise(cuts)]


def _write_manifest(folder: Path, payer: Account, period: str, chunks: int, seed: int) -> None:
    name = export_name(payer)
    metadata = folder / name / "metadata" / f"BILLING_PERIOD={period}"
    metadata.mkdir(parents=True, exist_ok=True)
    company = payer.name.removesuffix("-management")
    bucket = f"s3://{company}-billing/exports/{name}/data/BILLING_PERIOD={period}"
    export_id = stream(seed, "export", payer.id).uuid()
    manifest = {
        "executionId": stream(seed, "manifest", period, payer.id).uuid(),
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{payer.id}:export/{name}-{export_id}",
        "columns": [{"name": column, "type": kind} for column, (kind, _) in COLUMNS.items()],
        "contentType": "application/vnd.apache.parquet",
        "compression": "PARQUET",
        "dataFiles": [f"{bucket}/{_chunk_name(name, number)}" for number in range(1, chunks + 1)],
        "additionalOutputFiles": [],
    }
    (metadata / f"{name}-Manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def _prepare(bill: Bill, seed: int) -> None:
    """Make the small tables with which rows are joined, and the view of the export."""
    keep = bill.kept_percent
    bill.db.execute(sql("priced_lines").replace("$keep", str(keep)))
    bill.load("months", _month_columns(bill.window, seed))
    bill.load("accounts", _account_columns(bill))
    bill.load("plan_terms", _plan_columns(bill))
    bill.load("reservation_terms", _reservation_columns(bill))
    bill.db.execute(sql("cur2").replace("$keep", str(keep)).replace("$seed", str(seed)))


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
    accounts = [*bill.organisation.payers, *bill.organisation.accounts]
    units = [
        [("business_unit", "digital" if account.role == "web" else "data-and-ai")] if account.role != "payer" else []
        for account in accounts
    ]
    return {
        "account_id": pa.array([account.id for account in accounts]),
        "name": pa.array([account.name for account in accounts]),
        "payer_id": pa.array([account.payer_id for account in accounts]),
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
