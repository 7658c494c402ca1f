"""Whether what gateways and traces estimate is what AWS billed."""

from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.runtime.checks import finds_nothing
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table
from mlcost_assets.tags.vocabulary import vocabulary


def _usage(lake: LakeResource) -> None:
    """Provides the run with what records estimate, and with the bill by callers, once for all months."""
    vocabulary(lake)
    lake.provide("estimated_calls", lambda: step(lake.connection, "estimated_calls"))
    lake.provide("estimated_usage", lambda: step(lake.connection, "estimated_usage"))
    lake.provide("token_callers", lambda: step(lake.connection, "token_callers", kind="VIEW"))


# Made each time: spend logs and traces land later than the bill, and change no month of it.
estimate_vs_bill = sql_table(
    "estimate_vs_bill",
    partitioned=True,
    also=["reports/estimates/untied_estimates.sql"],
    before=_usage,
    checks=[
        finds_nothing(
            "estimate_vs_bill",
            "estimates_tie_out",
            "Parts sum to their difference, and the rows of a source to the bill of tokens of its days.",
            statement=read_sql(__file__, "untied_estimates"),
            told=lambda source, day, currency, unequal, effective: (
                f"{source} on {day}: {unequal} differences are not their parts, {effective:+f} {currency} effective"
            ),
            well="every difference is the sum of its parts, and every day the bill of its tokens",
        )
    ],
)
