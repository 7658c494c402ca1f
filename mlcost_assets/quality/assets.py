"""The last two assets of a run: what its checks found, and the publication of all that it wrote."""

import dagster as dg

from mlcost_assets.lake.registry import tables
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described, figures

# Written by the run itself, by its last steps.
_KEPT_BY_THE_RUN = ("made", "refreshes", "data_quality")


@dg.asset(**described("data_quality"), deps=[name for name in tables() if name not in _KEPT_BY_THE_RUN])
def data_quality(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Enters the outcome of every check of this run."""
    rows = lake.enter_checks(context.run_id)
    failed = [f"{row['asset']}.{row['check_name']}: {row['description']}" for row in rows if not row["passed"]]
    return dg.MaterializeResult(
        metadata=figures(lake, "data_quality") | {"checks": len(rows), "failed": dg.MetadataValue.json(failed)}
    )


@dg.asset(
    key="published",
    group_name="quality",
    deps=["data_quality"],
    kinds={"duckdb"},
    description="All that this run wrote becomes what readers see, at once: one file is replaced.",
)
def published(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Publishes the run's working copy as the new version of the lake."""
    done = lake.publish(context.run_id)
    if done.problem:
        context.log.warning(done.problem)
    return dg.MaterializeResult(
        metadata={"version": done.version, "lake": lake.config.lake, "old_files_removed": done.removed}
    )
