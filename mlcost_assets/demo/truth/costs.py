"""The truth, written apart from what the platform sees: who caused each dollar, and could it be known."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from mlcost_assets.demo.bill.bill import Bill
from mlcost_assets.demo.money.ledger import COMMITMENT, ECS_TASK, EKS_POD, POOL, Line, Scope
from mlcost_assets.demo.truth.judge import Judge, Verdict
from mlcost_assets.demo.truth.owners import Owner

# Spending on these is machine learning, whoever it was for.
ML_SERVICES = ("AmazonSageMaker", "AmazonBedrock", "AmazonBedrockAgentCore", "MachineLearningSavingsPlans")
MONEY = pa.decimal128(28, 10)
UNKNOWN = Verdict(False, None, None, None, "none")
OWNER_FIELDS = (
    "model",
    "project",
    "pipeline",
    "experiment",
    "agent",
    "team",
    "environment",
    "business_function",
    "stage",
    "is_ml",
)


class Amounts(NamedTuple):
    """Costs in units of 0.0000000001."""

    unblended: int
    effective: int
    billed: int


Key = tuple[Any, ...]


def divide(amount: int, weights: list[int]) -> list[int]:
    """Divide an amount by weights, the remainder one unit at a time by largest remainder, then in order."""
    total = sum(weights)
    sign, size = (-1, -amount) if amount < 0 else (1, amount)
    parts = [size * weight // total for weight in weights]
    rest = size - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(size * weights[place] % total), place))
    for place in by_remainder[:rest]:
        parts[place] += 1
    return [sign * part for part in parts]


class Spent(NamedTuple):
    """What a resource cost in a month, for the truth about its tags."""

    period: str
    account_id: str
    service_code: str
    resource_id: str


class Truth:
    """Distributes the bill over its owners."""

    def __init__(self, bill: Bill, judge: Judge):
        self._bill = bill
        self._judge = judge
        self.charges: dict[Key, Amounts] = {}
        self.spent: dict[Spent, int] = defaultdict(int)
        self._plain: dict[tuple[Owner, Verdict], tuple[Owner, Verdict]] = {}
        self._pools: dict[tuple[str, Scope], dict[tuple[Owner, Verdict], int]] = defaultdict(lambda: defaultdict(int))

    def find(self) -> None:
        """Find the owners: first of direct and shared charges, then of the pools over them."""
        pooled = []
        for line, day, amounts in self._daily():
            service = line.meter.product.service_code
            self.spent[Spent(day.strftime("%Y-%m"), line.account_id, service, line.resource_id)] += amounts.effective
            if line.scope:
                pooled.append((line, day, amounts))
                continue
            weights = [share.weight for share in line.shares]
            verdicts = [self._judge.verdict(share.owner, share.clues, line.account_id) for share in line.shares]
            owners = [share.owner for share in line.shares]
            self._spread(line, day, amounts, list(zip(owners, verdicts, strict=True)), weights)
        for line, day, amounts in pooled:
            self._spread_pool(line, day, amounts)

    def _daily(self) -> Iterator[tuple[Line, datetime, Amounts]]:
        discounted = self._bill.kept_percent < 100
        effective = "net_effective" if discounted else "effective"
        rows = self._bill.db.execute(
            f"""SELECT line, rows.begins // 86400 AS day,
                       sum(unblended)::BIGINT, sum({effective})::BIGINT, sum(net)::BIGINT
                FROM rows JOIN lines USING (line)
                WHERE operation NOT IN ('{EKS_POD}', '{ECS_TASK}') GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        for number, day, unblended, cost, billed in rows:
            moment = datetime.fromtimestamp(day * 86400, UTC)
            yield self._bill.lines[number], moment, Amounts(unblended, cost, billed)

    def _spread(
        self,
        line: Line,
        day: datetime,
        amounts: Amounts,
        owners: list[tuple[Owner, Verdict]],
        weights: list[int],
    ) -> None:
        period = day.strftime("%Y-%m")
        parts = zip(*(divide(amount, weights) for amount in amounts), strict=True)
        for (owner, verdict), part in zip(owners, parts, strict=True):
            if any(part):
                self._add(_row(period, day, line, owner, verdict), Amounts(*part))
            if line.kind not in (POOL, COMMITMENT):
                self._remember(period, line, owner, verdict, part[1])

    def _add(self, key: Key, amounts: Amounts) -> None:
        before = self.charges.get(key)
        self.charges[key] = Amounts(*map(sum, zip(before, amounts, strict=True))) if before else amounts

    def _remember(self, period: str, line: Line, owner: Owner, verdict: Verdict, cost: int) -> None:
        """Count a direct cost in every scope over which a pool may be divided."""
        if cost <= 0:
            return
        share = (owner, verdict)
        if share not in self._plain:
            plain = replace(owner, pipeline=None, experiment=None, agent=None, stage="other")
            self._plain[share] = (plain, replace(verdict, clue="pool over direct costs", agent=None))
        for scope in _scopes(line, self._bill.organisation.payer_of(line.account_id)):
            self._pools[(period, scope)][self._plain[share]] += cost

    def _spread_pool(self, line: Line, day: datetime, amounts: Amounts) -> None:
        if line.scope is None:
            raise ValueError("a line without shares needs a scope")
        period = day.strftime("%Y-%m")
        # Where nothing was spent in the narrowest scope itself, the account pays: tax on a file system that is
        # itself shared, say.
        weights = self._pools.get((period, line.scope))
        if not weights and line.kind == POOL:
            weights = self._pools.get((period, Scope("account", line.account_id)))
        if not weights:
            nobody = Owner(stage=line.pool_owner.stage, is_ml=line.meter.product.code in ML_SERVICES)
            self._spread(line, day, amounts, [(nobody, UNKNOWN)], [1])
            return
        found = sorted(weights.items(), key=lambda item: _order(*item[0]))
        owners = [(owner.at(line.pool_owner.stage), verdict) for (owner, verdict), _ in found]
        self._spread(line, day, amounts, owners, [weight for _, weight in found])

    def write(self, folder: Path, seed: int) -> None:
        """Write the truth as charges.parquet, and summary.json with the seed that it came from."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = sorted(self.charges.items(), key=lambda item: tuple(str(value) for value in item[0]))
        pq.write_table(_table(rows), folder / "charges.parquet", compression="zstd")
        (folder / "summary.json").write_text(json.dumps({"seed": seed} | _summary(rows), indent=1) + "\n")


def _scopes(line: Line, payer_id: str) -> Iterable[Scope]:
    service = line.meter.product.service_code
    yield Scope("payer", payer_id)
    yield Scope("account", line.account_id)
    yield Scope("region", f"{line.account_id}/{line.region}")
    yield Scope("service", f"{line.account_id}/{service}")
    yield Scope("product", service)
    if line.covered_by:
        yield Scope("commitment", line.covered_by)
    yield from line.scopes


def _order(owner: Owner, verdict: Verdict) -> tuple[str, ...]:
    return tuple(str(getattr(owner, name)) for name in OWNER_FIELDS) + tuple(str(value) for value in _flags(verdict))


def _flags(verdict: Verdict) -> tuple[Any, ...]:
    return (verdict.knowable, verdict.clue, verdict.model, verdict.team, verdict.environment, verdict.agent)


_COLUMNS = (
    ("billing_period", pa.string()),
    ("charge_date", pa.date32()),
    ("account_id", pa.string()),
    ("service_code", pa.string()),
    ("usage_type", pa.string()),
    ("operation", pa.string()),
    ("resource_id", pa.string()),
    ("line_item_type", pa.string()),
    *[(name, pa.string()) for name in OWNER_FIELDS[:-1]],
    ("is_ml", pa.bool_()),
    ("kind", pa.string()),
    ("knowable", pa.bool_()),
    ("clue", pa.string()),
    ("model_knowable", pa.bool_()),
    ("team_knowable", pa.bool_()),
    ("environment_knowable", pa.bool_()),
    ("agent_knowable", pa.bool_()),
)


def _row(period: str, day: datetime, line: Line, owner: Owner, verdict: Verdict) -> Key:
    return (
        period,
        day.date(),
        line.account_id,
        line.meter.product.service_code,
        line.meter.usage_type,
        line.meter.operation,
        line.resource_id,
        line.line_item_type,
        *(getattr(owner, name) for name in OWNER_FIELDS),
        line.kind,
        *_flags(verdict),
    )


def _money(units: list[int]) -> Any:
    """Make a decimal column from whole units, without a detour through text or doubles."""
    whole = pa.array(units, pa.int64()).cast(pa.decimal128(28, 0))
    return pa.Array.from_buffers(MONEY, len(units), whole.buffers())


def _table(rows: list[tuple[Key, Amounts]]) -> Any:
    columns = {name: pa.array([key[place] for key, _ in rows], kind) for place, (name, kind) in enumerate(_COLUMNS)}
    for place, name in enumerate(("unblended_cost", "effective_cost", "billed_cost")):
        columns[name] = _money([amounts[place] for _, amounts in rows])
    return pa.table(columns)


def _summary(rows: list[tuple[Key, Amounts]]) -> dict[str, Any]:
    """Sum effective cost the ways people ask for it, as text with all decimals."""
    names = [name for name, _ in _COLUMNS]
    totals: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by = ("billing_period", "model", "agent", "team", "environment", "stage", "kind", "service_code", "knowable")
    for key, (unblended, effective, billed) in rows:
        row = dict(zip(names, key, strict=True))
        totals["unblended_cost_by_period"][row["billing_period"]] += unblended
        totals["billed_cost_by_period"][row["billing_period"]] += billed
        for name in by if row["is_ml"] else ("billing_period",):
            part = "ml" if row["is_ml"] else "non_ml"
            totals[f"{part}_effective_cost_by_{name}"][str(row[name])] += effective
    return {
        name: {key: str(Decimal(value).scaleb(-10)) for key, value in sorted(values.items())}
        for name, values in sorted(totals.items())
    }
