"""The tag assets: every tag seen, what each was taken to mean, and what a person has to decide."""

import dagster as dg

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs, sql_table
from mlcost_assets.tags.reconcile import Thresholds, reconcile
from mlcost_assets.tags.vocabulary import vocabulary

tag_carriers = sql_table("tag_carriers", partitioned=True, changed_with="daily_charges")
cost_categories = sql_table("cost_categories", partitioned=True, changed_with="line_items")


@dg.multi_asset(specs=asset_specs("tag_observations", "tag_keys", "tag_names", "tag_proposals", "tag_values"))
def tags(lake: LakeResource):  # type: ignore[no-untyped-def]
    """Counts every tag, reconciles the names of every dimension, and keeps what is uncertain as proposals."""
    vocabulary(lake)
    given = {"proposed": Thresholds().proposed}
    with lake.writer.transaction():
        for name in ("tag_observations", "tag_keys"):
            lake.writer.replace(name, read_sql(__file__, name))
        reconcile(lake.connection)
        lake.writer.replace("tag_names", "FROM name_meanings")
        for name in ("tag_proposals", "tag_values"):
            lake.writer.replace(name, read_sql(__file__, name), given)
    for name in ("tag_keys", "tag_values"):
        lake.hold(name)
    for name in ("tag_observations", "tag_keys", "tag_names", "tag_proposals", "tag_values"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))
