"""The asset of live collection: a metadata snapshot of every configured account, landed as records."""

from typing import Any

import dagster as dg

from mlcost_assets.collect.run import Outcome, collect_now
from mlcost_assets.config import load_config
from mlcost_assets.runtime.process import tag_run
from mlcost_assets.runtime.tables import OWNERS

ACCOUNTS_TAG, SERVICES_TAG = "mlcost/accounts", "mlcost/services"
NOBODY_TO_ASK = "metadata.accounts names no account to collect from"
_NOTHING_ASKED = dg.AssetCheckResult(
    asset_key="metadata_snapshot", check_name="everything_answered", passed=True, description=NOBODY_TO_ASK
)

landing_zone = dg.AssetSpec(
    "landing_zone",
    deps=["metadata_snapshot"],
    group_name="metadata",
    owners=OWNERS,
    kinds={"file"},
    description=(
        "The records of what existed, as files (docs/metadata.md): written by `metadata_snapshot` and by whatever else"
        " lands records. Nothing here makes it, so a refresh asks for no snapshot first."
    ),
)


@dg.asset(
    key="metadata_snapshot",
    group_name="metadata",
    owners=OWNERS,
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
    config = load_config()
    tag_run(config.home, context.instance, context.run)
    if config.metadata is None or not config.metadata.is_collected:
        context.log.info(f"nothing to collect: {NOBODY_TO_ASK}")
        return dg.MaterializeResult(metadata={"collected": NOBODY_TO_ASK}, check_results=[_NOTHING_ASKED])
    chosen = [context.run_tags.get(tag, "").split() for tag in (ACCOUNTS_TAG, SERVICES_TAG)]
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
