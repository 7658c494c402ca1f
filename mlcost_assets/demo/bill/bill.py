"""From the ledger to the rows of the bill, set-wise in DuckDB."""

from decimal import Decimal
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.demo.bill.columns import line_columns, pod_columns
from mlcost_assets.demo.bill.derived import fees, negations
from mlcost_assets.demo.bill.split_cost import split_cost_lines
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.money.ledger import Ledger
from mlcost_assets.demo.money.prices import quanta
from mlcost_assets.demo.organisation.organise import Organisation


def sql(name: str) -> str:
    """Read one of this package's SQL files."""
    return files("mlcost_assets.demo.bill").joinpath(f"{name}.sql").read_text()


class Bill:
    """The rows of the bill in an in-memory database."""

    def __init__(self, ledger: Ledger, organisation: Organisation, window: Window):
        self.ledger = ledger
        self.organisation = organisation
        self.window = window
        self.lines = [*ledger.lines, *negations(ledger), *fees(ledger, window)]
        pods = split_cost_lines(ledger)
        first_pod = len(self.lines)
        self.lines += [pod.line for pod in pods]
        self.db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})
        self.db.execute("SET TimeZone = 'UTC'")
        self.load("lines", line_columns(self.lines))
        self.load("pods", pod_columns(pods, first_pod))

    def load(self, name: str, columns: dict[str, Any]) -> None:
        """Make a table from columns."""
        self.db.register("incoming", pa.table(columns))
        self.db.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
        self.db.unregister("incoming")

    @property
    def kept_percent(self) -> int:
        """What the enterprise discount leaves to pay in the net columns, where it is shown in them."""
        return 100 if self.organisation.discount_in_rows else 100 - self.organisation.discount_percent

    def make(self) -> None:
        """Make all rows: usage, commitments, split costs, and what they are after the discount."""
        self.db.execute(sql("rows"))
        self._pay_savings_plans()
        self.db.execute(sql("reservations"))
        self.db.execute(sql("split_rows"), {"shows_cost": self.organisation.shows_split_cost})
        self.db.execute(sql("discounted_rows"), {"keep": self.kept_percent})

    def _pay_savings_plans(self) -> None:
        """Commit to a little more than the busiest hour used, as buyers do."""
        self.db.execute(sql("hourly_use"))
        self.db.execute("CREATE TABLE plans (arn VARCHAR, commitment BIGINT, recurring BIGINT)")
        busiest = dict(
            self.db.execute("SELECT covered_by, max(effective) FROM hourly_use GROUP BY covered_by").fetchall()
        )
        step = quanta(Decimal("0.002"))
        for arn, plan in self.ledger.savings_plans.items():
            wanted = int(busiest.get(arn, quanta(1)) * (1 + plan.idle_share))
            commitment = -(-wanted // step) * step
            recurring = commitment if plan.payment == "No Upfront" else commitment // 2
            self.db.execute("INSERT INTO plans VALUES (?, ?, ?)", [arn, commitment, recurring])
        self.db.execute(sql("savings_plans"))
