"""The questions of FOCUS's use-case library, each with a query of our own, run on a small bill that has something to say to all.

`python -m mlcost_assets_tests.use_cases > docs/focus-use-cases.md` runs docs/use-cases/*.sql.
"""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from mlcost_assets.billing.formats import FOCUS
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.text import clean, plain
from mlcost_assets_tests.exports import Row, write_export
from mlcost_assets_tests.world import World

QUESTIONS = sorted((Path(__file__).parents[1] / "docs" / "use-cases").glob("*.sql"))
_SECTIONS = {
    1: "Invoices, credits and corrections", 11: "What things cost", 29: "Commitments and capacity", 37: "Applications, budgets and tags",
    43: "What stands out, and what is to come", 49: "Virtual currencies",
}  # fmt: skip

PROD, RESEARCH = ("222222222222", "workloads-prod"), ("333333333333", "research")
PLAN = "arn:aws:savingsplans::111111111111:savingsplan/plan-1"
RESERVED = "arn:aws:ec2:us-east-1:222222222222:capacity-reservation/cr-1"
CHURN = {"model": "churn", "team": "growth"}
WEB: Row = {
    "resource_id": "i-0web",
    "resource_name": "web",
    "sku_id": "SKU-M5",
    "availability_zone": "us-east-1a",
    "tags": {"team": "web"},
}
M5: Row = {"x_usage_type": "BoxUsage:m5.large", "list_unit_price": 0.1,
           "sku_price_details": '{"CoreCount": 2, "InstanceSeries": "M5"}'}  # fmt: skip
DATADOG: Row = {"publisher_name": "Datadog", "service_name": "Datadog Pro", "service_category": "Management and Governance",
                "service_subcategory": "Observability", "x_service_code": "DatadogPro", "pricing_unit": "Hosts", "pricing_quantity": 2.0}  # fmt: skip
AI: Row = {"publisher_name": "Prompt Ltd", "service_name": "Prompt AI", "service_category": "AI and Machine Learning", "pricing_currency": "AI Credits",
           "service_subcategory": "Generative AI", "x_service_code": "PromptAI", "pricing_unit": "AI Credits", "sku_id": "SKU-AI"}  # fmt: skip


def charge(start: str, cost: float, hours: int = 24, account: tuple[str, str] = PROD, **more: Any) -> Row:
    """A charge of FOCUS 1.2 for compute in us-east-1, as much used as it cost unless `more` says otherwise."""
    begin = datetime.fromisoformat(start)
    month = begin.replace(day=1, hour=0)
    row: Row = {
        "billed_cost": cost, "effective_cost": cost, "list_cost": cost, "contracted_cost": cost, "billing_currency": "USD",
        "billing_account_id": "111111111111", "billing_account_name": "payer", "sub_account_id": account[0], "sub_account_name": account[1],
        "billing_period_start": month, "billing_period_end": (month + timedelta(days=31)).replace(day=1), "invoice_id": f"INV-{begin.month:02}",
        "charge_period_start": begin, "charge_period_end": begin + timedelta(hours=hours), "charge_category": "Usage", "charge_frequency": "Usage-Based",
        "provider_name": "AWS", "publisher_name": "AWS", "invoice_issuer_name": "Amazon Web Services, Inc.", "region_id": "us-east-1",
        "service_name": "Amazon Elastic Compute Cloud", "service_category": "Compute", "service_subcategory": "Virtual Machines",
        "x_service_code": "AmazonEC2", "charge_description": "On demand", "pricing_category": "Standard", "pricing_quantity": float(hours), "pricing_unit": "Hours",
    }  # fmt: skip
    row |= more
    if row["charge_category"] == "Usage":
        row |= {"consumed_quantity": row["pricing_quantity"], "consumed_unit": row.get("pricing_unit")} | more
    return row | {"sku_price_id": row.get("sku_id") and f"{row['sku_id']}.OD", "sku_meter": row.get("x_usage_type")}


def _storage(start: str, cost: float, account: tuple[str, str] = PROD, **more: Any) -> Row:
    kind = {"service_name": "Amazon Simple Storage Service", "service_category": "Storage", "service_subcategory": "Object Storage",
            "x_service_code": "AmazonS3", "resource_id": "models", "sku_id": "SKU-S3", "pricing_unit": "GB-Months", "x_usage_type": "TimedStorage-ByteHrs",
            "charge_description": "Standard storage"}  # fmt: skip
    return charge(start, cost, account=account, **(kind | more))


