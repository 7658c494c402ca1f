"""The last two assets of a run: what its checks found, and the publication of all that it wrote."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from mlcost_assets.lake.registry import tables
from mlcost_assets.quality.summary import summary
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import OWNERS, described

# Written by the run itself, by its last steps.
_KEPT_BY_THE_RUN = ("made", "refreshes", "data_quality")


@dg.asset(**described("data_quality") | {"deps": [name for name in tables() if name not in _KEPT_BY_THE_RUN]})
def data_quality(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Enters the outcome of every check of this run, and logs what `mlcost refresh` prints at its end."""
    rows = lake.enter_checks(context.run_id)
    for line in summary(lake.connection, lake.rewritten):
        context.log.info(line)
    failed = []
    for row in rows:
        if not row["passed"]:
            failed.append(f"{row['asset']} · {row['check_name']}: {row['description']}")
            (context.log.error if row["severity"] == "ERROR" else context.log.warning)(failed[-1])
    return dg.MaterializeResult(
        metadata=figures(lake, "data_quality") | {"checks": len(rows), "failed": dg.MetadataValue.json(failed)}
    )


@dg.asset(
    key="published",
    group_name="quality",
    owners=OWNERS,
    deps=["data_quality"],
    kinds={"duckdb"},
    description="All that this run wrote becomes what readers see, at once: one file is replaced.",
)
def published(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Publishes the run's working copy as the new version of the lake."""
    done = lake.publish(context.run_id)
    if done.problem:
        context.log.warning(done.problem)
    told: dict[str, Any] = {"version": done.version, "lake": lake.config.lake, "old_files_removed": done.removed}
    return dg.MaterializeResult(metadata=told | _reaches(lake))


def _reaches(lake: LakeResource) -> dict[str, Any]:
    """Until when the published bill goes: no run makes this look newer than what AWS delivered."""
    (until,) = lake.connection.execute("SELECT max(charge_date) FROM daily_charges").fetchone() or (None,)
    if until is None:
        return {}
    return {"usage_until": until.isoformat(), "days_behind": (datetime.now(UTC).date() - until).days}
