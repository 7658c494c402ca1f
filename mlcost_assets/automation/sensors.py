"""Sensors: a new billing drop, new metadata or other rules ask for a run, exactly once; killed runs are ended.

The truth of what is loaded is the ledger in the published lake. A sensor's cursor only remembers what it asked for, so
that a run that is under way is not asked for again and one that failed is tried anew: soon, then once a day for ever.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from time import time

import dagster as dg

from mlcost_assets.automation.history import forget_old_runs
from mlcost_assets.automation.instance import fail_abandoned_runs
from mlcost_assets.automation.jobs import refresh
from mlcost_assets.automation.plan import RefreshPlan, plan_refresh
from mlcost_assets.automation.unconfigured import skips_unconfigured
from mlcost_assets.config import load_config
from mlcost_assets.runtime.partitions import contiguous, keep_periods, range_tags

REQUEST_TAG = "mlcost/request"
# After how many minutes a request is tried again; after the last of them once a day.
_WAITS = (5, 15, 60)
_THEN = 24 * 60
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run of every billing month whose newest delivery is not loaded yet.",
)
@skips_unconfigured
def new_billing_drops(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run of every billing period whose newest manifest is not in the lake.

    Looks at manifests only, so a tick costs one listing an export.
    """
    plan = plan_refresh(load_config())
    wanted: dict[str, list[str]] = {}
    for manifest in plan.pending:
        wanted.setdefault(manifest.period, []).append(
            f"{manifest.export.name} {manifest.entry.key} {manifest.entry.etag}"
        )
    for export, period in plan.retired:
        wanted.setdefault(period, []).append(f"{export} retired")
    return _requests(context, plan, wanted)


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run when new metadata records landed or rules.yaml changed: owners are found anew.",
)
@skips_unconfigured
def new_metadata(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run when files landed in the landing zone, or rules.yaml says something else than when months were
    made; only months whose evidence changes are made anew."""
    plan = plan_refresh(load_config())
    landed = [f"{entry.key} {entry.etag}" for entry in plan.new_metadata]
    wanted = dict.fromkeys(plan.known_periods, landed) if landed else {}
    if not wanted:
        wanted = {period: [f"settings {plan.settings}"] for period in plan.by_other_rules}
    return _requests(context, plan, wanted)


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose process was killed, so that the runs that wait for them begin.",
)
@skips_unconfigured
def abandoned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Ends runs whose process was killed, so that those that wait for them go on. Asks for no run."""
    ended = fail_abandoned_runs(load_config(), context.instance)
    return dg.SkipReason(f"ended {', '.join(ended)}: their processes are gone" if ended else "no run is abandoned")


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Deletes runs that are older than `retention` in mlcost.yaml keeps them.",
)
@skips_unconfigured
def old_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Deletes runs that `retention` in mlcost.yaml no longer keeps. Asks for no run."""
    return dg.SkipReason(f"{forget_old_runs(load_config(), context.instance)} old runs deleted")


def _requests(
    context: dg.SensorEvaluationContext, plan: RefreshPlan, wanted: dict[str, list[str]]
) -> dg.SensorResult | dg.SkipReason:
    """One run for each stretch of `wanted` periods, unless it was asked for and is under way or failed a while ago."""
    keep_periods(context.instance, plan.known_periods)
    asked, now = _asked(context.cursor), time()
    requests, remembered, waiting = [], {}, []
    for first, last in contiguous(sorted(wanted), list(plan.known_periods)):
        causes = (one for period in sorted(wanted) if first <= period <= last for one in wanted[period])
        identity = _digest([first, last, *causes])  # months with a gap between them may have one cause
        attempts, when = remembered[identity] = asked.get(identity, (0, 0.0))
        due = when + _wait(attempts)
        if _is_under_way(context.instance, identity):
            waiting.append(f"{first} to {last}: a run is under way")
        elif when <= now < due:  # what was asked for in the future was so by a clock that was ahead
            waiting.append(f"{first} to {last}: {attempts} runs did not load it, next try {_said(due)}")
        else:
            remembered[identity] = attempts + 1, now
            tags = range_tags(first, last) | {REQUEST_TAG: identity}
            # The time, because a lost cursor counts from the first again.
            requests.append(dg.RunRequest(run_key=f"{identity}:{attempts + 1}:{now:.0f}", tags=tags))
    if requests:
        return dg.SensorResult(run_requests=requests, cursor=json.dumps(remembered))
    return dg.SkipReason("; ".join(waiting or plan.problems) or "nothing new")


def _asked(cursor: str | None) -> dict[str, tuple[int, float]]:
    """How often each request was made, and when last. Cursors of versions before tell no time, damaged ones nothing."""
    try:
        found = json.loads(cursor or "{}")
    except (ValueError, RecursionError):
        return {}
    asked: dict[str, tuple[int, float]] = {}
    for identity, told in found.items() if isinstance(found, dict) else ():
        match told:
            case [int(attempts), int() | float() as when] if attempts >= 0:
                asked[identity] = attempts, float(when)
            case int(attempts) if attempts >= 0:
                asked[identity] = attempts, 0.0
    return asked


def _wait(attempts: int) -> float:
    """Seconds from one attempt to the next, when there were `attempts`."""
    return 60 * (_WAITS[attempts - 1] if attempts <= len(_WAITS) else _THEN) if attempts else 0


def _said(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%d %H:%M} UTC"


def _is_under_way(instance: dg.DagsterInstance, identity: str) -> bool:
    filters = dg.RunsFilter(tags={REQUEST_TAG: identity}, statuses=_UNDER_WAY)
    return bool(instance.get_runs(filters=filters, limit=1))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
