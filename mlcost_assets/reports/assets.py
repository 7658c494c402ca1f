"""The report assets: each table is one SELECT, in the file of its name."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from mlcost_assets.attribution.knowledge import knowledge
from mlcost_assets.lake.registry import statement_of, tables
from mlcost_assets.lake.sql import read_sql, run, step
from mlcost_assets.runtime.checks import conserves_total, evaluated, finds_nothing, several, spec
from mlcost_assets.runtime.figures import tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.tables import asset_specs, described, sql_table
from mlcost_assets.runtime.versions import code_version, version_of


def _by_period(name: str, part: str = "", **options: Any) -> dg.AssetsDefinition:
    return sql_table(
        name,
        partitioned=True,
        changed_with="attributed_costs",
        checks=[conserves_total(name, "attributed_costs", part=part)] if part or tables()[name].holds else [],
        **options,
    )


model_costs = _by_period("model_costs")
agent_costs = _by_period("agent_costs")
team_costs = _by_period("team_costs")
environment_costs = _by_period("environment_costs")


_IDLE = {"rule": "is overruled in all that it matches", "split": "divides nothing of what it matches"}


def _rules_decide(lake: LakeResource, _: list[str]) -> dg.AssetCheckResult:
    idle = [
        f"{kind} {name!r} "
        + ("matches nothing" if not things else _IDLE[kind])
        + f" ({first if first == last else f'{first} to {last}'})"
        for kind, name, first, last, things in lake.connection.execute(read_sql(__file__, "idle_rules")).fetchall()
    ]
    said = several(idle) or "every rule and split decides something"
    return evaluated(lake, "rule_counts", "rules_decide", not idle, said, severity="WARN", metadata={"idle": idle})


evidence_gaps = sql_table(
    "evidence_gaps",
    also=["reports/untied_gaps.sql"],
    partitioned=True,
    before=knowledge,
    checks=[
        finds_nothing(
            "evidence_gaps",
            "gaps_tie_out",
            "The gaps of a dimension are exactly the ML dollars without it.",
            statement=read_sql(__file__, "untied_gaps"),
            told=lambda period, dimension, currency, effective, billed: (
                f"{period} {dimension}: {effective:+f} {currency} effective, {billed:+f} billed"
            ),
            well="the gaps of every dimension are the ML dollars without it, to the last digit",
        )
    ],
)


rule_counts = sql_table(
    "rule_counts",
    also=["reports/idle_rules.sql"],
    partitioned=True,
    before=knowledge,
    checks=[
        (
            spec("rule_counts", "rules_decide", "Every rule and split decides something in a month in which it holds."),
            _rules_decide,
        )
    ],
)


def _resources_are_seen(lake: LakeResource, _: list[str]) -> dg.AssetCheckResult:
    rows = lake.connection.execute(read_sql(__file__, "unseen_resources")).fetchall()
    share, allowed = float(rows[0][5] if rows else 0), lake.config.attribution.unattributed_threshold
    shown = [
        {"service": service, "is_ml": is_ml, "resources": count, "effective_cost": f"{cost:f}"}
        for _, service, is_ml, count, cost, _ in rows
    ]
    worst = ", ".join(f"{row[1]} {row[3]} ({row[4]:,.2f})" for row in rows if row[2]) or "none"
    said = (
        f"metadata never knew {share:.1%} of the ML cost of {rows[0][0]} that names a resource;"
        f" resources by service: {worst}"
        if rows
        else "metadata knows every resource that the bill names"
    )
    return evaluated(
        lake,
        "resources",
        "billed_resources_are_seen",
        share <= allowed,
        said,
        severity="WARN",
        metadata={"share_unseen": share, "allowed": f"{allowed:.0%}", "unseen": shown},
    )


resources = sql_table(
    "resources",
    also=["reports/unseen_resources.sql"],
    checks=[
        (
            spec(
                "resources",
                "billed_resources_are_seen",
                "In the newest month metadata knows nearly all resources that the bill names for ML work.",
            ),
            _resources_are_seen,
        )
    ],
)


tag_conflicts = _by_period("tag_conflicts", before=knowledge)
tag_drift = sql_table("tag_drift", before=knowledge)


def _tags_comply(lake: LakeResource) -> dg.AssetCheckResult:
    threshold = lake.config.attribution.tag_compliance_threshold
    rows = lake.connection.execute(read_sql(__file__, "newest_compliance")).fetchall()
    shares = {(tag, currency): share for _, tag, share, *_, currency in rows}
    several_currencies = len({currency for _, currency in shares}) > 1
    below = [
        f"{tag} {share:.0%}{f' in {currency}' if several_currencies else ''}"
        for (tag, currency), share in shares.items()
        if share < threshold
    ]
    period = rows[0][0] if rows else ""
    worst = [
        f"{tag} of {group} of {team or 'no known team'} in {account} ({lacking:,.2f} {currency})"
        for _, tag, _, account, team, group, lacking, currency in sorted(rows, key=lambda row: -row[6])[:5]
    ]
    said = (
        f"Tags of {period}: {', '.join(below)} (wanted {threshold:.0%})."
        f" Largest gap: {worst[0]}. See `mlcost tags audit`."
        if below
        else "every required tag is carried"
    )
    return evaluated(
        lake,
        "tag_compliance",
        "tags_comply",
        not below,
        said,
        severity="WARN",
        metadata={f"share_{tag}": float(share) for (tag, _), share in sorted(shares.items(), key=lambda one: -one[1])}
        | {"wanted": f"{threshold:.0%}", "period": period, "worst": worst},
    )


@dg.multi_asset(
    specs=asset_specs("tag_states", "tag_compliance"),
    check_specs=[
        spec(
            "tag_compliance",
            "tags_comply",
            "In the newest month every required tag stands on enough of the ML cost that can carry it.",
        )
    ],
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
)
def tag_compliance(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Says of every resource which required tags it carries, and counts them."""
    knowledge(lake)
    required = {"required_tags": lake.config.attribution.required_tags}
    made = ("tag_states", "tag_compliance")
    version = f"{code_version('tag_compliance')} {version_of(*required['required_tags'])}"
    periods = lake.stale("tag_compliance", "attributed_costs", list(context.partition_keys), version)
    with lake.writer.transaction():
        for period in periods:
            for name in made:
                lake.writer.replace(name, statement_of(name), required, billing_period=period)
        lake.made("tag_compliance", periods, "attributed_costs", version)
    for name in made:
        tell_months(context, lake, name, periods)
        yield dg.MaterializeResult(asset_key=name)
    yield _tags_comply(lake)


