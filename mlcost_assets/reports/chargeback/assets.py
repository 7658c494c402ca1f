"""The asset of the chargeback's table."""

import dagster as dg

from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.runtime.checks import evaluated, several, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table


def _ties_out(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    off = [
        f"{invoice} of {period} is off by {billed:+f} {currency} billed, {effective:+f} effective"
        for period, invoice, currency, billed, effective in run(
            lake.connection, read_sql(__file__, "untied_invoices"), {"periods": periods}
        ).fetchall()
    ]
    said = several(off) or "the owners of every invoice sum to it, billed and effective, to the last digit"
    return evaluated(lake, "chargeback", "ties_out", not off, said)


chargeback = sql_table(
    "chargeback",
    partitioned=True,
    changed_with="attributed_costs",
    also=["reports/chargeback/untied_invoices.sql"],
    checks=[
        (
            spec(
                "chargeback",
                "ties_out",
                "Per payer, invoice and currency, owners sum to exactly what line_items hold, billed and effective.",
                blocking=True,
            ),
            _ties_out,
        )
    ],
)
