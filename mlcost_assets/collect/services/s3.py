"""Amazon S3: buckets, and how much lies under which prefix."""

from collections.abc import Iterator

from mlcost_assets.collect.inventory import inventory_usage
from mlcost_assets.collect.listing import Found, Gathering, Listing
from mlcost_assets.collect.look import Look
from mlcost_assets.collect.prefixes import listed_usage


def _prefix_usage(look: Look) -> Iterator[Found]:
    """Per bucket from its S3 Inventory report where it has one, else from a listing that stops after a while."""
    for page in look.pages("s3:ListBuckets", {"MaxBuckets": 1000}):
        for bucket in page["Buckets"]:
            name, region = bucket["Name"], bucket.get("BucketRegion", look.place.region)
            with look.isolated(f"bucket {name}"):
                usage = inventory_usage(look, name, region)
                if usage is None:
                    usage = listed_usage(look, name, region)
                for body in usage:
                    yield Found(f"arn:{look.place.partition}:s3:::{name}/{body['Prefix']}", body, None, region)


COLLECTIONS = [
    Listing(
        "s3:ListBuckets", "ListBuckets", "Buckets[]", "{Name}", arn="arn:{partition}:s3:::{Name}",
        region="BucketRegion", page=1000, limit="MaxBuckets", once=True,
    ),
    Gathering(
        "s3:PrefixUsage",
        _prefix_usage,
        calls=("s3:ListBuckets", "s3:ListBucketInventoryConfigurations", "s3:ListObjectsV2", "s3:GetObject"),
        incremental=True,
        once=True,
    ),
]  # fmt: skip
