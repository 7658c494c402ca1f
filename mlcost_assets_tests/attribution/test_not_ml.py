"""The web, databases and other products stay what they are; what is shared with them is divided, never claimed whole."""

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given, instance, pod, prefix, registered
from mlcost_assets_tests.exports import ACCOUNT, charge
from mlcost_assets_tests.world import record

given(
    registered("tapir", "s3://zoo/tapir/model.tar.gz"), rules="workloads: [{model: tapir, project: zoo, team: keepers}]"
)

# Things of other teams, by their tags.
given(
    billed=[
        charge(cost=1.0, line_item_resource_id="i-07000000007001", resource_tags={"user_team": "storefront", "user_project": "shop"}),
        billed("AmazonRDS", "InstanceUsage:db.r5.large", f"arn:aws:rds:us-east-1:{ACCOUNT}:db:orders", 2.0, resource_tags={"user_team": "storefront"}),
        billed("AmazonCloudFront", "US-DataTransfer-Out-Bytes", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E7003", 3.0),
        billed("AmazonDynamoDB", "TimedStorage-ByteHrs", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/carts", 4.0, resource_tags={"user_team": "keepers"}),
    ],
)  # fmt: skip


def test_a_web_server_and_a_database_keep_their_owner_and_are_not_ml(paid: Paid) -> None:
    assert paid("i-07000000007001", "team, project, model, is_ml, method") == {
        ("storefront", "shop", None, False, "tag"): 1
    }
    assert paid("db:orders", "team, is_ml") == {("storefront", False): 2}


def test_what_nobody_claims_is_not_ml_either(paid: Paid) -> None:
    assert paid("distribution/E7003", "team, model, is_ml") == {(None, None, False): 3}


def test_a_team_that_makes_models_may_own_what_is_not_ml(paid: Paid) -> None:
    assert paid("table/carts", "team, model, is_ml") == {("keepers", None, False): 4}


# A database that serves a model's project is ML by its model's tag only.
given(
    billed=[
        billed(
            "AmazonDynamoDB",
            "TimedStorage-ByteHrs",
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/features",
            5.0,
            resource_tags={"user_model": "tapir"},
        )
    ]
)


def test_what_a_model_owns_is_ml_whatever_the_service(paid: Paid) -> None:
    assert paid("table/features", "model, team, is_ml") == {("tapir", "keepers", True): 5}


# A shared node and a shared bucket.
given(
    instance("i-07000000007006", name="ip-10-7-0-6"),
    pod("zoo", "tapir-1", "ip-10-7-0-6", requests={"cpu": "1"}, labels={"app.kubernetes.io/name": "tapir"}),
    pod("zoo", "shop-1", "ip-10-7-0-6", requests={"cpu": "3"}, labels={"app.kubernetes.io/name": "shop"}),
    prefix("zoo-shared", "tapir", 1), prefix("zoo-shared", "shop-images", 3),
    billed=[charge(cost=8.0, line_item_resource_id="i-07000000007006"), billed("AmazonS3", "TimedStorage-ByteHrs", "zoo-shared", 8.0)],
)  # fmt: skip


def test_a_shared_node_is_divided_and_the_webs_part_is_not_ml(paid: Paid) -> None:
    assert paid("i-07000000007006", "model, is_ml") == {("tapir", True): 2, (None, False): 6}


# What belongs to the web's things belongs to the web: transfer, logs, disks; the account's models pay nothing of it.
given(
    instance("i-07000000007007", tags={"Name": "checkout"}),
    record("ec2:DescribeVolumes", "vol-07000000007006", {"VolumeId": "vol-07000000007006", "CreateTime": "2026-10-01T00:00:00Z", "Attachments": [{"InstanceId": "i-07000000007006"}]}),
    billed=[
        billed("AmazonEC2", "DataTransfer-Out-Bytes", "i-07000000007007", 1.0, product_servicecode="AWSDataTransfer"),
        billed("AmazonS3", "DataTransfer-Out-Bytes", "zoo-shared", 4.0, product_servicecode="AWSDataTransfer"),
        billed("AmazonCloudWatch", "DataProcessing-Bytes", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/checkout", 3.0),
        billed("AmazonCloudWatch", "DataProcessing-Bytes", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/shop/checkout", 5.0),
        charge(cost=8.0, line_item_resource_id="vol-07000000007006", line_item_usage_type="EBS:VolumeUsage.gp3"),
    ],
)  # fmt: skip


def test_what_the_web_sends_and_logs_is_not_shared_by_the_accounts_models(paid: Paid) -> None:
    for resource in ("i-07000000007007", "/aws/lambda/checkout", "/shop/checkout"):
        assert set(paid(resource, "model, team, is_ml")) == {(None, None, False)}


def test_a_disk_of_a_shared_node_and_transfer_of_a_shared_bucket_are_divided_like_those(paid: Paid) -> None:
    assert paid("vol-07000000007006", "model, is_ml") == {("tapir", True): 2, (None, False): 6}
    assert paid("zoo-shared", "model, is_ml", "usage_type LIKE 'DataTransfer%'") == {
        ("tapir", True): 1,
        (None, False): 3,
    }


def test_a_shared_bucket_is_divided_and_the_webs_part_is_not_ml(paid: Paid) -> None:
    assert paid("zoo-shared", "model, is_ml", "usage_type LIKE 'Timed%'") == {("tapir", True): 2, (None, False): 6}
