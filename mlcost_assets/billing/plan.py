"""Which periods have something to load: the one answer for sensor, command line and doctor.

The truth is the ledger in the lake, never a cursor or a run key: a drop counts as done when `billing_drops`
says so for its content. Looking costs one listing of each export's metadata/ folder; data files are only
looked at where the last drop could not be used and may have been mended.
"""

from dataclasses import dataclass

import duckdb

from mlcost_assets.billing.ledger import Standing, standing
from mlcost_assets.billing.manifests import Manifest, newest_manifests, open_drop
from mlcost_assets.config import Config
from mlcost_assets.errors import DropRejectedError, StorageError


@dataclass(frozen=True)
class Plan:
    """What differs between the exports and the lake.

    `pending` are manifests whose drop is not in the lake; `retired` are (export, period) in the lake whose
    export mlcost.yaml no longer has; `unreachable` says by export why it could not be looked at.
    """

    pending: tuple[Manifest, ...]
    retired: tuple[tuple[str, str], ...]
    unreachable: dict[str, str]
    known_periods: tuple[str, ...]

    @property
    def changed_periods(self) -> list[str]:
        """The billing periods to refresh, oldest first."""
        return sorted({one.period for one in self.pending} | {period for _, period in self.retired})


def make_plan(config: Config, connection: duckdb.DuckDBPyConnection | None) -> Plan:
    """Compares the exports' manifests with the ledger; `connection` is None before the first refresh."""
    ledger = standing(connection) if connection else {}
    pending: list[Manifest] = []
    unreachable: dict[str, str] = {}
    known = {period for (_, period), entry in ledger.items() if entry.state in ("loaded", "superseded")}
    for export in config.billing.exports:
        try:
            manifests = newest_manifests(export)
        except StorageError as error:
            unreachable[export.name] = str(error)
            continue
        known |= set(manifests)
        pending += [
            manifest
            for period, manifest in sorted(manifests.items())
            if _differs(manifest, ledger, [one.name for one in config.billing.exports])
        ]
    names = {export.name for export in config.billing.exports}
    retired = tuple(key for key, entry in sorted(ledger.items()) if key[0] not in names and entry.state != "retired")
    return Plan(tuple(pending), retired, unreachable, tuple(sorted(known)))


def _differs(manifest: Manifest, ledger: dict[tuple[str, str], Standing], priority: list[str]) -> bool:
    entry = ledger.get((manifest.export.name, manifest.period))
    if entry is None or entry.manifest_etag != manifest.entry.etag:
        return True
    if entry.state == "shadowed":  # until the export that covers it no longer does, or no longer comes first
        covering = ledger.get((entry.covered_by or "", manifest.period))
        return (
            covering is None
            or covering.state == "retired"
            or entry.covered_by not in priority
            or priority.index(entry.covered_by) > priority.index(manifest.export.name)
        )
    if entry.state in ("loaded", "superseded"):
        return False
    try:
        return open_drop(manifest).drop_id != entry.drop_id
    except (DropRejectedError, StorageError):
        return False
