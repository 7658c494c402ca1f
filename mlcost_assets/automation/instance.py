"""The Dagster instance of an installation: in `home`, without telemetry, cleaned of runs whose process is gone."""

import os
import socket
from pathlib import Path

import dagster as dg

from mlcost_assets.config import Config

PROCESS_TAG = "mlcost/process"

_SETTINGS = """\
# Written by mlcost. In-process runs beside the daemon's; nothing is reported to anybody.
nux:
  enabled: false
telemetry:
  enabled: false
run_queue:
  max_concurrent_runs: 1
# Runs print nothing; capturing that would keep two files of each run for ever, and two processes beside it.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def dagster_home(config: Config) -> Path:
    """The instance's folder, made on first use; settings that are already there are left alone."""
    home = config.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return home


def open_instance(config: Config) -> dg.DagsterInstance:
    """The instance, with this process's environment set as `dagster` commands expect it."""
    os.environ["DAGSTER_HOME"] = str(dagster_home(config))
    os.environ["MLCOST_CONFIG"] = str(config.path)
    return dg.DagsterInstance.get()


def process_tag() -> dict[str, str]:
    """Run tag that tells which process runs it."""
    return {PROCESS_TAG: f"{socket.gethostname()}:{os.getpid()}"}


def fail_abandoned_runs(instance: dg.DagsterInstance) -> int:
    """Ends runs of killed `mlcost` processes of this machine, which would stand as started for ever."""
    ended = 0
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        host, _, process = run.tags.get(PROCESS_TAG, "").partition(":")
        if host == socket.gethostname() and not _is_alive(int(process)):
            instance.report_run_failed(run, "The process that ran this is gone; nothing of it was published.")
            ended += 1
    return ended


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
