"""Amazon FSx: file systems."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing("fsx:DescribeFileSystems", "DescribeFileSystems", "FileSystems[]", "{ResourceARN}", tags="Tags"),
]