def _endpoint(start: str, cost: float, **more: Any) -> Row:
    kind = {"service_name": "Amazon SageMaker", "service_category": "AI and Machine Learning", "service_subcategory": "Machine Learning",
            "x_service_code": "AmazonSageMaker", "resource_id": "arn:aws:sagemaker:us-east-1:222222222222:endpoint/churn", "tags": CHURN,
            "sku_id": "SKU-HOST", "x_usage_type": "USE1-Host:ml.m5.large", "charge_description": "Hosting"}  # fmt: skip
    return charge(start, cost, **(kind | more))


def september() -> list[Row]:
    """A quiet month."""
    return [
        *(_storage(f"2026-09-{day:02}", 1.0) for day in range(1, 11)),
        charge("2026-09-03", 48.0, hours=480, **WEB, **M5),
        _endpoint("2026-09-10", 60.0, hours=600),
        charge("2026-09-20", 10.0, **DATADOG),
    ]


def october() -> list[Row]:
    """A month in which everything happens."""
    plan: Row = {"commitment_discount_id": PLAN, "commitment_discount_type": "Savings Plan", "commitment_discount_category": "Spend",
                 "commitment_discount_unit": "USD"}  # fmt: skip
    covered: Row = {"pricing_category": "Committed", "billed_cost": 0.0, **plan}
    used, unused = (covered | {"commitment_discount_status": status} for status in ("Used", "Unused"))
    nothing: Row = {
        "list_cost": 0.0,
        "contracted_cost": 0.0,
        "pricing_quantity": 0.0,
        "consumed_quantity": None,
        "consumed_unit": None,
    }
    buys: Row = {"charge_category": "Purchase", "effective_cost": 0.0, "service_name": "Savings Plans for AWS Compute usage",
                 "x_service_code": "ComputeSavingsPlans", "resource_id": PLAN, "commitment_discount_quantity": 30.0}  # fmt: skip
    other: Row = {
        "service_category": "Other",
        "service_subcategory": "Other (Other)",
        "pricing_quantity": None,
        "pricing_unit": None,
    }
    return [
        # Storage costs a dollar a day, but for one day in Ireland.
        *(_storage(f"2026-10-{day:02}", 1.0) for day in range(1, 11)),
        *(_storage(f"2026-10-{day:02}", 9.0 if day == 8 else 1.0, RESEARCH, region_id="eu-west-1", resource_id="datasets") for day in range(1, 11)),
        # A web server under a savings plan that is not used up, and more of it than the plan covers.
        charge("2026-10-03", 36.0, hours=360, **WEB, **M5, contracted_cost=36.0, list_cost=40.0),
        charge("2026-10-18", 20.0, hours=240, **WEB, **M5, **used, commitment_discount_quantity=20.0, list_cost=50.0, contracted_cost=45.0),
        charge("2026-10-18", 10.0, **unused, **nothing, resource_id=PLAN, commitment_discount_quantity=10.0),
        charge("2026-10-01", 30.0, hours=744, **plan, **buys, charge_frequency="Recurring", charge_description="1yr no upfront"),
        # Reserved capacity for a GPU machine, half of it idle.
        *(charge("2026-10-12", 25.0, hours=10, account=RESEARCH, capacity_reservation_id=RESERVED, capacity_reservation_status=status,
                 resource_id="i-0gpu" if status == "Used" else RESERVED, sku_id="SKU-G5", availability_zone="us-east-1b",
                 x_usage_type="BoxUsage:g5.xlarge" if status == "Used" else "UnusedBox:g5.xlarge",
                 sku_price_details='{"CoreCount": 4, "InstanceSeries": "G5"}' if status == "Used" else None,
                 tags={"model": "fraud", "team": "risk"}) for status in ("Used", "Unused")),
        _endpoint("2026-10-10", 90.0, hours=600),
        charge("2026-10-05", 4.5, x_service_code="AWSDataTransfer", x_usage_type="USE1-DataTransfer-Out-Bytes", pricing_unit="GB", pricing_quantity=50.0,
               sku_id="SKU-OUT", service_category="Networking", service_subcategory="Other (Networking)", charge_description="Out to the internet"),
        # Software from the marketplace, some of it in a currency of its own.
        charge("2026-10-20", 12.0, **DATADOG),
        charge("2026-10-02", 100.0, **AI | {"charge_category": "Purchase", "pricing_quantity": 1000.0, "effective_cost": 0.0, "charge_frequency": "One-Time",
               "charge_description": "1000 AI Credits"}),
        charge("2026-10-04", 0.0, **AI, effective_cost=30.0, contracted_cost=30.0, list_cost=37.5, pricing_quantity=150.0, charge_description="Prompts", pricing_currency_effective_cost=300.0,
               pricing_currency_list_unit_price=2.5, pricing_currency_contracted_unit_price=2.0, list_unit_price=0.25, contracted_unit_price=0.2),
        charge("2026-10-06", 0.0, **AI, effective_cost=5.0, contracted_cost=5.0, list_cost=5.0, pricing_quantity=50.0, charge_description="Embeddings", pricing_currency_effective_cost=50.0),
        # Tax, a credit, and what was wrong with September.
        charge("2026-10-01", 7.3, hours=744, **other, charge_category="Tax", charge_frequency="One-Time", region_id=None, service_name="Tax", x_service_code="Tax"),
        charge("2026-10-15", -5.0, **other, charge_category="Credit", charge_frequency="One-Time", charge_description="Migration programme", region_id=None),
        charge("2026-09-03", -4.0, **WEB, billing_period_start=datetime(2026, 10, 1), billing_period_end=datetime(2026, 11, 1),
               charge_class="Correction", invoice_id="INV-10", charge_description="Wrong rate in September"),
        # Not invoiced yet.
        charge("2026-10-31", 3.0, invoice_id=None, resource_id="i-0new"),
    ]  # fmt: skip


