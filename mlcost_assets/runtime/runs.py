"""What a run was asked to do: refused before anything is touched where it cannot be, and whether all of it was done."""

from typing import NoReturn

import dagster as dg
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable

from mlcost_assets.lake.periods import known_periods
from mlcost_assets.runtime.partitions import delivered_periods, unknown_period

_FROM_FAILURE = {"dagster/is_resume_retry", "dagster/is_asset_resume_retry"}
PUBLISHED = dg.AssetKey("published")


def is_selection(run: dg.DagsterRun | None) -> bool:
    """Whether a run makes some assets only, and not the last one, which publishes what all have made."""
    return bool(run and run.asset_selection and PUBLISHED not in run.asset_selection)


def refuse_impossible(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Ends a run that cannot do what its button says, in one line."""
    if period := unknown_period(instance, run.tags):
        known = known_periods(period, delivered_periods(instance))
        refuse(instance, run, f"{period}: no export has delivered this billing period; {known}.")
    if _FROM_FAILURE & run.tags.keys():
        refuse(
            instance, run, "The steps before are gone with the run that failed: use Re-execute all, not from failure."
        )


def refuse(instance: dg.DagsterInstance, run: dg.DagsterRun, why: str) -> NoReturn:
    """Ends the run as cancelled, which leaves no asset red and calls nobody: all that is published stands as it was,
    and so do the checks of it."""
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):
        # Dagster noted them as planned when it launched the run, and would show all of them as skipped.
        planned = AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run.run_id)
        with storage.index_connection() as connection:
            connection.execute(planned)
    instance.report_run_canceling(run, f"{why} Nothing was changed.")
    raise dg.DagsterExecutionInterruptedError(why)


def has_succeeded(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether every step of a run came to its end, blocking checks included."""
    plan = instance.get_execution_plan_snapshot(str(run.execution_plan_snapshot_id))
    ended = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS).records
    return {record.event_log_entry.step_key for record in ended} == set(plan.step_keys_to_execute)
