"""The asset of the chargeback's table."""

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.checks import finds_nothing
from mlcost_assets.runtime.tables import sql_table

chargeback = sql_table(
    "chargeback",
    partitioned=True,
    changed_with="attributed_costs",
    also=["reports/chargeback/untied_invoices.sql"],
    checks=[
        finds_nothing(
            "chargeback",
            "ties_out",
            "Per payer, invoice and currency, owners sum to exactly what line_items hold, billed and effective.",
            statement=read_sql(__file__, "untied_invoices"),
            told=lambda period, invoice, currency, billed, effective: (
                f"{invoice} of {period} is off by {billed:+f} {currency} billed, {effective:+f} effective"
            ),
            well="the owners of every invoice sum to it, billed and effective, to the last digit",
            blocking=True,
        )
    ],
)
