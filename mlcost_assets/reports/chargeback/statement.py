"""A chargeback statement: made of the published tables, and kept once it is final."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mlcost_assets.billing.bill_ends import NO_INVOICE, bill_ends
from mlcost_assets.config import Config
from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets.lake.periods import published_period, published_periods
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql, run, step
from mlcost_assets.reports.chargeback.kept import digest, keep, read_kept
from mlcost_assets.text import as_json, plain

KEYS = ("team", "model", "environment", "business_function", "cost_centre")
_SOURCE, _FILE = "source", "statement.json"
# What is written in the decimals of the row's currency, and what to the last digit.
_PRINTED = (
    "amount", "direct", "shared", "unattributed", "marketplace", "correction", "credit", "tax", "adjustment",
)  # fmt: skip
_EXACT = ("billed_cost", "effective_cost", "invoice_total", "said_before", "of_this_statement", "off_by")

Row = dict[str, Any]


@dataclass(frozen=True)
class Statement:
    """One statement. `lines` and `invoices` as statement_lines.sql and tie_out.sql make them, `summary` as summary.sql
    does, money as Decimal. `sha256` is that of the file in which a final one is kept, None of a draft."""

    period: str
    by: str
    snapshot: int
    published_at: str
    lines: list[Row]
    summary: list[Row]
    invoices: list[Row]
    sha256: str | None

    @property
    def status(self) -> str:
        """draft or final."""
        return "final" if self.sha256 else "draft"


def folder_of(config: Config, period: str, by: str) -> Path:
    """The folder that keeps the final statement of `period` by `by`, in all its forms."""
    return _finals(config) / f"{period}-{by.replace('_', '-')}"


def final_statement(config: Config, period: str, by: str) -> Statement | None:
    """The final statement that is kept, None where there is none. Raises MlcostError where it was changed since."""
    content = read_kept(folder_of(config, period, by) / _SOURCE, _FILE)
    return _read(content, digest(content)) if content is not None else None


def make_statement(reader: LakeReader, config: Config, period: str | None, by: str) -> tuple[Statement, bytes]:
    """The statement of `period` (the newest where None) as the lake has it now, a draft, and the file that keeps it.

    Raises ConfigError for a month that is not published, MlcostError where the lines do not tie out.
    """
    period = published_period(reader, period)
    published = set(published_periods(reader))
    earlier = {month: said for month, said in _said(config, by).items() if month < period and month in published}
    settled = sorted(month for month, (original, _) in earlier.items() if original is not None)
    centres = [
        {"month": month, "name": name, "cost_centre": centre}
        for month, named in [(period, _centres(config, by)), *((one, earlier[one][0] or {}) for one in settled)]
        for name, centre in named.items()
    ]
    connection = reader.connection()
    given = {
        "billing_period": period, "dimension": by, "settled": settled, "centres": json.dumps(centres),
        "said": json.dumps([line for month in settled for line in earlier[month][1]]),
    }  # fmt: skip
    step(connection, "statement_lines", given)
    invoices = as_dicts(run(connection, read_sql(__file__, "tie_out"), given))
    _refuse_untied(invoices)
    lines = as_dicts(run(connection, read_sql(__file__, "lines_in_order")))
    summary = as_dicts(run(connection, read_sql(__file__, "summary")))
    (snapshot, at) = run(connection, read_sql(__file__, "version")).fetchone() or (0, "")
    content = as_json(
        {
            "billing_period": period, "by": by, "snapshot": snapshot, "published_at": at,
            "cost_centres": _centres(config, by), "lines": list(map(plain, lines)),
            "summary": list(map(plain, summary)), "invoices": list(map(plain, invoices)),
        },
        indent=1,
    )  # fmt: skip
    return _read(content.encode(), None), content.encode()


def finalise(reader: LakeReader, config: Config, made: Statement, content: bytes) -> Statement:
    """Keeps `made` as the final statement of its month, unless one is kept already; gives the one that is.

    Raises ConfigError where AWS has not issued the month's invoices.
    """
    if bill_ends(reader.connection(), [made.period])[made.period].is_final is False:
        raise ConfigError(f"{made.period} cannot be final: {NO_INVOICE} Mend: --status draft prints it as it stands.")
    kept = keep(folder_of(config, made.period, made.by) / _SOURCE, _FILE, content)
    return _read(kept, digest(kept))


def _finals(config: Config) -> Path:
    return config.chargeback.statements or config.home / "statements"


def _said(config: Config, by: str) -> dict[str, tuple[Mapping[str, str] | None, list[Row]]]:
    """What final statements by `by` said of each month: the cost centres of its own statement, None where it has none,
    and the lines of all."""
    said: dict[str, tuple[Mapping[str, str] | None, list[Row]]] = {}
    for folder in sorted(_finals(config).glob(f"20??-??-{by.replace('_', '-')}")):
        content = read_kept(folder / _SOURCE, _FILE)
        kept = json.loads(content) if content is not None else {"lines": []}
        for line in kept["lines"]:
            month = line["billing_period"]
            said.setdefault(month, (None, []))[1].append(line)
        if content is not None:
            month = kept["billing_period"]
            said[month] = (kept["cost_centres"], said.get(month, (None, []))[1])
    return said


def _centres(config: Config, by: str) -> dict[str, str]:
    """The cost centre of each party; by cost centre, that of each team."""
    of = "team" if by == "cost_centre" else by
    return {one.name: one.cost_centre for one in config.chargeback.parties if one.dimension == of and one.cost_centre}


def _refuse_untied(invoices: Sequence[Row]) -> None:
    off = [one for one in invoices if one["off_by"]]
    if off:
        first = off[0]
        raise MlcostError(
            f"{len(off)} invoices do not tie out, first {first['invoice_id'] or 'what is not invoiced'} of"
            f" {first['billing_period']}: {first['off_by']:+f} {first['billing_currency']}; nothing was written. Mend:"
            f" mlcost refresh --period {first['billing_period']}, then print again."
        )


def _read(content: bytes, sha256: str | None) -> Statement:
    told = json.loads(content)
    lines, summary, invoices = (
        [_typed(row, _decimals(told["lines"])) for row in told[part]] for part in ("lines", "summary", "invoices")
    )
    return Statement(
        told["billing_period"], told["by"], told["snapshot"], told["published_at"], lines, summary, invoices, sha256
    )


def _decimals(lines: Sequence[Row]) -> dict[str, int]:
    return {line["billing_currency"]: line["decimals"] for line in lines}


def _typed(row: Row, decimals: Mapping[str, int]) -> Row:
    """A row as it was before it was JSON; what is printed has the decimals of its currency."""
    cents = Decimal(1).scaleb(-decimals.get(row["billing_currency"], 2))
    return {
        name: Decimal(value).quantize(cents) if name in _PRINTED else Decimal(value) if name in _EXACT else value
        for name, value in row.items()
    }
