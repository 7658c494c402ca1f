"""Running the job `refresh` in this process, as `mlcost refresh` does without a daemon."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import dagster as dg
from dagster._core.execution.execution_result import ExecutionResult

from mlcost_assets.automation import alerts
from mlcost_assets.automation.history import forget_old_runs
from mlcost_assets.automation.instance import fail_abandoned_runs, open_instance, set_environment
from mlcost_assets.automation.launch import run_here
from mlcost_assets.automation.plan import RefreshPlan, plan_refresh
from mlcost_assets.automation.told import NOTHING_NEW, Refreshed, report
from mlcost_assets.config import Config
from mlcost_assets.errors import ConfigError, LakeConflictError, MlcostError
from mlcost_assets.lake.damage import mend_catalog
from mlcost_assets.lake.periods import known_periods
from mlcost_assets.runtime.partitions import FORCE_TAG, MEND_TAG, contiguous, keep_periods, range_tags
from mlcost_assets.runtime.process import process_tag
from mlcost_assets.words import counted

_RETRIES_OF_A_CONFLICT = 3


def refresh_now(
    config: Config,
    periods: list[str],
    *,
    everything: bool,
    quiet: bool,
    instance: dg.DagsterInstance | None = None,
    plan: RefreshPlan | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Refreshed:
    """Runs what `plan_refresh` says (or said, in `plan`) is new, or the named periods, or everything.

    The run stands in the installation's Dagster instance, or in `instance`. `say` is told before it starts what an
    upgrade makes of it.
    Raises ConfigError for a period that no export has, and MlcostError where there is no bill at all.
    """
    mended = mend_catalog(config) if everything else []
    plan = plan or plan_refresh(config, look_at_files=True, mending=everything)
    wanted = _wanted(plan, periods, everything)
    set_environment(config)
    done = Refreshed(mended=mended)
    with nullcontext(instance) if instance else open_instance(config) as history:
        fail_abandoned_runs(config, history)
        keep_periods(history, plan.known_periods)
        if not wanted:
            done.headline = NOTHING_NEW
        else:
            if anew := [] if everything else sorted(set(wanted).intersection(plan.by_other_code)):
                months = f"{counted(len(anew), 'month')} ({', '.join(_ranges(anew))})"
                say(f"This version looks at {months} again, which another version made.")
            tags = ({FORCE_TAG: "yes"} if everything or periods else {}) | ({MEND_TAG: "yes"} if everything else {})
            _run(config, history, plan, wanted, tags, quiet, done)
            forget_old_runs(config, history)
    if not done.failures:
        report(config, wanted, plan, done)
    return done


def _wanted(plan: RefreshPlan, periods: list[str], everything: bool) -> list[str]:
    if not plan.known_periods:
        raise MlcostError("; ".join(plan.problems))
    unknown = [period for period in periods if period not in plan.known_periods]
    if unknown:
        known = known_periods(unknown[0], plan.known_periods)
        raise ConfigError(f"--period {unknown[0]}: no export has this billing period; {known}")
    return periods or (list(plan.known_periods) if everything else plan.periods)


def _run(
    config: Config,
    instance: dg.DagsterInstance,
    plan: RefreshPlan,
    wanted: list[str],
    asked: dict[str, str],
    quiet: bool,
    done: Refreshed,
) -> None:
    for first, last in contiguous(wanted, list(plan.known_periods)):
        tags = range_tags(first, last) | process_tag(config.home) | {alerts.TOLD_TAG: "yes"} | asked
        for _ in range(_RETRIES_OF_A_CONFLICT):
            result = run_here(instance, "refresh", tags, quiet=quiet)
            heed_interrupt(result)
            if not _lost_to_another(result):
                break
        done.failures += step_failures(result)
        told = done.failures or alerts.failed_checks(instance, result.run_id)
        done.untold += alerts.tell(config, told)
        if done.failures:
            return
    done.headline = f"Refreshed {', '.join(_ranges(wanted))}."


def _ranges(periods: list[str]) -> Iterator[str]:
    for first, last in contiguous(periods, periods):
        yield first if first == last else f"{first} to {last}"


def _errors(result: ExecutionResult) -> Iterator[tuple[str, Any]]:
    """The first cause of each failure, with the step where it was; `run` for one outside of all steps."""
    for event in result.all_events:
        error = None
        if event.is_step_failure:
            error = event.step_failure_data.error
        elif event.is_job_failure:
            error = event.job_failure_data.error
        while error and error.cause:
            error = error.cause
        if error:
            yield event.step_key or "run", error


def _lost_to_another(result: ExecutionResult) -> bool:
    return any(error.cls_name == LakeConflictError.__name__ for _, error in _errors(result))


def heed_interrupt(result: ExecutionResult) -> None:
    """Raises KeyboardInterrupt for a run that Ctrl-C ended: Dagster makes a failure of it, and nothing failed."""
    interrupts = {dg.DagsterExecutionInterruptedError.__name__, KeyboardInterrupt.__name__}
    if any(error.cls_name in interrupts for _, error in _errors(result)):
        raise KeyboardInterrupt


def step_failures(result: ExecutionResult) -> list[str]:
    """What made a run fail, a line each; none for one that succeeded."""
    if result.success:
        return []
    found = [
        f"{step}: {error.message.strip().removeprefix(f'{error.cls_name}: ').splitlines()[0]}"
        for step, error in _errors(result)
    ]
    blocking = [
        f"{check.asset_key.to_user_string()} · {check.check_name}: {check.description}"
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.blocking
    ]
    return blocking or found or [f"run {result.run_id} failed; see it with `mlcost dagster`"]
