"""Which kind of store a location is."""

from mlcost_assets.lake.objects import LocalStore, Store


def open_store(location: str) -> Store:
    """The store at a local folder, or at s3://bucket/prefix with credentials, region and endpoint of the standard AWS
    environment."""
    if location.startswith("s3://"):
        # boto3 takes its time; who has everything in folders does not wait for it.
        from mlcost_assets.lake.s3 import S3Store

        return S3Store(location)
    return LocalStore(location)