def emea() -> list[Row]:
    """Another payer, in euros."""
    return [
        _endpoint("2026-10-11", 40.0, billing_currency="EUR", billing_account_id="444444444444", billing_account_name="emea",
                  sub_account_id="444444444444", sub_account_name="emea", invoice_issuer_name="AWS EMEA SARL", region_id="eu-west-1", invoice_id="EU-10"),
    ]  # fmt: skip


def refreshed(folder: Path) -> World:
    """The bill, attributed and published."""
    world = World(folder, exports=("payer", "emea"))
    columns = [name for name in FOCUS.columns if name not in ("service_provider_name", "host_provider_name")]
    write_export(world.root("payer"), september(), period="2026-09", format_=FOCUS, columns=columns)
    write_export(world.root("payer"), october(), period="2026-10", format_=FOCUS, columns=columns)
    write_export(world.root("emea"), emea(), period="2026-10", format_=FOCUS, columns=columns)
    world.refresh()
    return world


def page(world: World) -> Iterator[str]:
    """docs/focus-use-cases.md, line by line."""
    yield from _INTRODUCTION.splitlines()
    reader = LakeReader(world.config)
    for number, file in enumerate(QUESTIONS, 1):
        if number in _SECTIONS:
            yield from ("", f"## {_SECTIONS[number]}")
        lines = file.read_text(encoding="utf-8").splitlines()
        said = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
        yield from ("", f"### {number}. {said[0]}", "")
        yield " ".join(
            [*said[1:], f"[FOCUS](https://focus.finops.org/use-case/{file.stem[3:]}/) · [file](use-cases/{file.name})"]
        )
        yield from ("", "```sql", *(line for line in lines if not line.startswith("-- ")), "```", "")
        result = reader.query(file.read_text(encoding="utf-8"))
        names = [name for name, *_ in result.description or ()]
        yield f"| {' | '.join(names)} |"
        yield f"|{'---|' * len(names)}"
        for row in result.fetchall():
            yield f"| {' | '.join(map(_cell, row))} |"
    reader.close()


def _cell(value: object) -> str:
    """A value with all its digits; zeros behind the cents are left out."""
    if isinstance(value, Decimal):
        whole, point, decimals = f"{value:,f}".partition(".")
        return whole + point + decimals.rstrip("0").ljust(2, "0") if point else whole
    return "" if value is None else clean(str(plain(value)))


_INTRODUCTION = """\
# FOCUS's use cases, answered

The [use-case library](https://focus.finops.org/use-cases/) of FOCUS 1.2 asks these questions of a bill. Each is answered here by a query of our own on the
published tables, to be pasted into `mlcost query`. The results are those of a small bill in `mlcost_assets_tests/use_cases.py`; this page is
written by `python -m mlcost_assets_tests.use_cases` and held by a test.

Split-cost rows tell money of other rows again; where a query adds up, it leaves them out. Costs are never added up over currencies."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print("\n".join(page(refreshed(Path(temporary)))))
