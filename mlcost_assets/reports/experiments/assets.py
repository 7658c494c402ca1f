"""What experimenting costs: by experiment, and by run with its outcome."""

from mlcost_assets.lake.sql import step
from mlcost_assets.runtime.checks import conserves_total
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table

experiment_costs = sql_table(
    "experiment_costs",
    partitioned=True,
    changed_with="attributed_costs",
    checks=[conserves_total("experiment_costs", "attributed_costs", part="experiment IS NOT NULL")],
)


def _outcomes(lake: LakeResource) -> None:
    """Provides the run with how each run ended, once for all months."""
    lake.provide("run_outcomes", lambda: step(lake.connection, "run_outcomes"))


# Made each time: an old run may be deployed today, while nothing of its own month changes.
experiment_runs = sql_table(
    "experiment_runs",
    partitioned=True,
    before=_outcomes,
    checks=[
        conserves_total(
            "experiment_runs",
            "attributed_costs",
            part="(experiment IS NOT NULL OR stage IN ('experimentation', 'tuning'))",
        )
    ],
)
