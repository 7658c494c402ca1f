"""Which periods have something to load: the one answer for sensor, command line and doctor.

The truth is the ledger in the lake, never a cursor or a run key: a drop counts as done when `billing_drops`
says so for its content. Looking costs one listing of each export's metadata/ folder (of plain files, of these); a new
plain file is looked into for its months. Data files are only looked at where the last drop could not be used and may
have been mended, and, in a refresh, where they may have been replaced under a manifest that stayed as it was.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from mlcost_assets.billing.deliveries import find_deliveries
from mlcost_assets.billing.ledger import Standing, standing
from mlcost_assets.billing.manifests import AT_ONCE, Drop, Manifest, open_drop, without_manifest
from mlcost_assets.billing.shadows import Told
from mlcost_assets.config import Config
from mlcost_assets.errors import DropRejectedError, StorageError
from mlcost_assets.lake.contents import Contents
from mlcost_assets.runtime.months import no_month
from mlcost_assets.runtime.versions import code_version


@dataclass(frozen=True)
class Plan:
    """What differs between the exports and the lake.

    `pending` are manifests whose drop is not in the lake; `retired` are (export, period) in the lake whose
    export mlcost.yaml no longer has; `unreachable` says by export why it could not be looked at; `without_manifest`
    are (export, period) that have data files and no manifest (told where files are looked at); `impossible`
    are (export, period) that folders name though there can be no such month; `unreadable` are (export, why) of plain
    files of which nobody can tell the months.
    """

    pending: tuple[Manifest, ...]
    retired: tuple[tuple[str, str], ...]
    unreachable: dict[str, str]
    known_periods: tuple[str, ...]
    without_manifest: tuple[tuple[str, str], ...] = ()
    impossible: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> list[str]:
        """What cannot be taken up and stands in no ledger, a sentence each."""
        unnamed = [
            f"{export} {period} is waiting: it has data files but no manifest, which AWS writes last"
            for export, period in self.without_manifest
        ]
        impossible = [f"{export} {period} is left out: {no_month(period)}" for export, period in self.impossible]
        without_month = [f"{export}: {why}; nothing of it is loaded" for export, why in self.unreadable]
        return [f"{name}: {why}" for name, why in self.unreachable.items()] + unnamed + impossible + without_month

    @property
    def changed_periods(self) -> list[str]:
        """The billing periods to refresh, oldest first."""
        return sorted({one.period for one in self.pending} | {period for _, period in self.retired})


_GOOD = ("loaded", "superseded")
_TAKEN_UP = (*_GOOD, "shadowed")
# AWS replaces data files first and the manifest last: files younger than this are a delivery under way.
_SETTLED = timedelta(minutes=10)


def make_plan(
    config: Config,
    connection: duckdb.DuckDBPyConnection | None,
    *,
    look_at_files: bool = False,
    everything: bool = False,
) -> Plan:
    """Compares the exports' manifests with the ledger; `connection` is None before the first refresh.

    With `look_at_files` those of loaded drops too: two requests a drop, so not for a sensor. With `everything` all
    that the exports hold is pending, loaded or not.
    """
    compared = _Compared(
        ledger=standing(connection) if connection else {},
        priority=[export.name for export in config.billing.exports],
        look_at_files=look_at_files,
        outdated=_outdated(connection) if connection else frozenset(),
    )
    pending: list[Manifest] = []
    unreachable: dict[str, str] = {}
    unnamed: list[tuple[str, str]] = []
    impossible: list[tuple[str, str]] = []
    unreadable: list[tuple[str, str]] = []
    contents = Contents(config.home)
    known = {period for (_, period), entry in compared.ledger.items() if entry.state in _GOOD}
    for export in config.billing.exports:
        try:
            named, faults = find_deliveries(export, contents)
            bare = without_manifest(named) if look_at_files else []
        except StorageError as error:
            unreachable[export.name] = str(error)
            continue
        impossible += [(export.name, period) for period in sorted([*named, *bare]) if no_month(period)]
        unreadable += [(export.name, why) for _, why in sorted(faults.items())]
        unnamed += [(export.name, period) for period in bare if not no_month(period)]
        newest = [named[period] for period in sorted(named) if not no_month(period)]
        known |= {one.period for one in newest}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            differing = pool.map(compared.differs, newest)
            pending += [one for one, differs in zip(newest, differing, strict=True) if everything or differs]
    retired = tuple(
        key
        for key, entry in sorted(compared.ledger.items())
        if key[0] not in compared.priority and entry.state != "retired"
    )
    return Plan(
        tuple(pending),
        retired,
        unreachable,
        tuple(sorted(known)),
        tuple(unnamed),
        tuple(impossible),
        tuple(unreadable),
    )


def _outdated(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The months that were loaded as another version maps exports."""
    rows = connection.execute(
        "SELECT billing_period FROM made WHERE table_name = 'line_items' AND made_from IS DISTINCT FROM ?",
        [code_version("line_items")],
    ).fetchall()
    return frozenset(period for (period,) in rows)


@dataclass(frozen=True)
class _Compared:
    ledger: dict[tuple[str, str], Standing]
    priority: list[str]
    look_at_files: bool
    outdated: frozenset[str]

    def differs(self, manifest: Manifest) -> bool:
        """Whether the drop of `manifest` is to be taken up: it is not in the ledger, or may fare better now."""
        entry = self.ledger.get((manifest.export.name, manifest.period))
        if entry is None or entry.state == "lost" or _is_another(manifest, entry):
            return True
        if entry.state == "shadowed":
            return self._is_uncovered(manifest, entry)
        outdated = entry.state in _GOOD and manifest.period in self.outdated
        if entry.state in _GOOD and not (self.look_at_files or outdated):
            return False
        try:
            drop = open_drop(manifest)
            if outdated:
                return _answers(drop)
            if entry.state == "unreachable":
                return _answers(drop)
            return drop.drop_id != entry.drop_id and (entry.state not in _GOOD or _is_settled(drop))
        except (DropRejectedError, StorageError):
            return False

    def _is_uncovered(self, manifest: Manifest, entry: Standing) -> bool:
        """Whether the export that covers the drop of `entry` no longer does, or no longer comes first."""
        by = entry.covered_by or ""
        covering = self.ledger.get((by, manifest.period))
        if covering is None or covering.state in ("retired", "shadowed") or by not in self.priority:
            return True
        if not covering.accounts:  # its newest drop cannot be read: the one before it stands
            return not entry.accounts
        own, other = (Told(manifest.export.name, frozenset(entry.accounts)), Told(by, frozenset(covering.accounts)))
        return not (other.shares(own) and other.counts_before(own, self.priority))


def _is_another(manifest: Manifest, entry: Standing) -> bool:
    """Whether `manifest` is not the one of `entry`; a copy of what is loaded is no other, whatever its times are."""
    if entry.manifest_etag == manifest.entry.etag:
        return False
    try:
        return entry.state not in _TAKEN_UP or open_drop(manifest).drop_id != entry.drop_id
    except (DropRejectedError, StorageError):
        return True


def _answers(drop: Drop) -> bool:
    """Whether what could not be read when it was tried last can be read now. Raises StorageError."""
    with drop.manifest.store.open(drop.files[0].key) as file:
        return bool(file.read(1)) or not drop.files[0].size


def _is_settled(drop: Drop) -> bool:
    # Far in the future is no delivery under way either, but another clock that was ahead.
    now = datetime.now(UTC)
    return all(abs(now - file.modified) > _SETTLED for file in drop.files)
