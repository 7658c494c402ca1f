"""What is collected of each service: a file a service, found by its name; COLLECTIONS lists its kinds of record."""

import importlib
import pkgutil
from functools import cache

from mlcost_assets.collect.listing import Collection


@cache
def services() -> dict[str, tuple[Collection, ...]]:
    """The collections of each service by its name, in alphabetical order."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        collections = importlib.import_module(f"{__name__}.{module.name}").COLLECTIONS
        found[collections[0].kind.partition(":")[0]] = tuple(collections)
    return dict(sorted(found.items()))
