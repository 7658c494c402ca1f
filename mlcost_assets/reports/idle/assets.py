"""What runs for nobody, as an asset, and the check that says how much of a month does."""

import dagster as dg

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.reports.idle.gather import find_idle, thresholds
from mlcost_assets.runtime.checks import evaluated, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table


def _idle_spend(lake: LakeResource, _: list[str]) -> dg.AssetCheckResult:
    rows = lake.connection.execute(read_sql(__file__, "idle_spend")).fetchall()
    totals = {currency: (total, count) for currency, total, count, *_ in rows}
    dearest = [
        f"{kind} {name} of {team or 'no known team'} ({saved:,.2f} {currency})"
        for currency, _, _, kind, name, team, saved in rows
    ]
    said = (
        " and ".join(f"{total:,.2f} {currency} a month" for currency, (total, _) in totals.items())
        + f" run for nobody, in {sum(count for _, count in totals.values())} resources."
        + f" Largest: {'; '.join(dearest)}. See `mlcost report idle`."
        if rows
        else "nothing that costs is known to run for nobody"
    )
    shown = {f"saved_per_month_{currency}": f"{total:f}" for currency, (total, _) in totals.items()}
    return evaluated(
        lake, "idle_resources", "idle_spend", not rows, said, severity="WARN", metadata=shown | {"dearest": dearest}
    )


idle_resources = sql_table(
    "idle_resources",
    also=["reports/idle/idle_spend.sql"],
    before=find_idle,
    parameters=lambda _: thresholds(),
    checks=[
        (
            spec("idle_resources", "idle_spend", "Nothing that costs money is known to run for nobody."),
            _idle_spend,
        )
    ],
)
