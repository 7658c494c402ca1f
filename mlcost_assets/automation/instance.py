"""The Dagster instance of an installation: in `home`, without telemetry, cleaned of runs whose process is gone."""

import json
import os
from pathlib import Path
from time import time

import dagster as dg
from filelock import FileLock, Timeout

from mlcost_assets.automation.storage import make_databases
from mlcost_assets.config import Config
from mlcost_assets.lake.home import LOCK, make_private
from mlcost_assets.runtime.process import PROCESS_TAG, forget_dead, is_alive

_OURS = "# Written by mlcost"
_SETTINGS = f"""\
{_OURS}, and brought up to date by it; without this line it is yours and left alone.
# In-process runs beside the daemon's; nothing is reported to anybody.
nux:
  enabled: false
telemetry:
  enabled: false
run_queue:
  max_concurrent_runs: 1
# Ends runs whose worker never came up or never went down; those whose worker was killed are ended by mlcost.
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  cancel_timeout_seconds: 180
  poll_interval_seconds: 60
event_log_storage:
  module: mlcost_assets.automation.events
  class: OpenEventLog
  config: {{base_dir: __folder__}}
# Runs print nothing; capturing that would keep two files of each run for ever, and two processes beside it.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
# Sensors tick some thousand times a day.
retention:
  schedule: {{purge_after_days: 90}}
  sensor: {{purge_after_days: {{skipped: 1, success: 30, failure: 30, started: 30}}}}
"""
# What holds the queue: a run that waits in it holds nothing.
_UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
# A worker tells its process within seconds.
_TAGGED_AFTER_SECONDS = 300


def dagster_home(config: Config) -> Path:
    """The instance's folder, made on first use. Settings that mlcost wrote are kept up to date, a user's left alone."""
    make_private(config.home)
    home = config.home / "dagster"
    home.mkdir(exist_ok=True)
    settings = home / "dagster.yaml"
    standing = settings.read_text(encoding="utf-8") if settings.exists() else _OURS
    # JSON quotes a path as YAML reads it.
    ours = _SETTINGS.replace("__folder__", json.dumps(str(home.absolute() / "history" / "runs")))
    if standing.startswith(_OURS) and standing != ours:
        whole = settings.with_suffix(f".{os.getpid()}")  # a daemon may read it just now
        whole.write_text(ours, encoding="utf-8")
        whole.replace(settings)
    if standing.startswith(_OURS):
        make_databases(home)
    return home


def open_instance(config: Config) -> dg.DagsterInstance:
    """The instance, with this process's environment set as `dagster` commands and our runs expect it."""
    set_environment(config)
    return dg.DagsterInstance.get()


def set_environment(config: Config) -> None:
    """Tells what runs in this process, and the processes that it starts, which installation is theirs."""
    os.environ["DAGSTER_HOME"] = str(dagster_home(config))
    os.environ["MLCOST_CONFIG"] = str(config.path)
    # A step's partitions are then stored together (OpenEventLog.store_event_batch).
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")


def fail_abandoned_runs(config: Config, instance: dg.DagsterInstance) -> list[str]:
    """Ends runs whose process was killed, which would hold the queue for ever; gives their ids."""
    ended = []
    for record in instance.get_run_records(filters=dg.RunsFilter(statuses=_UNDER_WAY)):
        run = record.dagster_run
        if not _is_abandoned(config, instance, record):
            continue
        now = instance.get_run_by_id(run.run_id)  # it may have come to its end, and then its process
        if now is None or now.status not in _UNDER_WAY:
            continue
        canceled = now.status == dg.DagsterRunStatus.CANCELING
        end = instance.report_run_canceled if canceled else instance.report_run_failed
        end(now, "The process that ran this is gone; nothing of it was published.")
        ended.append(run.run_id)
    forget_dead(config.home)
    return ended


def _is_abandoned(config: Config, instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    if process := _process(instance, record.dagster_run):
        return not is_alive(config.home, process)
    since = record.start_time or record.create_timestamp.timestamp()
    # The clock may have been set back since.
    return abs(time() - since) > _TAGGED_AFTER_SECONDS and not _is_written(config)


def _is_written(config: Config) -> bool:
    """Whether somebody writes the lake now: a run of a version that tagged its runs otherwise, or not at all."""
    try:
        FileLock(config.home / LOCK).acquire(timeout=0).lock.release()
    except Timeout:
        return True
    return False


def _process(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """The process that runs `run`; None while it has not told."""
    process = run.tags.get(PROCESS_TAG, ":")
    if ":" in process:  # as versions before wrote it
        return None
    # A run that is run again begins with its parent's tags.
    parent = run.parent_run_id and instance.get_run_by_id(run.parent_run_id)
    return None if parent and parent.tags.get(PROCESS_TAG) == process else process
