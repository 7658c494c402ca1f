"""The definitions with the two sensors that mend a killed run looking every few seconds: a test cannot wait for minutes."""

import dagster as dg

from mlcost_assets.automation.sensors import abandoned_runs, new_billing_drops
from mlcost_assets.definitions import defs as real

for sensor in (abandoned_runs, new_billing_drops):
    sensor._min_interval = 3

defs = dg.Definitions(
    assets=real.assets,
    jobs=real.jobs,
    sensors=[abandoned_runs, new_billing_drops],
    resources=real.resources,
    executor=real.executor,
)
