"""What predictions cost: one step makes the tables, because they read the same counts."""

from collections.abc import Iterator

import dagster as dg

from mlcost_assets.attribution.knowledge import knowledge
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.runtime.checks import conserves_total, evaluated, several, spec
from mlcost_assets.runtime.figures import tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.tables import asset_specs
from mlcost_assets.runtime.versions import code_version

MADE = ("unit_costs", "token_costs", "unit_gaps")
# Of the serving cost of models, how much should have a volume where anybody counts at all.
_WANTED = 0.5
_CONSERVING = (
    conserves_total("unit_costs", "attributed_costs", part="model IS NOT NULL"),
    conserves_total(
        "token_costs", "attributed_costs", part="stage = 'inference' AND token_direction(usage_type) IS NOT NULL"
    ),
)


def _volume_is_known(lake: LakeResource) -> dg.AssetCheckResult:
    """How much of the serving cost of the newest month has a volume. Where nobody counts, that is for information."""
    rows = lake.connection.execute(read_sql(__file__, "known_volume")).fetchall()
    shares = {str(currency): float(share) for _, currency, share, _, _ in rows}
    low = [
        f"of {period}, {float(share):.0%} of the serving cost in {currency} has a known volume (wanted {_WANTED:.0%});"
        f" the largest gap is {largest}: see `mlcost report unit-gaps`"
        for period, currency, share, counts, largest in rows
        if counts and float(share) < _WANTED
    ]
    known = [f"{share:.0%} of the serving cost in {currency} has a known volume" for currency, share in shares.items()]
    said = several(low or known) or "nothing was served"
    return evaluated(
        lake, "unit_gaps", "volume_is_known", not low, said, severity="WARN", metadata={"share_known": shares}
    )


@dg.multi_asset(
    specs=[*asset_specs(*MADE[:2]), *asset_specs(MADE[2], also=["reports/units/known_volume.sql"])],
    check_specs=[
        *(declared for declared, _ in _CONSERVING),
        spec(
            "unit_gaps",
            "volume_is_known",
            "In the newest month at least half of the serving cost has a known volume, where anything is counted.",
        ),
    ],
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
)
def unit_costs(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """Counts what served each model, and what a thousand requests and a million tokens cost.

    Made each time: metrics come later than the bill, and change no month of it.
    """
    knowledge(lake)
    periods = list(context.partition_keys)
    step(lake.connection, "request_counts")
    with lake.writer.transaction() as connection:
        for period in periods:
            for counted in ("billed_volumes", "serving_volumes"):
                step(connection, counted, {"billing_period": period})
            for name in MADE:
                lake.writer.replace(name, statement_of(name), {}, billing_period=period)
        lake.made(MADE[0], periods, code=code_version(MADE[0]))
    checks: dict[str, list[dg.AssetCheckResult]] = {name: [] for name in MADE}
    for declared, evaluate in _CONSERVING:
        checks[declared.asset_key.to_user_string()].append(evaluate(lake, periods))
    checks["unit_gaps"].append(_volume_is_known(lake))
    for name in MADE:
        tell_months(context, lake, name, periods)
        yield dg.MaterializeResult(asset_key=name, check_results=checks[name])
