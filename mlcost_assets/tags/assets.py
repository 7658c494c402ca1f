"""The tag assets: every tag seen, what each was taken to mean, and what a person has to decide."""

import dagster as dg

from mlcost_assets.config.rules import load_rules
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs, figures, sql_table
from mlcost_assets.tags.reconcile import Thresholds, reconcile
from mlcost_assets.tags.vocabulary import provide_vocabulary


def _vocabulary(lake: LakeResource) -> None:
    rules = load_rules(lake.config.attribution.rules)
    lake.provide("vocabulary", lambda: provide_vocabulary(lake.connection, rules))


tagged_charges = sql_table(
    "tagged_charges", __file__, deps=["daily_charges"], partitioned=True, changed_with="daily_charges"
)
tag_observations = sql_table("tag_observations", __file__, deps=["bill_tag_sets", "tagged_charges", "resource_history"])
tag_keys = sql_table("tag_keys", __file__, deps=["tag_observations"], before=_vocabulary)


@dg.multi_asset(
    specs=asset_specs(
        "tag_names",
        "tag_proposals",
        deps=["tag_observations", "tag_keys", "tagged_charges", "bill_tag_sets", "resource_history", "lineage_edges"],
    )
)
def tag_names(lake: LakeResource):  # type: ignore[no-untyped-def]
    """Reconciles the names of every dimension, and keeps what is uncertain as proposals."""
    _vocabulary(lake)
    reconcile(lake.connection)
    with lake.writer.transaction():
        lake.writer.replace("tag_names", "FROM name_meanings")
        lake.writer.replace("tag_proposals", read_sql(__file__, "tag_proposals"), {"proposed": Thresholds().proposed})
    for name in ("tag_names", "tag_proposals"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))


tag_values = sql_table(
    "tag_values", __file__, deps=["tag_observations", "tag_keys", "tag_names", "tag_proposals"], before=_vocabulary
)
