"""`billing_drops`: what is known of every drop, and what became of it. The only place that writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from mlcost_assets.billing.manifests import Drop, Manifest
from mlcost_assets.lake.sql import read_sql, run

_THIS = "export_name = $export_name AND billing_period = $billing_period"


@dataclass(frozen=True)
class Standing:
    """The newest entry of an export's period."""

    drop_id: str
    state: str
    manifest_etag: str
    covered_by: str | None
    accounts: list[str]


def standing(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Standing]:
    """The newest entry of every (export, period) that was ever seen."""
    rows = connection.execute(
        """
        WITH entries AS (  -- a lake that an earlier version published has no entry_no, no accounts
            FROM billing_drops
            UNION ALL BY NAME
            SELECT CAST(NULL AS BIGINT) AS entry_no, CAST(NULL AS VARCHAR[]) AS accounts WHERE false
        )
        SELECT export_name, billing_period, drop_id, state, manifest_etag, covered_by, coalesce(accounts, [])
        FROM entries
        QUALIFY 1 = row_number() OVER (
            PARTITION BY export_name, billing_period ORDER BY entry_no DESC NULLS LAST, seen_at DESC, drop_id
        )
        """
    ).fetchall()
    return {(export, period): Standing(*rest) for export, period, *rest in rows}


def drop_problems(connection: duckdb.DuckDBPyConnection, rewritten: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What is wrong with the newest drop of each export and period, a kind and a sentence each; sums are compared for
    the `rewritten` periods."""
    return run(connection, read_sql(__file__, "standing_drops"), {"periods": list(rewritten)}).fetchall()


def record(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    drop: Drop | None,
    *,
    state: str,
    reason: str | None = None,
    **facts: Any,
) -> None:
    """Enters what became of a drop; `drop` is None where its manifest could not be opened.

    A newly loaded drop supersedes the one loaded before.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    key = {"export_name": manifest.export.name, "billing_period": manifest.period}
    entry: dict[str, Any] = {
        **key,
        "drop_id": drop.drop_id if drop else f"manifest-{manifest.entry.etag}",
        "state": state,
        "reason": reason,
        "manifest": None if manifest.plain else manifest.entry.key,
        "manifest_etag": manifest.entry.etag,
        "execution_id": drop.execution_id if drop else None,
        "files": len(drop.files) if drop else None,
        "bytes": sum(file.size for file in drop.files) if drop else None,
        "delivered_at": manifest.entry.modified.astimezone(UTC).replace(tzinfo=None),
        "seen_at": now,
        "loaded_at": now if state == "loaded" else None,
        "entry_no": _next_entry(connection),
        "completeness": "unknown" if manifest.plain else "manifest",
        **facts,
    }
    if state in ("loaded", "shadowed"):
        connection.execute(
            f"UPDATE billing_drops SET state = 'superseded' WHERE {_THIS} AND state = 'loaded'",
            key,
        )
    this = {**key, "drop_id": entry["drop_id"]}
    connection.execute(f"DELETE FROM billing_drops WHERE {_THIS} AND drop_id = $drop_id", this)
    columns = ", ".join(entry)
    values = ", ".join(f"${name}" for name in entry)
    connection.execute(f"INSERT INTO billing_drops ({columns}) VALUES ({values})", entry)


def _next_entry(connection: duckdb.DuckDBPyConnection) -> int:
    """Entries are ordered by a counter: a clock that was ahead would keep its entry the newest."""
    found = connection.execute("SELECT coalesce(max(entry_no), 0) + 1 FROM billing_drops").fetchone()
    return int(found[0]) if found else 1


def shadow(connection: duckdb.DuckDBPyConnection, export: str, period: str, *, by: str, reason: str) -> None:
    """Takes the loaded drop of `export` out of the period because export `by` tells of its accounts as well."""
    key = {"export_name": export, "billing_period": period}
    for table in ("line_items", "drop_totals"):
        connection.execute(f"DELETE FROM {table} WHERE {_THIS}", key)
    connection.execute(
        "UPDATE billing_drops SET state = 'shadowed', covered_by = $by, reason = $reason"
        f" WHERE {_THIS} AND state = 'loaded'",
        {**key, "by": by, "reason": reason},
    )


def retire(connection: duckdb.DuckDBPyConnection, export: str, period: str) -> None:
    """Takes a period of an export that mlcost.yaml no longer has out of the bill."""
    key = {"export_name": export, "billing_period": period}
    for table in ("line_items", "quarantined_rows", "drop_totals"):
        connection.execute(f"DELETE FROM {table} WHERE {_THIS}", key)
    connection.execute(f"UPDATE billing_drops SET state = 'retired' WHERE {_THIS}", key)
