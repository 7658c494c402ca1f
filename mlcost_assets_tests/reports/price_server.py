"""AWS's price list files on loopback, over TLS and in AWS's shapes, whole or broken as a test wants them."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mlcost_assets_tests.collect.local_server import certificate

# What a server does with one answer.
Answer = Callable[[BaseHTTPRequestHandler], None]

OFFERS = "/offers/v1.0/aws"
PLANS = "/savingsPlan/v1.0/aws/AWSMachineLearningSavingsPlans"
SAGEMAKER = f"{OFFERS}/AmazonSageMaker/20261118093011/us-east-1/index.csv"
S3 = f"{OFFERS}/AmazonS3/20261101120000/us-east-1/index.csv"
SAGEMAKER_PLANS = f"{PLANS}/20261103000000/us-east-1/index.csv"

OFFER_COLUMNS = (
    "SKU,OfferTermCode,RateCode,TermType,PriceDescription,EffectiveDate,StartingRange,EndingRange,Unit,PricePerUnit,"
    "Currency,Product Family,serviceCode,Location,Location Type,Instance Type,usageType,operation,Region Code"
)
PLAN_COLUMNS = (
    "SKU,RateCode,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedSKU,DiscountedServiceCode,DiscountedUsageType,"
    "DiscountedOperation,PurchaseOption,LeaseContractLength,LeaseContractLengthUnit,ServiceCode,UsageType,Operation,"
    "Description,Location,Location Type,Granularity,Product Family,DiscountedRegionCode"
)


def price_list(offer: str, version: str, columns: str, rows: list[str]) -> str:
    """A list as CSV: five lines of what it is, the columns, the rows."""
    published = f"{version[:4]}-{version[4:6]}-{version[6:8]}T09:30:11Z"
    head = [
        '"FormatVersion","v1.0"', '"Disclaimer","This pricing list is for information, and ""free tier"" is apart."',
        f'"Publication Date","{published}"', f'"Version","{version}"', f'"OfferCode","{offer}"',
    ]  # fmt: skip
    return "\n".join([*head, ",".join(f'"{name}"' for name in columns.split(",")), *rows]) + "\n"


def on_demand(
    usage: str, price: str, *, term: str = "OnDemand", currency: str = "USD", start: str = "0", operation: str = "RunInstance"
) -> str:  # fmt: skip
    cells = [
        "SKU1", "JRTCKXETXF", f"SKU1.{usage}", term, f"${price}, of {usage}", "2026-11-01", start, "Inf", "Hrs", price,
        currency, "ML Instance", "AmazonSageMaker", "US East (N. Virginia)", "AWS Region", "", usage, operation, "us-east-1",
    ]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def plan_rate(usage: str, rate: str, *, years: int = 1, option: str = "No Upfront") -> str:
    plan = f"USE1-SageMakerSP:{years}yr{option.replace(' ', '')}"
    return (
        f"SKU2,SKU2.X,Hrs,2026-11-01T00:00:00Z,{rate},USD,SKU1,AmazonSageMaker,{usage},RunInstance,{option},{years},year,"
        f"MachineLearningSavingsPlans,{plan},,{years} year {option},US East (N. Virginia),AWS Region,hourly,"
        "SageMakerSavingsPlans,us-east-1"
    )


def files() -> dict[str, str]:
    """Indexes and lists of two services; S3 is not offered in eu-west-1, and has no plans."""
    offers = {
        name: {
            "offerCode": name,
            "currentVersionUrl": f"{OFFERS}/{name}/current/index.json",
            "currentRegionIndexUrl": f"{OFFERS}/{name}/current/region_index.json",
        }
        for name in ("AmazonSageMaker", "AmazonS3", "AmazonRDS")
    }
    offers["AmazonSageMaker"]["currentSavingsPlanIndexUrl"] = f"{PLANS}/current/region_index.json"

    def regions(csv: str) -> str:
        url = csv.removesuffix(".csv") + ".json"
        return json.dumps({"regions": {"us-east-1": {"regionCode": "us-east-1", "currentVersionUrl": url}}})

    plans = [{"regionCode": "us-east-1", "versionUrl": SAGEMAKER_PLANS.removesuffix(".csv") + ".json"}]
    return {
        f"{OFFERS}/index.json": json.dumps({"formatVersion": "v1.0", "offers": offers}),
        f"{OFFERS}/AmazonSageMaker/current/region_index.json": regions(SAGEMAKER),
        f"{OFFERS}/AmazonS3/current/region_index.json": regions(S3),
        f"{PLANS}/current/region_index.json": json.dumps({"regions": plans}),
        SAGEMAKER: price_list("AmazonSageMaker", "20261118093011", OFFER_COLUMNS, [
            on_demand("USE1-Host:ml.m5.large", "0.9990000000"), on_demand("USE1-Host:ml.c7g.large", "0.0860000000"),
            on_demand("USE1-Host:ml.m5.large", "0.5", term="Reserved"), on_demand("USE1-Host:ml.free.large", "0"),
        ]),
        S3: price_list("AmazonS3", "20261101120000", OFFER_COLUMNS, [
            on_demand("TimedStorage-ByteHrs", "0.0230000000", operation=""),
            on_demand("TimedStorage-ByteHrs", "0.0220000000", operation="", start="51200"),
            on_demand("TimedStorage-GIR-ByteHrs", "0.0040000000", operation=""),
        ]),
        SAGEMAKER_PLANS: price_list("AmazonMachineLearningSavingsPlans", "20261103000000", PLAN_COLUMNS, [
            plan_rate("USE1-Host:ml.m5.large", "0.092"), plan_rate("USE1-Host:ml.m5.large", "0.06", years=3),
        ]),
    }  # fmt: skip


class PriceServer:
    """`files` are what it has, by path; `broken` says what it does instead with some of them."""

    def __init__(self, folder: Path) -> None:
        self.files = files()
        self.broken: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                if self.path in server.broken:
                    server.broken[self.path](self)
                elif self.path in server.files:
                    send(self, server.files[self.path])
                else:
                    send(self, "<Error><Code>NoSuchKey</Code></Error>", status=404)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.certificate = folder / "certificate.pem"
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(handler: BaseHTTPRequestHandler, content: str, *, status: int = 200, of: int | None = None) -> None:
    """Answers with `content`, and says that it has `of` bytes, where that is given."""
    told = content.encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(of or len(told)))
    handler.end_headers()
    handler.wfile.write(told)
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Sends a letter now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(100):
        try:
            handler.wfile.write(b"x")
        except OSError:
            return
        time.sleep(0.1)
