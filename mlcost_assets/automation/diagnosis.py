"""What `mlcost doctor` looks at, one function a finding."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.billing.manifests import newest_manifests, open_drop
from mlcost_assets.config import Config, Export
from mlcost_assets.config.rules import load_rules
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.damage import inspect
from mlcost_assets.lake.engine import connect
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.stores import open_store
from mlcost_assets.words import counted

_STALE = timedelta(hours=36)
_ENOUGH_DISK = 2 * 1024**3

_NO_MANIFEST = (
    "No manifest below metadata/BILLING_PERIOD=…/. Is uri the export's own folder, the one that holds metadata/ and"
    " data/? A new export delivers first within a day."
)
_REFRESH = "Run `mlcost refresh`, or let `mlcost dagster` run: its sensors do it."
_REPAIR = "Run `mlcost doctor --repair`: it makes them anew from exports and records, and says what stays lost."
_NOTHING_NEW = "Nothing new for more than 36 hours: look at the export's status in AWS Billing → Data Exports."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    what: str
    mend: str = ""


def diagnose(config: Config) -> Iterator[Finding]:
    """Looks at everything a refresh needs; nothing is changed, but that runs of killed processes are ended."""
    yield _rules(config)
    yield _engine()
    yield _home(config)
    for export in config.billing.exports:
        yield _export(export)
    yield _landing_zone(config)
    yield from _accounts(config)
    yield from _lake(config)


def _rules(config: Config) -> Finding:
    try:
        rules = load_rules(config.attribution.rules)
    except MlcostError as error:
        return Finding(False, "rules.yaml", str(error))
    workloads, splits = counted(len(rules.workloads), "workload"), counted(len(rules.splits), "split")
    return Finding(True, f"rules: {workloads}, {counted(len(rules.rules), 'rule')}, {splits}")


def _engine() -> Finding:
    try:
        connect().close()
    except MlcostError as error:
        return Finding(False, "DuckDB and its DuckLake extension", str(error))
    return Finding(True, "DuckDB and its DuckLake extension")


def _home(config: Config) -> Finding:
    folder = next(parent for parent in (config.home, *config.home.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        free > _ENOUGH_DISK,
        f"{free / 1024**3:,.1f} GiB free for {config.home}",
        "" if free > _ENOUGH_DISK else "Make room, or set home in mlcost.yaml to another disk.",
    )


def _export(export: Export) -> Finding:
    what = f"export {export.name} at {export.uri}"
    try:
        manifests = newest_manifests(export)
        if not manifests:
            return Finding(False, what, _NO_MANIFEST)
        newest = manifests[max(manifests)]
        open_drop(newest)
    except MlcostError as error:
        return Finding(False, what, str(error))
    age = datetime.now(UTC) - newest.entry.modified
    delivered = f"newest {newest.period}, delivered {newest.entry.modified:%Y-%m-%d %H:%M} UTC"
    return Finding(
        True, f"{what}: {counted(len(manifests), 'billing period')}, {delivered}", "" if age < _STALE else _NOTHING_NEW
    )


def _landing_zone(config: Config) -> Finding:
    if config.metadata is None:
        mend = "Without metadata only tags, rules and accounts tell owners; add metadata.uri to mlcost.yaml."
        return Finding(True, "no metadata landing zone is configured", mend)
    try:
        files = list(open_store(config.metadata.uri).list())
    except MlcostError as error:
        return Finding(False, f"metadata at {config.metadata.uri}", str(error))
    if not files:
        return Finding(True, f"metadata at {config.metadata.uri} is empty", "Let a collector write its records there.")
    newest = max(file.modified for file in files)
    return Finding(
        True, f"metadata at {config.metadata.uri}: {counted(len(files), 'file')}, newest {newest:%Y-%m-%d %H:%M} UTC"
    )


def _accounts(config: Config) -> Iterator[Finding]:
    for account in config.metadata.accounts if config.metadata else []:
        from mlcost_assets.collect.places import AccountSession
        from mlcost_assets.collect.policy import allowed_operations

        what = f"account {account.account_id}" + (f" through {account.role_arn}" if account.role_arn else "")
        try:
            AccountSession(account, allowed_operations()).verify()
        except MlcostError as error:
            yield Finding(False, what, f"{error}. See docs/collect.md for the role and its trust policy.")
        else:
            yield Finding(True, what)


def _lake(config: Config) -> Iterator[Finding]:
    reader = LakeReader(config)
    try:
        rows = reader.query("SELECT max(published_at), count(*) FROM refreshes").fetchone() or (None, 0)
    except MlcostError as error:
        yield Finding(False, f"lake at {config.lake}", str(error))
        return
    finally:
        reader.close()
    refreshes = counted(rows[1], "refresh", "refreshes")
    yield Finding(True, f"lake at {config.lake}: {refreshes}, last published {rows[0]:%Y-%m-%d %H:%M} UTC")
    if damage := inspect(config, read=False):
        lost = counted(len(damage), "file of the lake is", "files of the lake are")
        yield Finding(False, f"{lost} lost, first {damage[0]}", _REPAIR)
    yield from _waiting(config)
    yield _runs(config)
    yield _history(config.home / "dagster")


def _waiting(config: Config) -> Iterator[Finding]:
    try:
        plan = plan_refresh(config)
    except MlcostError as error:
        yield Finding(False, "what is not loaded yet cannot be told", str(error))
        return
    for problem in plan.problems:
        yield Finding(False, problem)
    if plan.pending or plan.new_metadata:
        drops, files = counted(len(plan.pending), "drop"), counted(len(plan.new_metadata), "metadata file")
        yield Finding(True, f"not loaded yet: {drops} and {files}", _REFRESH)
    elif plan.by_other_rules:
        yield Finding(True, f"rules.yaml changed after it made {counted(len(plan.by_other_rules), 'month')}", _REFRESH)
    else:
        yield Finding(True, "everything that was delivered is loaded")


def _runs(config: Config) -> Finding:
    from mlcost_assets.automation.instance import fail_abandoned_runs, open_instance

    with open_instance(config) as instance:
        ended = fail_abandoned_runs(config, instance)
    if ended:
        runs = counted(len(ended), "run")
        return Finding(True, f"ended: {runs} whose process was killed; nothing of them was published")
    return Finding(True, "no run stands as started whose process is gone")


def _history(folder: Path) -> Finding:
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.exists() else 0
    mend = "Old runs can be deleted in Dagster's UI (Runs)." if size > 1024**3 else ""
    return Finding(True, f"Dagster's run history takes {size / 1024**2:,.0f} MiB", mend)
