"""Sensors: a new billing drop, new metadata or other rules ask for a run, exactly once.

The truth of what is loaded is the ledger in the published lake. A sensor's cursor only remembers what it asked for, so
that a run that is under way is not asked for again and one that failed is tried anew a few times.
"""

import hashlib
import json
from collections.abc import Iterable

import dagster as dg

from mlcost_assets.automation.jobs import refresh
from mlcost_assets.automation.plan import RefreshPlan, plan_refresh
from mlcost_assets.config import load_config
from mlcost_assets.runtime.partitions import contiguous, range_tags

_ATTEMPTS = 3
REQUEST_TAG = "mlcost/request"
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


@dg.sensor(job=refresh, minimum_interval_seconds=300, default_status=dg.DefaultSensorStatus.RUNNING)
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


@dg.sensor(job=refresh, minimum_interval_seconds=600, default_status=dg.DefaultSensorStatus.RUNNING)
def new_metadata(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run when files landed in the landing zone, or rules.yaml says something else than when months were
    made; only months whose evidence changes are made anew."""
    plan = plan_refresh(load_config())
    landed = [f"{entry.key} {entry.etag}" for entry in plan.new_metadata]
    wanted = dict.fromkeys(plan.known_periods, landed) if landed else {}
    if not wanted:
        wanted = {period: [f"settings {plan.settings}"] for period in plan.by_other_rules}
    return _requests(context, plan, wanted)


def _requests(
    context: dg.SensorEvaluationContext, plan: RefreshPlan, wanted: dict[str, list[str]]
) -> dg.SensorResult | dg.SkipReason:
    """One run for each stretch of `wanted` periods, unless it was asked for and is under way or keeps failing."""
    asked: dict[str, int] = json.loads(context.cursor or "{}")
    requests, remembered = [], {}
    for first, last in contiguous(sorted(wanted), list(plan.known_periods)):
        identity = _digest(one for period in sorted(wanted) if first <= period <= last for one in wanted[period])
        attempts = asked.get(identity, 0)
        remembered[identity] = attempts
        if attempts < _ATTEMPTS and not _is_under_way(context.instance, identity):
            remembered[identity] = attempts + 1
            tags = range_tags(first, last) | {REQUEST_TAG: identity}
            requests.append(dg.RunRequest(run_key=f"{identity}:{attempts + 1}", tags=tags))
    if requests:
        return dg.SensorResult(run_requests=requests, cursor=json.dumps(remembered))
    return dg.SkipReason(_why_not(plan, wanted))


def _why_not(plan: RefreshPlan, wanted: dict[str, list[str]]) -> str:
    if wanted:
        return f"{', '.join(sorted(wanted))}: a run is under way, or {_ATTEMPTS} runs failed (see their logs)"
    return "; ".join(plan.problems) or "nothing new"


def _is_under_way(instance: dg.DagsterInstance, identity: str) -> bool:
    filters = dg.RunsFilter(tags={REQUEST_TAG: identity}, statuses=_UNDER_WAY)
    return bool(instance.get_runs(filters=filters, limit=1))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
