"""The definitions with the two sensors that mend a killed run looking every few seconds: a test cannot wait for minutes."""

import dagster as dg

from mlcost_assets import definitions
from mlcost_assets.automation.sensors import abandoned_runs, new_billing_drops

for sensor in (abandoned_runs, new_billing_drops):
    sensor._min_interval = 3

defs = dg.Definitions(
    assets=definitions.defs.assets,
    jobs=definitions.defs.jobs,
    sensors=[abandoned_runs, new_billing_drops],
    resources=definitions.defs.resources,
    executor=definitions.defs.executor,
)
