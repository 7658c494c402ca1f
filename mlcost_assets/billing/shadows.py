"""Exports that tell of the same accounts: one of them counts, and of the others is said what is left out for it.

A payer's bill may come as an export of the payer, as one of each member account, or as both. What shares no account is
a part of one bill and adds up. Of two that share one, that which tells of more accounts counts; of two that tell of
equally many, that which is configured first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from mlcost_assets.errors import excerpt
from mlcost_assets.lake.sql import run


@dataclass(frozen=True)
class Told:
    """The accounts of which `export` tells in a period, each as payer/account, and payer/ alone where it names none."""

    export: str
    accounts: frozenset[str]

    def shares(self, other: "Told") -> bool:
        """Whether both tell of an account."""
        whole = {one for one in self.accounts | other.accounts if one.endswith("/")}
        return bool(self.accounts & other.accounts) or any(
            self._is_of(payer) and other._is_of(payer) for payer in whole
        )

    def counts_before(self, other: "Told", priority: Sequence[str]) -> bool:
        """Whether `other` is left out for this one, where they share an account."""
        return self._rank(priority) < other._rank(priority)

    def _is_of(self, payer: str) -> bool:
        return any(one.startswith(payer) for one in self.accounts)

    def _rank(self, priority: Sequence[str]) -> tuple[bool, int, int]:
        names_all = not any(one.endswith("/") for one in self.accounts)
        place = priority.index(self.export) if self.export in priority else len(priority)
        return names_all, -len(self.accounts), place


def accounts_of(connection: duckdb.DuckDBPyConnection, costs: str, keys: dict[str, str]) -> frozenset[str]:
    """The accounts in `costs`, SQL of rows with billing_account_id and sub_account_id. Rows without the latter count
    only where no other names one: a payer's tax does not make a member's export the payer's."""
    pairs = run(connection, f"SELECT DISTINCT billing_account_id, sub_account_id FROM {costs}", keys).fetchall()
    named = {payer for payer, account in pairs if account}
    return frozenset(f"{payer}/{account or ''}" for payer, account in pairs if account or payer not in named)


def why_shadowed(connection: duckdb.DuckDBPyConnection, costs: str, keys: dict[str, str], covering: Told) -> str:
    """Why an export, whose charges are `costs`, does not count beside `covering`, for a person: with the money of
    accounts of which that one does not tell."""
    sums = run(
        connection,
        f"""
        SELECT sum(billed_cost) || ' ' || billing_currency || ' of '
            || string_agg(DISTINCT account, ', ' ORDER BY account)
        FROM (
            SELECT billing_account_id || '/' || coalesce(sub_account_id, '') AS own, billing_currency, billed_cost,
                coalesce(sub_account_id, billing_account_id) AS account
            FROM {costs}
        )
        WHERE NOT list_contains($accounts, own)
        GROUP BY billing_currency
        HAVING sum(billed_cost) <> 0
        ORDER BY billing_currency
        """,
        {**keys, "accounts": sorted(covering.accounts)},
    ).fetchall()
    amounts = " and ".join(excerpt(text, 160) for (text,) in sums)
    told = f"export {covering.export} tells of its accounts as well and counts"
    return f"{told}, without {amounts}: let one export tell of all accounts" if amounts else told