@dg.asset(
    **described("restatements", partitioned=True),
    check_specs=[spec("restatements", "final_months_stand", "No month that AWS had finalised changed again lately.")],
)
def restatements(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Adds what the drops of this run changed to what those before did; nothing is ever removed."""
    for view, table in (("drops_before", "billing_drops"), ("attributed_before", "attributed_costs")):
        step(lake.connection, view, select=lake.writer.as_published(table), kind="VIEW")
    periods = list(context.partition_keys)
    given = {"periods": periods, "restated_at": datetime.now(UTC).replace(tzinfo=None)}
    with lake.writer.transaction() as connection:
        statement = f"INSERT INTO restatements BY NAME {statement_of('restatements')}"
        (rows,) = run(connection, statement, given).fetchone() or (0,)
    tell_months(context, lake, "restatements", periods if rows else ())
    return dg.MaterializeResult(metadata={"rows_added": rows}, check_results=[_final_months_stand(lake)])


def _final_months_stand(lake: LakeResource) -> dg.AssetCheckResult:
    changed = [
        f"{export} {period} was final and changed again (billed {change:+,.2f} {currency}); see restatements"
        for period, export, currency, change in lake.connection.execute(
            read_sql(__file__, "final_restatements")
        ).fetchall()
    ]
    said = several(changed) or "no final month changed in the last seven days"
    return evaluated(lake, "restatements", "final_months_stand", not changed, said, severity="WARN")
