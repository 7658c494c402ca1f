"""The tag assets: every tag seen, and what each was taken to mean."""

from mlcost_assets.config.rules import load_rules
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table
from mlcost_assets.tags.vocabulary import provide_vocabulary


def _vocabulary(lake: LakeResource) -> None:
    rules = load_rules(lake.config.attribution.rules)
    lake.provide("vocabulary", lambda: provide_vocabulary(lake.connection, rules))


tag_observations = sql_table("tag_observations", __file__, deps=["bill_tag_sets", "resource_history"])
tag_values = sql_table("tag_values", __file__, deps=["tag_observations"], before=_vocabulary)
