"""Loading one drop, whatever is wrong with it: it takes its period's place, or the ledger says why it does not.

Everything about a drop happens in one transaction of the working copy: either its charges, its
quarantined rows and its ledger entry all stand, or none does and the period keeps its last good version.
"""

import re

import duckdb

from mlcost_assets.billing import ledger
from mlcost_assets.billing.manifests import Drop, Manifest, is_unchanged, newest_manifests, open_drop
from mlcost_assets.billing.replace import Outcome, replace_period
from mlcost_assets.errors import DropChangedError, DropIncompleteError, DropRejectedError, StorageError
from mlcost_assets.lake.s3 import s3_mend
from mlcost_assets.lake.writer import LakeWriter

# What DuckDB says of a file; anything else it says is a fault of ours and must not pass for one of the drop's.
_UNREADABLE = (
    duckdb.ConversionException,
    duckdb.HTTPException,
    duckdb.IOException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
)
_TRIES = 3


def load_drop(lake: LakeWriter, manifest: Manifest, priority: list[str]) -> Outcome:
    """Loads the drop that `manifest` names, or enters why it cannot be.

    `priority` are the exports' names in configured order: of two that cover one payer and period, the first
    counts. A drop that was replaced while it was read is read again. Never raises for what is wrong with a drop; its
    outcome says so.
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
        with lake.transaction(), lake.temporary() as temporary:
            outcome = replace_period(lake, drop, temporary, priority)
            if not is_unchanged(manifest, drop):
                raise DropChangedError(f"{manifest.entry.key} or its files were replaced while they were read")
            return outcome
    except DropIncompleteError as error:
        state, reason = "waiting", str(error)
    except DropRejectedError as error:
        state, reason = "rejected", str(error)
    except StorageError as error:
        state, reason = "unreachable", str(error)
    except _UNREADABLE as error:
        state, reason = _what_duckdb_says(manifest, error)
    if state != "unreachable" and not is_unchanged(manifest, drop):
        raise DropChangedError(reason)
    return _entered(lake, manifest, drop, state, reason)


def _what_duckdb_says(manifest: Manifest, error: duckdb.Error) -> tuple[str, str]:
    said = str(error).splitlines()[0]
    if isinstance(error, duckdb.HTTPException):
        return "unreachable", f"{manifest.export.uri}: {s3_mend(str(getattr(error, 'status_code', ''))) or said}"
    if no_answer := re.fullmatch(r"IO Error: (.*) error for HTTP .*", said):
        return "unreachable", f"{manifest.export.uri}: no answer from S3 ({no_answer[1]}). Check network and endpoint."
    return "rejected", f"a file cannot be read: {said}"


def _newest(manifest: Manifest) -> Manifest:
    """The manifest that counts for the period now; the same where there is none to be had."""
    try:
        return newest_manifests(manifest.export).get(manifest.period, manifest)
    except StorageError:
        return manifest


def _entered(lake: LakeWriter, manifest: Manifest, drop: Drop | None, state: str, reason: str) -> Outcome:
    with lake.transaction() as connection:
        ledger.record(connection, manifest, drop, state=state, reason=reason)
    return Outcome(manifest.export.name, manifest.period, state, reason)
