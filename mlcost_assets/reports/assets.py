"""The report assets: each table is one SELECT, in the file of its name."""

from typing import Any

import dagster as dg

from mlcost_assets.attribution.knowledge import knowledge
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.checks import evaluated, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table


def _by_period(name: str, *more_deps: str, **options: Any) -> dg.AssetsDefinition:
    return sql_table(
        name,
        __file__,
        deps=["attributed_costs", *more_deps],
        partitioned=True,
        changed_with="attributed_costs",
        **options,
    )


model_costs = _by_period("model_costs")
team_costs = _by_period("team_costs")
environment_costs = _by_period("environment_costs")
experiment_costs = _by_period("experiment_costs")
unit_costs = sql_table(
    "unit_costs",
    __file__,
    deps=["attributed_costs", "owners", "lineage_edges", "metadata_records"],
    partitioned=True,
    before=knowledge,
)
resources = sql_table("resources", __file__, deps=["resource_history", "billed_things", "owners"])


def _tags_comply(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    threshold = lake.config.attribution.tag_compliance_threshold
    rows = lake.connection.execute(read_sql(__file__, "newest_compliance")).fetchall()
    below = [f"{tag} {share:.0%}" for _, tag, share in rows if share < threshold]
    period = rows[0][0] if rows else ""
    said = (
        f"of the ML cost of {period} that can carry it, below {threshold:.0%} carry: {', '.join(below)}"
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
        metadata={"threshold": threshold, "period": period},
    )


tag_compliance = _by_period(
    "tag_compliance",
    "billed_things",
    "bill_tag_sets",
    "tag_values",
    parameters=lambda lake: {"required_tags": lake.config.attribution.required_tags},
    checks=[
        (
            spec(
                "tag_compliance",
                "tags_comply",
                "In the newest month every required tag stands on enough of the ML cost that can carry it.",
            ),
            _tags_comply,
        )
    ],
)
