"""Running a job in this process, as the command line does without a daemon: in Dagster's history it is a run of the
code location like any other."""

import gc
import sys
import warnings
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.execution.execution_result import ExecutionResult
from dagster._core.remote_origin import ManagedGrpcPythonEnvCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

LOCATION = "mlcost"
MODULE = "mlcost_assets.definitions"
# Python looks for circles of objects that nobody needs whenever 700 more are alive. What Dagster defines and notes is
# alive until the end, and is looked through each time: a tenth of a small refresh. A rarer look finds the same.
_LOOK_AFTER = 50_000


def run_here(instance: dg.DagsterInstance, job: str, tags: Mapping[str, str], *, quiet: bool) -> ExecutionResult:
    """Runs `job` to its end and tells on standard error how far it is, unless `quiet`; what fails is in the result."""
    gc.set_threshold(_LOOK_AFTER)
    loggers: dict[str, Any] = {"console": {"config": {"log_level": "CRITICAL"}}} if quiet else {"progress": {}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dagster's own beta warnings are not the user's business
        from mlcost_assets.definitions import defs

        made = defs.resolve_job_def(job)
        run = instance.create_run_for_job(
            made, run_config={"loggers": loggers}, tags=tags, remote_job_origin=_origin(job)
        )
        return execute_run(InMemoryJob(made), run, instance)


def _origin(job: str) -> RemoteJobOrigin:
    """Where the UI finds the job, so that it shows the run in the history of that job."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=MODULE)
    return RemoteJobOrigin(
        RemoteRepositoryOrigin(ManagedGrpcPythonEnvCodeLocationOrigin(target, LOCATION), "__repository__"), job
    )
