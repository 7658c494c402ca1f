"""What `mlcost doctor` looks at, one function a finding."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlcost_assets.automation.plan import plan_refresh
from mlcost_assets.billing.deliveries import find_deliveries
from mlcost_assets.billing.ledger import drop_problems
from mlcost_assets.billing.manifests import open_drop
from mlcost_assets.config import Config, Export
from mlcost_assets.config.rules import load_rules
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.damage import inspect
from mlcost_assets.lake.engine import connect
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.stores import open_store
from mlcost_assets.quality.summary import likely_twins
from mlcost_assets.runtime.months import no_month
from mlcost_assets.words import counted

_STALE = timedelta(hours=36)
_ENOUGH_DISK = 2 * 1024**3

_REFRESH = "Run `mlcost refresh`, or let `mlcost dagster` run: its sensors do it."
_REPAIR = "Run `mlcost doctor --repair`: it makes them anew from exports and records, and says what stays lost."
_NOTHING_NEW = "Nothing new for more than 36 hours: look at the export's status in AWS Billing → Data Exports."
_NO_MONTH = "Replace the file by a whole one, or take it away; the months that are loaded stay."
# What may be wrong with the newest drop of a month, and how it is mended.
_MENDS = {
    "unusable": "Mend or replace what the reason names and run `mlcost refresh`; AWS's next delivery mends most of it.",
    "shadowed": "Nothing is missing if it is so meant; else take one of the two exports out of mlcost.yaml.",
    "set_aside": '`mlcost query "FROM quarantined_rows"` says why, row by row.',
}
_COMPLETENESS = (
    "No manifest says which files make a month: all that are there count. Where rows have no line-item ids (FOCUS),"
    " take care that no charge stands in two of them."
)


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
        yield from _export(export, Contents(config.home))
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


def _export(export: Export, contents: Contents) -> Iterator[Finding]:
    what = f"export {export.name} at {export.uri}"
    try:
        deliveries, unreadable = find_deliveries(export, contents)
        for why in unreadable.values():
            yield Finding(False, f"export {export.name}: {why}", _NO_MONTH)
        if not (months := [month for month in sorted(deliveries) if not no_month(month)]):
            impossible = [f"{month}: {no_month(month)}" for month in deliveries]
            yield from (Finding(False, what, why) for why in impossible)
            return
        newest = deliveries[months[-1]]
        drop = open_drop(newest)
    except MlcostError as error:
        yield Finding(False, what, str(error))
        return
    modified = f"{newest.entry.modified:%Y-%m-%d %H:%M} UTC"
    periods = f"{counted(len(months), 'billing period')}, newest {newest.period}"
    if newest.plain:
        files = f"{len(drop.files)} plain files" if len(drop.files) > 1 else "a plain file"
        yield Finding(True, f"{what}: {periods}, {files} of {modified}, completeness unknown", _COMPLETENESS)
        return
    age = datetime.now(UTC) - newest.entry.modified
    yield Finding(True, f"{what}: {periods}, delivered {modified}", "" if age < _STALE else _NOTHING_NEW)


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
        twins = list(likely_twins(reader.connection()))
        # What is lost is not read.
        damage = inspect(config, read=False)
        problems = [] if damage else [one for one in drop_problems(reader.connection()) if one[0] in _MENDS]
    except MlcostError as error:
        yield Finding(False, f"lake at {config.lake}", str(error))
        return
    finally:
        reader.close()
    refreshes = counted(rows[1], "refresh", "refreshes")
    published = f", last published {rows[0]:%Y-%m-%d %H:%M} UTC" if rows[0] else ""
    yield Finding(True, f"lake at {config.lake}: {refreshes}{published}")
    for line in twins:
        yield Finding(True, line)
    if damage:
        lost = counted(len(damage), "file of the lake is", "files of the lake are")
        yield Finding(False, f"{lost} lost, first {damage[0]}", _REPAIR)
    yield from (Finding(False, text, _MENDS[problem]) for problem, text in problems)
    yield from _waiting(config, settled=not problems)
    yield _runs(config)
    yield _history(config.home / "dagster")


def _waiting(config: Config, *, settled: bool) -> Iterator[Finding]:
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
    elif settled and not plan.problems:
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
