"""Exports on a real S3 server, and what happens when it refuses, is too busy, hangs or lies elsewhere."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from mlcost_assets.billing.plan import make_plan
from mlcost_assets.errors import StorageError
from mlcost_assets.lake import s3 as lake_s3
from mlcost_assets.lake.engine import allow_s3, connect
from mlcost_assets.lake.s3 import S3Store, bucket_region
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.faults.proxy import Fault, FaultyS3, Trouble
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

pytestmark = [pytest.mark.s3, pytest.mark.xdist_group("s3")]


@pytest.fixture
def faulty(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyS3]:
    """The server behind a proxy that may fail; little patience, so that tests are quick."""
    proxy = FaultyS3(s3.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    monkeypatch.setattr(lake_s3, "READ_TIMEOUT", 1)
    try:
        yield proxy
    finally:
        proxy.stop()


class OnS3:
    """A world whose exports are on S3."""

    def __init__(self, folder: Path, server: S3Server, exports: tuple[str, ...] = ("payer",)) -> None:
        self.world = World(folder, exports=exports)
        self._server = server
        listed = "".join(f"    - {{name: {name}, uri: 's3://{server.bucket}/bills/{name}'}}\n" for name in exports)
        (folder / "mlcost.yaml").write_text(f"billing:\n  exports:\n{listed}metadata: {{uri: metadata}}\n")
        self.world.begin()

    def bill(self, *costs: float, export: str = "payer", **how: object) -> None:
        rows = [charge(cost=cost, bill_payer_account_id=f"1{export:0>11}"[-12:]) for cost in costs]
        self.world.bill(rows, export=export, **how)
        self._server.upload(self.world.root(export), f"bills/{export}")


def billed(ingested: Ingested) -> Decimal:
    return Decimal(ingested.rows("SELECT coalesce(sum(billed_cost), 0) AS total FROM line_items")[0]["total"])


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("fault", ["503 SlowDown", "hang"])
def test_what_passes_is_tried_again(tmp_path: Path, s3: S3Server, faulty: FaultyS3, kind: str, fault: Fault) -> None:
    export = OnS3(tmp_path, s3)
    export.bill(1.0, 2.0, kind=kind)
    faulty.troubles = [Trouble(fault, "GET /", times=1), Trouble(fault, f"GET /{s3.bucket}/bills/payer/data", times=1)]
    with LakeWriter(export.world.config) as lake:
        ingested = Ingested(export.world, lake)
        assert [outcome.state for outcome in ingested.load()] == ["loaded"]
        assert billed(ingested) == 3


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("403 AccessDenied", "access denied"),
        ("404 NoSuchKey", "there is no such object"),
        ("503 SlowDown", "too busy"),
        ("hang", "no answer"),
        ("cut", "S3"),
    ],
)
def test_what_stays_out_of_reach_is_said_plainly_and_the_others_go_on(
    tmp_path: Path, s3: S3Server, faulty: FaultyS3, kind: str, fault: Fault, said: str
) -> None:
    exports = OnS3(tmp_path, s3, ("first", "second"))
    exports.bill(1.0, export="first", kind=kind)
    exports.bill(2.0, export="second", kind=kind)
    faulty.troubles = [Trouble(fault, f"GET /{s3.bucket}/bills/first/data")]
    with LakeWriter(exports.world.config) as lake:
        ingested = Ingested(exports.world, lake)
        first, second = ingested.load()
        assert (first.state, second.state) == ("unreachable", "loaded")
        reason = str(first.reason)
        assert said in reason
        assert f"s3://{s3.bucket}/bills/first" in reason
        assert len(reason.splitlines()) == 1
        if fault != "cut":
            assert ingested.load() == []  # still out of reach: not tried over and over
        faulty.troubles = []
        assert [(outcome.export, outcome.state) for outcome in ingested.load()] == [("first", "loaded")]
        assert billed(ingested) == 3


def test_an_export_that_cannot_be_listed_keeps_no_other_from_loading(
    tmp_path: Path, s3: S3Server, faulty: FaultyS3
) -> None:
    exports = OnS3(tmp_path, s3, ("first", "second"))
    exports.bill(1.0, export="first")
    exports.bill(2.0, export="second")
    faulty.troubles = [Trouble("403 AccessDenied", "prefix=bills%2Ffirst")]
    with LakeWriter(exports.world.config) as lake:
        ingested = Ingested(exports.world, lake)
        assert [outcome.export for outcome in ingested.load()] == ["second"]
        why = make_plan(exports.world.config, lake.connection).unreachable["first"]
    assert why == f"s3://{s3.bucket}/bills/first/: access denied. The role needs s3:GetObject and s3:ListBucket here."


def test_a_sensor_lists_manifests_only(tmp_path: Path, s3: S3Server, faulty: FaultyS3) -> None:
    export = OnS3(tmp_path, s3)
    for month in range(1, 13):
        export.world.bill([charge(at=f"2026-{month:02}-05T00:00:00")] * 9, period=f"2026-{month:02}", chunks=9)
    s3.upload(export.world.root(), "bills/payer")
    assert len(make_plan(export.world.config, None).pending) == 12
    assert len(faulty.requests) == 2
    assert not any("%2Fdata%2F" in request for request in faulty.requests)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_keys_with_odd_characters_are_read(tmp_path: Path, s3: S3Server, kind: str) -> None:
    export = OnS3(tmp_path, s3)
    manifest = export.world.bill([charge(cost=1.0), charge(cost=2.0)], kind=kind, chunks=2)
    first, second = sorted((export.world.root() / "data").rglob("*.*"))
    for file, odd in ((first, "what?*[1]"), (second, "a#b%20c+d é'\"&=")):
        file.rename(file.with_name(f"{odd}{''.join(file.suffixes[-2:])}"))
        quoted = odd.replace('"', '\\"')
        manifest.write_text(manifest.read_text().replace(file.name, f"{quoted}{''.join(file.suffixes[-2:])}"))
    s3.upload(export.world.root(), "bills/payer")
    with LakeWriter(export.world.config) as lake:
        ingested = Ingested(export.world, lake)
        (outcome,) = ingested.load()
        assert (outcome.state, outcome.reason, outcome.billed_cost) == ("loaded", None, 3)


def test_a_drop_of_many_objects_costs_one_listing(tmp_path: Path, s3: S3Server, faulty: FaultyS3) -> None:
    export = OnS3(tmp_path, s3)
    export.bill(*[1.0] * 40, chunks=40)
    with LakeWriter(export.world.config) as lake:
        ingested = Ingested(export.world, lake)
        assert [outcome.rows for outcome in ingested.load()] == [40]
    listings = [one for one in faulty.requests if "list-type=2" in one and "%2Fdata%2F" in one]
    assert len(listings) == 2  # before, and to see that nothing was replaced meanwhile


def test_a_bucket_in_another_region_is_read_there(s3: S3Server) -> None:
    client = boto3.client("s3", region_name="us-east-1")
    headers = {"x-amz-bucket-region": "eu-central-1"}
    with Stubber(client) as stub:
        stub.add_response("head_bucket", {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": headers}})
        assert bucket_region(client, "elsewhere") == "eu-central-1"
        stub.add_client_error(
            "head_bucket", "403", http_status_code=403, response_meta={"HTTPHeaders": headers}
        )  # even who may not look at the bucket is told
        assert bucket_region(client, "elsewhere") == "eu-central-1"


def test_duckdb_is_told_the_buckets_region(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-2")
    monkeypatch.setattr(lake_s3, "bucket_region", lambda _, bucket: {"elsewhere": "eu-central-1"}[bucket])
    connection = connect()
    allow_s3(connection, "elsewhere")
    (secret,) = connection.execute("SELECT secret_string FROM duckdb_secrets()").fetchone() or ("",)
    assert "region=eu-central-1" in secret


def test_without_credentials_one_line_says_so(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers those of the tests before
    with pytest.raises(StorageError, match="no AWS credentials found"):
        list(S3Store(f"s3://{s3.bucket}/bills").list())
