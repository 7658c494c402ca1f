"""Comparing what was written of a drop with a plain scan of its files, before it may stand."""

from decimal import Decimal
from typing import Any

import duckdb

from mlcost_assets.billing.formats import OTHER_PROVIDER
from mlcost_assets.billing.source import Source
from mlcost_assets.errors import DropRejectedError
from mlcost_assets.lake.sql import as_dicts, read_sql, run, step
from mlcost_assets.lake.writer import LakeWriter


def lacks_rows(lake: LakeWriter, keys: dict[str, str], source: Source) -> bool:
    """Scans the files plainly (temporary table `scanned`), and tells whether some of their rows became no charge."""
    step(lake.connection, "scanned", {"net": source.readings.net}, select=read_sql(__file__, "plain_scan"))
    lacking = run(lake.connection, read_sql(__file__, "lacking_rows"), keys).fetchone()
    return lacking is None or lacking[0] != 0


def verified(lake: LakeWriter, keys: dict[str, str], drop_id: str, source: Source) -> dict[str, Any]:
    """Writes `drop_totals` of the drop just written, and gives its figures for the ledger; after `lacks_rows`.

    Raises DropRejectedError when a row or a quantum of money is missing.
    """
    connection = lake.connection
    lake.replace(
        "drop_totals", read_sql(__file__, "drop_totals"), {"drop_id": drop_id, "net": source.readings.net}, **keys
    )
    if lost := run(connection, read_sql(__file__, "unaccounted"), keys).fetchone():
        raise DropRejectedError(lost[0])
    this = "FROM drop_totals WHERE export_name = $export_name AND billing_period = $billing_period ORDER BY ALL"
    totals = as_dicts(run(connection, this, keys))
    final = [one["is_final"] for one in totals if one["is_final"] is not None]
    return {
        "rows": sum(one["rows"] for one in totals),
        "quarantined_rows": sum(one["quarantined_rows"] for one in totals),
        "billing_currency": ",".join(
            one["billing_currency"]
            for one in totals
            if one["billing_currency"] and one["rows"] > one["quarantined_rows"]
        )
        or None,
        "is_final": all(final) if final else None,
        "other_provider_rows": _of_other_providers(connection, keys),
        **{name: _in_one_currency(totals, name) for name in ("billed_cost", "quarantined_cost", "rounding")},
    }


def _of_other_providers(connection: duckdb.DuckDBPyConnection, keys: dict[str, str]) -> int:
    counted = run(
        connection,
        "SELECT count(*) FROM quarantined_rows WHERE export_name = $export_name AND billing_period = $billing_period"
        " AND starts_with(reason, $other)",
        {**keys, "other": f"{OTHER_PROVIDER}:"},
    ).fetchone()
    return int(counted[0]) if counted else 0


def _in_one_currency(totals: list[dict[str, Any]], name: str) -> Decimal | None:
    """The sum of `name`; None where it is in several currencies. Rows that tell none count in the only one."""
    amounts = [one for one in totals if one[name]]
    currencies = {one["billing_currency"] for one in amounts} - {None}
    return sum((one[name] for one in amounts), Decimal(0)) if len(currencies) <= 1 else None
