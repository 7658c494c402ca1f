"""Amazon EFS: file systems."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing("efs:DescribeFileSystems", "DescribeFileSystems", "FileSystems[]", "{FileSystemArn}", tags="Tags",
            limit="MaxItems"),
]  # fmt: skip
