"""Plain files of one month that tell the same charges: whoever downloads a bill again has it twice.

A manifest says what makes a month, plain files do not: two parts of a bill add up, and two downloads of it must not.
"""

import duckdb

from mlcost_assets.billing.manifests import Drop
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.sql import read_sql

# How large a part of the smaller file may stand in the other. AWS promises that line-item ids differ in one file only;
# without ids, charges that differ in nothing but amounts are alike and may be two.
_BY_ID, _WITHOUT_ID = 0.01, 0.5


def overlap(connection: duckdb.DuckDBPyConnection, drop: Drop) -> str | None:
    """What files of `drop`, opened as views, have in common, as a note; None where it is nothing or has a manifest.

    Raises DropRejectedError where one is the other once more, or a good part of it.
    """
    if drop.manifest.plain is None or len(drop.files) < 2:
        return None
    found = connection.execute(read_sql(__file__, "overlaps")).fetchall()
    older = {file.key: place for place, file in enumerate(sorted(drop.files, key=lambda file: file.modified))}
    for first, second, by_id, charges, of_charges in found:
        if charges > of_charges * (_BY_ID if by_id else _WITHOUT_ID):
            old, new = sorted((first, second), key=lambda key: older[key])
            raise DropRejectedError(
                f"{excerpt(new, 160)} and {excerpt(old, 160)} tell {charges:,} charges both, which would count twice."
                f" Remove one; {excerpt(old, 160)} is the older"
            )
    return f"{sum(one[3] for one in found):,} charges are alike in two of its files and count twice" if found else None
