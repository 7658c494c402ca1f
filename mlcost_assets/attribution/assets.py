"""The attribution assets, in the order in which a charge finds its owner."""

from typing import Any

import dagster as dg

from mlcost_assets.attribution.claims.gather import gather_claims
from mlcost_assets.attribution.decide.decide import decide
from mlcost_assets.attribution.decide.shares.share import divide_shares
from mlcost_assets.attribution.explain.spend import spend
from mlcost_assets.attribution.knowledge import knowledge, provide_names
from mlcost_assets.attribution.settle.attribute import attribute_period
from mlcost_assets.config.rules import load_rules, settings_digest
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import run
from mlcost_assets.runtime.checks import conserves_total, evaluated, spec
from mlcost_assets.runtime.figures import figures, tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.tables import asset_specs, described, sql_table
from mlcost_assets.runtime.versions import code_version, version_of

_CONSERVES, _conserves = conserves_total("attributed_costs")


billed_things = sql_table(
    "billed_things",
    partitioned=True,
    changed_with="daily_charges",
    hold=True,
    before=knowledge,
)
rule_matches = sql_table(
    "rule_matches",
    partitioned=True,
    changed_with="billed_things",
    before=knowledge,
    identity=lambda lake: settings_digest(lake.config),
)
rule_claims = sql_table("rule_claims", partitioned=True, changed_with="rule_matches", before=knowledge)
work_stages = sql_table(
    "work_stages",
    hold=True,
)


def _names(lake: LakeResource) -> None:
    knowledge(lake)
    lake.provide("names", lambda: provide_names(lake.connection))


name_dictionary = sql_table(
    "name_dictionary",
    hold=True,
    before=_names,
)


@dg.asset(**described("claims"))
def claims(lake: LakeResource) -> dg.MaterializeResult:
    """Gathers every source's claims and lets them flow along the lineage."""
    _names(lake)
    added = gather_claims(lake.writer)
    lake.hold("claims")
    by_source = lake.connection.execute("SELECT source, count(*) FROM claims GROUP BY 1 ORDER BY 2 DESC").fetchall()
    return dg.MaterializeResult(
        metadata=figures(lake, "claims")
        | {"by_source": dg.MetadataValue.json(dict(by_source)), "direct_and_by_hop": str(added)}
    )


owners = sql_table("owners", hold=True)


@dg.asset(**described("shares"))
def shares(lake: LakeResource) -> dg.MaterializeResult:
    """Divides what serves several among those that finally use it."""
    knowledge(lake)
    divide_shares(lake.writer)
    lake.hold("shares")
    by_measure = lake.connection.execute(
        "SELECT measure, count(DISTINCT resource_key) FROM shares GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
    ).fetchall()
    return dg.MaterializeResult(
        metadata=figures(lake, "shares") | {"resources_by_measure": dg.MetadataValue.json(dict(by_measure))}
    )


resource_people = sql_table(
    "resource_people",
    hold=True,
)
workload_defaults = sql_table(
    "workload_defaults",
    hold=True,
    before=knowledge,
)


@dg.asset(**described("thing_owners", partitioned=True))
def thing_owners(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Decides for the periods of the run, and keeps those for which nothing about ownership changed."""
    knowledge(lake)
    version = code_version("thing_owners")
    periods = list(context.partition_keys)
    changed = set(lake.stale("thing_owners", "daily_charges", periods, version))
    with lake.writer.transaction() as connection:
        for period in periods:
            decide(connection, period)
            if period in changed or _digest(lake, "decided") != _digest(lake, "thing_owners", period):
                lake.writer.replace("thing_owners", "FROM decided", billing_period=period)
                changed.add(period)
        lake.made("thing_owners", changed, "daily_charges", version)
        lake.looked_at(periods)
    tell_months(context, lake, "thing_owners", changed)
    return dg.MaterializeResult()


def _digest(lake: LakeResource, table: str, period: str | None = None) -> tuple[Any, ...] | None:
    """Tells two sets of decisions apart, whatever the order of their rows."""
    columns = ", ".join(column.name for column in tables()["thing_owners"].columns)
    where = "WHERE billing_period = $period" if period else ""
    return run(
        lake.connection,
        f"SELECT count(*), sum(CAST(hash({columns}) AS HUGEINT)) FROM {table} {where}",
        {"period": period},
    ).fetchone()


@dg.multi_asset(
    specs=asset_specs(
        "attributed_costs",
        "attribution_evidence",
        "split_counts",
    ),
    check_specs=[
        _CONSERVES,
        spec(
            "attributed_costs",
            "ml_spend_has_owners",
            "The share of ML charges without an owner (a team) stays below attribution.unattributed_threshold.",
        ),
    ],
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
)
def attributed_costs(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Puts the money of every changed period to its owners."""
    knowledge(lake)
    # thing_owners holds what rules say, but not how splits divide it.
    splits = version_of(repr(load_rules(lake.config.attribution.rules).splits))
    version = f"{code_version('attributed_costs')} {splits}"
    periods = lake.stale("attributed_costs", "thing_owners", list(context.partition_keys), version)
    for period in periods:
        attribute_period(lake.writer, period)
        context.log.info(f"{period} attributed")
    with lake.writer.transaction():
        lake.made("attributed_costs", periods, "thing_owners", version)
    for name in ("attributed_costs", "attribution_evidence", "split_counts"):
        tell_months(context, lake, name, periods)
        yield dg.MaterializeResult(asset_key=name)
    yield _conserves(lake, periods)
    yield _ml_spend_has_owners(lake, list(context.partition_keys))


def _ml_spend_has_owners(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    months = [month for month in spend(lake.connection, periods) if month.ml_charges]
    threshold = lake.config.attribution.unattributed_threshold
    if not months:
        return evaluated(lake, "attributed_costs", "ml_spend_has_owners", True, "there is no ML spend")
    worst = max(months, key=lambda month: month.unowned_share)
    return evaluated(
        lake,
        "attributed_costs",
        "ml_spend_has_owners",
        worst.unowned_share <= threshold,
        f"{worst.unowned_share:.1%} of the ML charges of {worst.period} (credits and commitments aside) has no team:"
        f" {worst.unowned:,.2f} of {worst.ml_charges:,.2f} {worst.currency}; the threshold is {threshold:.0%}",
        metadata={
            "share": worst.unowned_share,
            "period": worst.period,
            "unowned_effective_cost": f"{worst.unowned:,}",
        },
    )
