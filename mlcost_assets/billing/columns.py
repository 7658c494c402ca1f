"""The columns that a drop's files have, found whatever their spelling."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from mlcost_assets.billing.formats import CUR2, FOCUS, Format, column_key

# Tags that differ only in case are two columns to AWS and one to most tools; the second is read under this name.
_SECOND = re.compile(r" \(\d+\)$")

# What FOCUS 1.0-preview called columns that have another name since.
_IN_PREVIEW = {
    "commitment_discount_status": "chargesubcategory",
    "consumed_quantity": "usagequantity",
    "consumed_unit": "usageunit",
    "region_id": "region",
}


@dataclass(frozen=True)
class FileColumns:
    """Names and DuckDB types, in the files' order."""

    types: dict[str, str]

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {column_key(name): name for name in reversed(self.types)}

    def find(self, wanted: str) -> tuple[str, str] | None:
        """Name and type of the column that `wanted` names, whatever the case, `_` or `/`; None without one."""
        name = self._by_key.get(column_key(wanted)) or self._by_key.get(_IN_PREVIEW.get(wanted, ""))
        return (name, self.types[name]) if name else None

    def spread(self, beginning: str) -> list[tuple[str, str]]:
        """The columns over which a map is spread, as (column, entry): `resourceTags/user:Team` is user:Team."""
        return [
            (name, _SECOND.sub("", _entry(name, beginning)))
            for name in self.types
            if column_key(name).startswith(beginning) and column_key(name) != beginning
        ]

    def unread(self, known: Format) -> tuple[str, ...]:
        """The columns that the mapping of `known` does not look at."""
        read = {found[0] for name in known.columns if (found := self.find(name))}
        for beginning in known.flat_maps.values():
            read |= {name for name, _ in self.spread(beginning)}
        return tuple(name for name in self.types if name not in read)


def _entry(name: str, beginning: str) -> str:
    """What of a column's name is the key of its map's entry."""
    if "/" in name:
        return name.split("/", 1)[1]
    seen = 0
    for place, letter in enumerate(name):
        seen += letter.isalnum()
        if seen == len(beginning):
            return name[place + 1 :].lstrip("_")
    return name


def is_bill(names: Iterable[str]) -> bool:
    """Whether a file with columns of these `names` has the cost of any format."""
    return bool({column_key(CUR2.cost), column_key(FOCUS.cost)} & set(map(column_key, names)))


def without_duplicates(names: Iterable[str], flat_maps: Iterable[str]) -> tuple[list[str], str | None]:
    """Names that DuckDB can tell apart, and the one that stands twice without being a tag, if any."""
    taken: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        count = taken[name.lower()] = taken.get(name.lower(), 0) + 1
        if count > 1 and not column_key(name).startswith(tuple(flat_maps)):
            return unique, name
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique, None
