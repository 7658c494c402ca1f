"""The tables of commitments, made in one step: each is one SELECT, in the file of its name."""

import dagster as dg

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import fill, read_sql, run
from mlcost_assets.reports.prices.kept import prices_digest, provide_listed_prices
from mlcost_assets.runtime.checks import evaluated, several, spec
from mlcost_assets.runtime.figures import tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.tables import asset_specs
from mlcost_assets.runtime.versions import code_version

# In the order in which one reads another.
_MADE = ("commitment_coverage", "commitment_benefits", "commitment_ladder")


@dg.multi_asset(
    specs=[
        *asset_specs("commitment_coverage", "commitment_ladder"),
        *asset_specs("commitment_benefits", also=["reports/commitments/odd_commitments.sql"]),
    ],
    check_specs=[
        spec(
            "commitment_benefits",
            "commitments_tie_out",
            "Each commitment costs what its charges in the bill do, and its benefits add up to it, to the last digit.",
        ),
        spec(
            "commitment_benefits",
            "commitments_are_plausible",
            "Each commitment is used to between 0 and 100 %, and costs what its fees of a final month come to.",
        ),
    ],
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
)
def commitment_coverage(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Makes the three tables of every month whose charges, owners or training plans changed."""
    version = f"{code_version('commitment_coverage')} {_training_plans(lake)} {prices_digest(lake.config)}"
    told = lake.config.commitments.rates
    periods = lake.stale("commitment_coverage", "attributed_costs", list(context.partition_keys), version)
    with lake.writer.transaction() as connection:
        provide_listed_prices(connection, lake.config)
        fill(connection, "told_rates", [(one.term_years, one.payment_option, one.discount) for one in told])
        for period in periods:
            for name in _MADE:
                lake.writer.replace(name, statement_of(name), billing_period=period)
        lake.made("commitment_coverage", periods, "attributed_costs", version)
    for name in _MADE:
        tell_months(context, lake, name, periods)
        yield dg.MaterializeResult(asset_key=name)
    yield from _checked(lake, periods)


def _training_plans(lake: LakeResource) -> str:
    """Tells one content of the records of training plans from another, whatever the order of their rows."""
    sql = """
        SELECT count(*) || '-' || coalesce(sum(CAST(hash(resource_key, life, valid_from, body) AS HUGEINT)), 0)
        FROM resource_history WHERE kind = 'sagemaker:DescribeTrainingPlan'
    """
    (digest,) = lake.connection.execute(sql).fetchone() or ("",)
    return str(digest)


def _checked(lake: LakeResource, periods: list[str]) -> list[dg.AssetCheckResult]:
    """Both checks, for the months that were made."""
    sql = read_sql(__file__, "odd_commitments")
    found = run(lake.connection, sql, {"periods": periods}).fetchall() if periods else []
    untied, odd = ([text for kind, text in found if kind == wanted] for wanted in ("untied", "odd"))
    ties = several(untied) or "every commitment costs what its charges do, and its benefits add up to that"
    plausible = several(odd) or "every commitment is used to between 0 and 100 % and costs what its fees come to"
    return [
        evaluated(lake, "commitment_benefits", "commitments_tie_out", not untied, ties),
        evaluated(lake, "commitment_benefits", "commitments_are_plausible", not odd, plausible, severity="WARN"),
    ]
