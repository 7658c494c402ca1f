"""The asset of live collection: a metadata snapshot of every configured account, landed as records."""

from typing import Any

import dagster as dg

from mlcost_assets.collect.run import Outcome, collect_now
from mlcost_assets.config import load_config
from mlcost_assets.runtime.process import tag_run

ACCOUNTS_TAG, SERVICES_TAG = "mlcost/accounts", "mlcost/services"


@dg.asset(
    key="metadata_snapshot",
    group_name="metadata",
    kinds={"aws", "python"},
    description=(
        "What the configured accounts, their clusters and MLflow servers hold now, as records in the landing zone"
        " (docs/collect.md)."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            "everything_answered", asset="metadata_snapshot", description="Every API that was asked answered."
        )
    ],
)
def metadata_snapshot(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Collects; what fails is listed and the rest is kept. Run tags may name accounts and services."""
    chosen = [context.run_tags.get(tag, "").split() for tag in (ACCOUNTS_TAG, SERVICES_TAG)]
    config = load_config()
    tag_run(config.home, context.instance, context.run)
    outcome = collect_now(config, chosen[0], chosen[1], context.log.info)
    return dg.MaterializeResult(metadata=_shown(outcome), check_results=[_check(outcome)])


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "records": outcome.records,
        "kinds": len({look.kind for look in outcome.snapshots if look.records}),
        "accounts": len({look.account_id for look in outcome.snapshots}),
        "calls": outcome.calls.total(),
        "failures": dg.MetadataValue.json(outcome.failures),
        "calls_by_operation": dg.MetadataValue.json(dict(outcome.calls.most_common())),
    }


def _check(outcome: Outcome) -> dg.AssetCheckResult:
    said = "; ".join(outcome.failures[:3]) or "every API answered"
    more = f"; and {len(outcome.failures) - 3} more" if len(outcome.failures) > 3 else ""
    return dg.AssetCheckResult(
        asset_key="metadata_snapshot",
        check_name="everything_answered",
        passed=not outcome.failures,
        # A part that fails is usual and listed; a snapshot of nothing is an outage.
        severity=dg.AssetCheckSeverity.WARN if outcome.records else dg.AssetCheckSeverity.ERROR,
        description=said + more,
    )
