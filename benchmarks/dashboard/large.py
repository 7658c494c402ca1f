"""A large lake, written straight into its published tables: what a refresh would make of such a bill in hours."""

from pathlib import Path

from mlcost_assets.config import load_config
from mlcost_assets.lake import sql
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.macros import all_macros

_MONTHS = [f"{year}-{month:02}" for year in range(2023, 2027) for month in range(1, 13)][11:47]
_RESOURCES = 10_000
_HERE = Path(__file__).with_name("large")
# Those of every month, the costs first: what sums them is made by the product's own statements.
_MONTHLY = (
    "line_items", "attributed_costs", "attribution_evidence", "billed_things", "thing_owners", "tag_carriers",
    "bill_tag_sets", "tag_compliance", "tag_conflicts", "evidence_gaps", "chargeback", "cost_drivers", "unit_costs",
    "gpu_usage", "gpu_traffic", "experiment_runs",
)  # fmt: skip
_SUMMED = ("model_costs", "team_costs", "environment_costs")
_ONCE = (
    "claims", "lineage_edges", "resource_history", "idle_resources", "scenarios", "daily_costs", "forecasts",
    "billing_drops",
)  # fmt: skip


def make(folder: Path, resources: int = _RESOURCES) -> Path:
    """Makes the installation in `folder` where it is not there yet; gives its mlcost.yaml. Each run makes the same."""
    config = folder / "mlcost.yaml"
    if config.exists():
        return config
    for name in ("billing", "metadata"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    unfinished = config.with_suffix(".unfinished.yaml")
    unfinished.write_text("billing: {exports: [{name: payer, uri: billing}]}\nmetadata: {uri: metadata}\n")
    with LakeWriter(load_config(unfinished)) as lake:
        _fill(lake, resources)
        lake.publish()
    return unfinished.rename(config)


def _fill(lake: LakeWriter, resources: int) -> None:
    lake.expect(10**9)  # all threads take part
    lake.connection.execute(all_macros())
    sql.run(lake.connection, f"CREATE TEMP TABLE thing AS {_select('thing')}", {"resources": resources})
    for month in _MONTHS:
        with lake.transaction():
            days = f"CREATE OR REPLACE TEMP TABLE thing_day AS {_select('thing_day')}"
            sql.run(lake.connection, days, {"billing_period": month})
            for name in _MONTHLY:
                lake.replace(name, _select(name), billing_period=month)
            for name in _SUMMED:
                lake.replace(name, statement_of(name), billing_period=month)
        print(f"{month} is written", flush=True)
    with lake.transaction() as connection:
        for name in _ONCE:
            lake.replace(name, _select(name))
        connection.execute(
            "INSERT INTO refreshes SELECT max(snapshot_id) + 1, now() AT TIME ZONE 'UTC', 'benchmark', $months"
            " FROM ducklake_snapshots('lake')", {"months": _MONTHS},
        )  # fmt: skip


def _select(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
