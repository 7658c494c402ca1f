"""Putting a drop in its period's place: mapped, verified against an independent scan, never worse than before."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from mlcost_assets.billing import ledger
from mlcost_assets.billing.formats import KINDS, OTHER_PROVIDER, TAGS
from mlcost_assets.billing.manifests import Drop, twins
from mlcost_assets.billing.overlaps import overlap
from mlcost_assets.billing.shadows import Told, accounts_of, why_shadowed
from mlcost_assets.billing.source import Source
from mlcost_assets.billing.verify import lacks_rows, verified
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.lake.writer import LakeWriter

# Reports have many columns that are not read; a file that was damaged or made to may have any number.
_NAMED = 60
_THIS = "export_name = $export_name AND billing_period = $billing_period"


@dataclass(frozen=True)
class Outcome:
    """What became of one drop; `billed_cost` is None where it is in several currencies, which never add up, and
    `of_others` are those of its `rows` that are charges of other providers."""

    export: str
    period: str
    state: str
    reason: str | None = None
    rows: int = 0
    billed_cost: Decimal | None = Decimal(0)
    of_others: int = 0


def replace_period(lake: LakeWriter, drop: Drop, source: Source, priority: list[str]) -> Outcome:
    """Makes the charges of its period those of `drop`, opened as `source`, inside the caller's transaction.

    `priority` is as in load_drop. Raises DropRejectedError.
    """
    connection = lake.connection
    export, period = drop.manifest.export.name, drop.manifest.period
    keys = {"export_name": export, "billing_period": period}
    _refuse_twins(connection, drop)
    _refuse_torn_month(connection, keys, drop)
    alike = overlap(connection, drop)
    facts: dict[str, Any] = {
        "format": source.format.name,
        "net": source.readings.net,
        "notes": _notes(source),
        "unread_tags": sum(count for name, (count, _) in source.unreadable.items() if name in TAGS),
    }
    own = Told(export, accounts_of(connection, "exported_costs", keys))
    facts["accounts"] = sorted(own.accounts)
    if covering := _settle_shares(connection, keys, own, priority):
        for table in ("line_items", "quarantined_rows", "drop_totals"):
            run(connection, f"DELETE FROM {table} WHERE {_THIS}", keys)
        reason = why_shadowed(connection, "exported_costs", keys, covering)
        given = {"reason": reason, "covered_by": covering.export}
        ledger.record(connection, drop.manifest, drop, state="shadowed", **given, **facts)
        return Outcome(export, period, "shadowed", reason)
    good_version = run(
        connection,
        "SELECT rows, quarantined_rows - coalesce(other_provider_rows, 0)"
        f" FROM billing_drops WHERE {_THIS} AND state = 'loaded'",
        keys,
    ).fetchone()
    mapping = read_sql(__file__, "focus" if source.format.name == "focus" else "cur2")
    lake.replace("line_items", mapping, asdict(source.readings), **keys)
    set_aside = {
        "drop_id": drop.drop_id,
        "net": source.readings.net,
        "lacking": lacks_rows(lake, keys, source),
    }
    lake.replace("quarantined_rows", read_sql(__file__, "quarantined_rows"), set_aside, **keys)
    facts |= verified(lake, keys, drop.drop_id, source)
    if facts["quarantined_rows"] == facts["rows"] > facts["other_provider_rows"]:
        raise DropRejectedError(f"none of its {facts['rows']} rows can be read ({_first_set_aside(connection, keys)})")
    if good_version:
        _refuse_worse(connection, keys, facts, *good_version)
    facts["notes"] = "; ".join(filter(None, (_other_providers(connection, keys), alike, facts["notes"]))) or None
    ledger.record(connection, drop.manifest, drop, state="loaded", **facts)
    return Outcome(export, period, "loaded", None, facts["rows"], facts["billed_cost"], facts["other_provider_rows"])


def _refuse_twins(connection: duckdb.DuckDBPyConnection, drop: Drop) -> None:
    for key, other in twins(drop).items():
        has_rows = "SELECT count(*) > 0 FROM typed_rows WHERE x_source_file = $key"
        if (run(connection, has_rows, {"key": key}).fetchone() or [False])[0]:
            raise DropRejectedError(
                f"{excerpt(key, 160)} is {excerpt(other, 160)} once more; their rows would count twice"
            )


def _refuse_torn_month(connection: duckdb.DuckDBPyConnection, keys: dict[str, str], drop: Drop) -> None:
    """A plain file that gave rows to the period and cannot be read now would take them out of it."""
    unreadable = drop.manifest.plain.unreadable if drop.manifest.plain else {}
    if not unreadable:
        return
    of_it = f"SELECT min(x_source_file) FROM line_items WHERE {_THIS} AND list_contains($unreadable, x_source_file)"
    file = (run(connection, of_it, {**keys, "unreadable": list(unreadable)}).fetchone() or [None])[0]
    if file:
        raise DropRejectedError(unreadable[file])


def _settle_shares(
    connection: duckdb.DuckDBPyConnection, keys: dict[str, str], own: Told, priority: list[str]
) -> Told | None:
    """Two exports that tell of one account never add up: gives the one that keeps this drop out, if any, and takes out
    those that this drop keeps out."""
    loaded = run(
        connection,
        "SELECT export_name FROM billing_drops WHERE billing_period = $billing_period AND export_name <> $export_name"
        " AND state = 'loaded' ORDER BY 1",
        keys,
    ).fetchall()
    costs = f"(FROM line_items WHERE {_THIS} AND NOT is_split_cost)"
    others = [Told(name, accounts_of(connection, costs, {**keys, "export_name": name})) for (name,) in loaded]
    sharing = [other for other in others if other.shares(own)]
    for other in sharing:
        if other.counts_before(own, priority):
            return other
    for other in sharing:
        why = why_shadowed(connection, costs, {**keys, "export_name": other.export}, own)
        ledger.shadow(connection, other.export, keys["billing_period"], by=own.export, reason=why)
    return None


def _refuse_worse(
    connection: duckdb.DuckDBPyConnection,
    keys: dict[str, str],
    facts: dict[str, Any],
    rows: int,
    set_aside: int,
) -> None:
    """A drop that can be read less well than the one before does not take its place."""
    if rows and not facts["rows"]:
        raise DropRejectedError("the drop holds no rows; the period keeps the version loaded before")
    if (unread := facts["quarantined_rows"] - facts["other_provider_rows"]) > set_aside:
        raise DropRejectedError(
            f"{unread} rows cannot be read ({_first_set_aside(connection, keys)});"
            " the period keeps the version loaded before"
        )


def _first_set_aside(connection: duckdb.DuckDBPyConnection, keys: dict[str, str]) -> str:
    reason, file, row = run(
        connection,
        f"""
        SELECT reason, source_file, source_row FROM quarantined_rows
        WHERE {_THIS} ORDER BY starts_with(reason, $other), source_file, source_row, reason LIMIT 1
        """,
        {**keys, "other": f"{OTHER_PROVIDER}:"},
    ).fetchone() or ("", "", None)
    return f"first: {excerpt(reason, 160)}, in {excerpt(file, 160)}" + (f" row {row}" if row is not None else "")


def _other_providers(connection: duckdb.DuckDBPyConnection, keys: dict[str, str]) -> str | None:
    found = run(
        connection,
        f"""
        SELECT excerpt(split_part(reason, ': ', 2)) AS provider, count(*) FROM quarantined_rows
        WHERE {_THIS} AND starts_with(reason, $other) GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        {**keys, "other": f"{OTHER_PROVIDER}:"},
    ).fetchall()
    named = ", ".join(f"{provider} {count:,}" for provider, count in found)
    return f"rows of other providers, kept out of the bill: {named}" if found else None


def _notes(source: Source) -> str | None:
    notes = list(source.remarks)
    for column, (count, first) in source.unreadable.items():
        kind = KINDS[source.format.columns[column]]
        notes.append(f"{column}: {count} values are no {kind} (such as '{excerpt(first, 40)}') and left unknown")
    if source.missing:
        notes.append(f"not in the export: {', '.join(source.missing)}")
    if source.unread:
        more = f" and {len(source.unread) - _NAMED} more" if len(source.unread) > _NAMED else ""
        notes.append(f"not read: {', '.join(map(excerpt, source.unread[:_NAMED]))}{more}")
    return "; ".join(notes) or None
