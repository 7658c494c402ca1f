"""Loading one drop, whatever is wrong with it: it takes its period's place, or the ledger says why it does not.

Everything about a drop happens in one transaction of the working copy: either its charges, its
quarantined rows and its ledger entry all stand, or none does and the period keeps its last good version.
"""

from contextlib import suppress

from mlcost_assets.billing import ledger
from mlcost_assets.billing.boundary import reading_rows
from mlcost_assets.billing.deliveries import find_deliveries
from mlcost_assets.billing.manifests import Drop, Manifest, is_unchanged, open_drop
from mlcost_assets.billing.replace import Outcome, replace_period
from mlcost_assets.billing.source import Source, open_source
from mlcost_assets.errors import (
    DropChangedError,
    DropIncompleteError,
    DropRejectedError,
    NoRoomError,
    StorageError,
    excerpt,
)
from mlcost_assets.lake.writer import LakeWriter

_TRIES = 3
_LONGEST_REASON = 400


def load_drop(lake: LakeWriter, manifest: Manifest, priority: list[str]) -> Outcome:
    """Loads the drop that `manifest` names, or enters why it cannot be.

    `priority` are the exports' names in configured order: of two that tell of the same accounts, the first counts. A
    drop that was replaced while it was read is read again. Never raises for what is wrong with a drop; its outcome says
    so. Raises NoRoomError where this machine has no room to read it, and refuses nothing then.
    """
    for _ in range(_TRIES):
        try:
            return _loaded(lake, manifest, priority)
        except DropChangedError:
            manifest = _newest(manifest)
    return _entered(
        lake, manifest, None, "waiting", f"its files were replaced while they were read, {_TRIES} times over"
    )


def _loaded(lake: LakeWriter, manifest: Manifest, priority: list[str]) -> Outcome:
    drop: Drop | None = None
    try:
        drop = open_drop(manifest)
        lake.expect(sum(file.size for file in drop.files))
        with lake.temporary() as temporary:
            source = open_source(lake.connection, drop, temporary)
            return _taken_up(lake, drop, source, priority)
    except DropIncompleteError as error:
        state, reason = "waiting", str(error)
    except DropRejectedError as error:
        state, reason = "rejected", str(error)
    except NoRoomError:
        raise
    except StorageError as error:
        state, reason = "unreachable", str(error)
    if state != "unreachable" and not is_unchanged(manifest, drop):
        raise DropChangedError(reason)
    return _entered(lake, manifest, drop, state, excerpt(reason, _LONGEST_REASON))


def _taken_up(lake: LakeWriter, drop: Drop, source: Source, priority: list[str]) -> Outcome:
    manifest = drop.manifest
    with (
        reading_rows(manifest.export.uri, source.look_closer, lambda: _rehearse(lake, drop, source, priority)),
        lake.transaction(),
    ):
        outcome = replace_period(lake, drop, source, priority)
        if not is_unchanged(manifest, drop):
            raise DropChangedError(f"{manifest.entry.key} or its files were replaced while they were read")
    return outcome


class _RehearsedError(Exception):
    """Undoes the transaction in which something was only tried."""


def _rehearse(lake: LakeWriter, drop: Drop, source: Source, priority: list[str]) -> None:
    """Replaces the period by a drop without rows, for what that raises, and undoes it."""
    source.empty(lake.connection)
    with suppress(_RehearsedError), lake.transaction():
        replace_period(lake, drop, source, priority)
        raise _RehearsedError


def _newest(manifest: Manifest) -> Manifest:
    """The manifest that counts for the period now; the same where there is none to be had."""
    try:
        return find_deliveries(manifest.export, manifest.contents)[0].get(manifest.period, manifest)
    except StorageError:
        return manifest


def _entered(lake: LakeWriter, manifest: Manifest, drop: Drop | None, state: str, reason: str) -> Outcome:
    with lake.transaction() as connection:
        ledger.record(connection, manifest, drop, state=state, reason=reason)
    return Outcome(manifest.export.name, manifest.period, state, reason)
