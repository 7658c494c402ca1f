"""The columns that a drop's files have, found whatever their spelling."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from mlcost_assets.billing.formats import CUR2, FOCUS, Format, column_key

# A name that stands twice, or twice but for case, is two columns to AWS and one to most tools; the second is read under
# this name, and what has none under its place.
_SECOND = re.compile(r" \(\d+\)$")
_UNNAMED = "(column {})"

# What columns are called elsewhere: in FOCUS 1.0-preview, and in CUR 2.0 where the query of the export selects an entry
# of a map without a name for it (product.product_name is product_name).
_ALSO_CALLED = {
    "commitment_discount_status": "chargesubcategory",
    "consumed_quantity": "usagequantity",
    "consumed_unit": "usageunit",
    "region_id": "region",
    "product_location": "location",
    "product_product_name": "productname",
    "product_region": "region",
    "product_region_code": "regioncode",
}


@dataclass(frozen=True)
class FileColumns:
    """Names and DuckDB types, in the files' order."""

    types: dict[str, str]

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.types:
            found.setdefault(column_key(_SECOND.sub("", name)), []).append(name)
        return found

    def find_all(self, wanted: str) -> list[tuple[str, str]]:
        """Name and type of every column that `wanted` names, whatever the case, `_` or `/`."""
        names = self._by_key.get(column_key(wanted)) or self._by_key.get(_ALSO_CALLED.get(wanted, ""), [])
        return [(name, self.types[name]) for name in names]

    def find(self, wanted: str) -> tuple[str, str] | None:
        """The first of them; None without one."""
        return next(iter(self.find_all(wanted)), None)

    def spread(self, names: str) -> list[tuple[str, str]]:
        """The columns over which a map is spread, as (column, entry), where `names` is the pattern of their names and
        its groups are the entry: `resourceTags/user:Team` is user:Team."""
        matched = ((name, re.fullmatch(names, _SECOND.sub("", name), re.IGNORECASE)) for name in self.types)
        return [(name, next(filter(None, match.groups()))) for name, match in matched if match]

    def has(self, name: str, known: Format) -> bool:
        """Whether there is a column `name` of `known`, or others have what would be in it."""
        return bool(self.find(name) or self.spread(known.flat_maps.get(name, "")))

    def unread(self, known: Format) -> tuple[str, ...]:
        """The columns that the mapping of `known` does not look at."""
        read = {found for name in known.columns for found, _ in self.find_all(name)}
        for map_name, names in known.flat_maps.items():
            read |= set() if self.find(map_name) else {name for name, _ in self.spread(names)}
        return tuple(name for name in self.types if name not in read)


def is_bill(names: Iterable[str]) -> bool:
    """Whether a file with columns of these `names` has the cost of any format."""
    return bool({column_key(CUR2.cost), column_key(FOCUS.cost)} & set(map(column_key, names)))


def told_apart(names: Iterable[str]) -> list[str]:
    """`names`, each as DuckDB can tell it from the others."""
    taken: Counter[str] = Counter()
    unique: list[str] = []
    for place, given in enumerate(names, 1):
        name = given if given.strip() else _UNNAMED.format(place)
        taken[name.lower()] += 1
        count = taken[name.lower()]
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique
