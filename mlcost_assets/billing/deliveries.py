"""The newest delivery of each month of an export: what its manifests name, else what its plain files make."""

from mlcost_assets.billing.manifests import Manifest, named_manifests
from mlcost_assets.billing.plain_files import plain_deliveries
from mlcost_assets.config import Export
from mlcost_assets.config.locations import is_bill_file
from mlcost_assets.lake.contents import Contents


def find_deliveries(export: Export, contents: Contents) -> tuple[dict[str, Manifest], dict[str, str]]:
    """The deliveries of `export` by month, also for months that cannot be; and by key why plain files cannot be read.

    Where there are manifests, files that none of them names never count. Raises StorageError where nothing can be
    listed or there is no bill, with what was found there.
    """
    if not is_bill_file(export.uri) and (named := named_manifests(export, contents)):
        return named, {}
    return plain_deliveries(export, contents)
