"""Keys of their own with which some endpoints are encrypted."""

from decimal import Decimal

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import daily, stored
from mlcost_assets.demo.money.products import KMS
from mlcost_assets.demo.truth.clues import through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import HostedEndpoint
from mlcost_assets.demo.world.world import World


def keep_keys(world: World) -> None:
    """Keep the keys that endpoints' configurations name."""
    for endpoint in world.endpoints:
        if endpoint.encryption_key:
            _keep(world, endpoint)


def _keep(world: World, endpoint: HostedEndpoint) -> None:
    arn, hosted = endpoint.encryption_key, endpoint.resource
    owner = of_model(endpoint.model, endpoint.environment, "platform")
    body = {
        "KeyMetadata": {
            "AWSAccountId": hosted.account.id,
            "KeyId": arn.rsplit("/", 1)[1],
            "Arn": arn,
            "CreationDate": iso(world.before(150)),
            "Enabled": True,
            "Description": world.chance("key", arn).one((f"endpoint {endpoint.name}", "ml inference", "")),
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
        }
    }
    tags = world.tags(arn, owner)
    created = world.before(150)
    key = world.create("kms:DescribeKey", arn, hosted.account, hosted.region, owner, body, created=created, tags=tags)
    clues = through("key of an endpoint: ", endpoint.clues)
    monthly = daily(KMS, f"{hosted.region}-KMS-Keys", "Unknown", "1", "Keys", "$1 per customer managed KMS key version")
    world.bill(key, monthly, stored(1), clues=clues)
    price, text = "0.000003", "$0.03 per 10000 KMS requests"
    requests = daily(KMS, f"{hosted.region}-KMS-Requests", "Decrypt", price, "Requests", text)
    world.bill(key, requests, Decimal(world.chance("decrypt", arn).randrange(1_000, 90_000)), clues=clues)
