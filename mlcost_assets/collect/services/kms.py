"""AWS KMS: customer keys. Those that AWS manages cost nothing."""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _own_key(look: Look, key: Any) -> Body | None:
    answer = look.call("kms:DescribeKey", KeyId=key["KeyId"])
    return {"KeyMetadata": answer["KeyMetadata"]} if answer["KeyMetadata"].get("KeyManager") != "AWS" else None


COLLECTIONS = [
    Listing(
        "kms:DescribeKey", "ListKeys", "Keys[]", "{KeyMetadata[Arn]}",
        describe=_own_key, page=1000, limit="Limit", calls=("kms:DescribeKey",),
    ),
]  # fmt: skip
