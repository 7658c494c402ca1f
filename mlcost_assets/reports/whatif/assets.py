"""The scenarios: facts of what runs, then what each would cost another way."""

import dagster as dg

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import step
from mlcost_assets.reports.whatif.scenario import kinds, provide
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs

_FACTS = ("endpoint_hours", "unit_prices", "rented_machines", "stored_data")


@dg.multi_asset(specs=asset_specs(*_FACTS, "scenarios"))
def scenarios(lake: LakeResource):  # type: ignore[no-untyped-def]
    """Makes the facts, then every scenario of them that needs nothing from a user."""
    with lake.writer.transaction() as connection:
        provide(connection, lake.config)
        for name in _FACTS:
            lake.writer.replace(name, statement_of(name))
            lake.hold(name)  # every kind reads it
        step(connection, "scenario_kinds", select=kinds())
        lake.writer.replace("scenarios", statement_of("scenarios"))
    for name in (*_FACTS, "scenarios"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))
