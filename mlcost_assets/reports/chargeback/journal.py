"""A statement as entries of a ledger."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.config.settings import Posting
from mlcost_assets.errors import ConfigError
from mlcost_assets.lake.sql import as_dicts, read_sql, run
from mlcost_assets.reports.chargeback.statement import Statement
from mlcost_assets.text import as_json, plain

COLUMNS = ("account", "cost_centre", "debit", "credit", "memo", "reference", "currency")


def journal(config: Config, statement: Statement) -> list[dict[str, Any]]:
    """The entries of `statement`, with COLUMNS: debits equal credits for each invoice and currency.

    Accounts are those of `chargeback:` in mlcost.yaml. Raises ConfigError for a party that has none there.
    """
    told = config.chargeback
    parties: dict[str | None, Posting] = {one.name: one for one in told.parties if one.dimension == statement.by}
    accounts = [
        {"party": name, "account": one.account, "cost_centre": one.cost_centre}
        for name, one in {**parties, None: told.unattributed}.items()
    ]
    given = {
        "lines": as_json(list(map(plain, statement.lines))), "accounts": as_json(accounts),
        "credit_account": told.credit.account, "credit_cost_centre": told.credit.cost_centre,
    }  # fmt: skip
    # Of a statement that is kept, no lake is needed.
    with duckdb.connect() as connection:
        entries = as_dicts(run(connection, read_sql(__file__, "journal"), given))
    _refuse_unmapped(config, statement.by, entries)
    return [{name: _amount(entry, name) for name in COLUMNS} for entry in entries]


def _refuse_unmapped(config: Config, by: str, entries: Sequence[dict[str, Any]]) -> None:
    lacking = [entry for entry in entries if not entry["account"]]
    if not lacking:
        return
    if lacking[0]["is_credit"]:
        raise ConfigError(
            f"{config.path}: chargeback.credit.account: no account is credited; name the one that owes AWS, as"
            " credit: {account: '2100'} beneath chargeback"
        )
    names = list(dict.fromkeys(entry["party"] for entry in lacking if not entry["is_credit"]))
    more = f" (and {len(names) - 1} more have none)" if len(names) > 1 else ""
    if names[0] is None:
        raise ConfigError(
            f"{config.path}: chargeback.unattributed.account: what nobody is known to own has no account{more}; add"
            " unattributed: {account: '6999'} beneath chargeback"
        )
    raise ConfigError(
        f"{config.path}: chargeback.parties: the {by} {names[0]!r} has no account{more}; add"
        f" - {{{by}: {names[0]}, account: '6100'}} beneath chargeback.parties"
    )


def _amount(entry: dict[str, Any], name: str) -> Any:
    value = entry[name]
    return value.quantize(Decimal(1).scaleb(-entry["decimals"])) if isinstance(value, Decimal) else value
