"""How a table of the registry becomes an asset: description, schema, lineage and figures for the UI."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import dagster as dg

from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.checks import Check
from mlcost_assets.runtime.column_lineage import column_lineage
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.versions import code_version


def described(name: str, *, sql: str = "", partitioned: bool = False) -> dict[str, Any]:
    """Arguments of `@dg.asset` for table `name`: all that the registry and its SQL tell of it."""
    table = tables()[name]
    arguments: dict[str, Any] = {
        "name": name,
        "group_name": table.domain,
        "description": f"{table.description}\n\nOne row: {table.grain}.",
        "kinds": {"duckdb", "sql"} if sql else {"duckdb", "python"},
        "metadata": {
            "dagster/column_schema": _schema(name),
            "dagster/table_name": table.qualified,
            # Here, not in what each run tells of the table: Dagster keeps that three times a run.
            **column_lineage(name),
        },
        "tags": {"published": "yes"} if table.published else {},
    }
    if sql:
        arguments["code_version"] = code_version(sql)
    if partitioned:
        arguments |= {"partitions_def": BILLING_PERIODS, "backfill_policy": TOGETHER}
    return arguments


def asset_specs(*names: str, deps: Iterable[str] = ()) -> list[dg.AssetSpec]:
    """The specs of tables that one step makes together."""
    kept = ("description", "metadata", "tags", "kinds", "group_name")
    return [
        dg.AssetSpec(name, deps=list(deps), **{key: value for key, value in described(name).items() if key in kept})
        for name in names
    ]


def _schema(name: str) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                column.meaning,
                tags={"source": column.source} if column.source else {},
            )
            for column in tables()[name].columns
        ]
    )


def figures(lake: LakeResource, name: str, rewritten: Sequence[str] | None = None) -> dict[str, Any]:
    """What the UI shows of a table: its rows, and rows and money of the periods that were rewritten."""
    table = tables()[name]
    rows = lake.connection.execute(f"SELECT count(*) FROM {table.qualified}").fetchone() or (0,)
    shown: dict[str, Any] = {"dagster/row_count": rows[0]}
    if rewritten is None:
        return shown
    money = [column.name for column in table.columns if column.name in ("billed_cost", "effective_cost")]
    sums = "".join(f", sum({column})" for column in money)
    split = "NOT is_split_cost AND " if name == "line_items" else ""
    # Money of several currencies never adds up.
    keys = ["billing_period", *(column.name for column in table.columns if column.name == "billing_currency")]
    by_period = lake.connection.execute(
        f"SELECT {', '.join(keys)}, count(*){sums} FROM {table.qualified}"
        f" WHERE {split}list_contains(?, billing_period) GROUP BY {', '.join(keys)} ORDER BY ALL",
        [list(rewritten)],
    ).fetchall()
    columns = [*keys, "rows", *money]
    records = [
        dg.TableRecord(
            {
                column: str(value) if isinstance(value, Decimal) else value
                for column, value in zip(columns, row, strict=True)
            }
        )
        for row in by_period
    ]
    shown["rewritten"] = (
        dg.MetadataValue.table(records, schema=dg.TableSchema([dg.TableColumn(column) for column in columns]))
        if records
        else dg.MetadataValue.text("no period")
    )
    for place, column in enumerate(money, len(keys) + 1):
        by_currency: dict[str, Decimal] = {}
        for row in by_period:
            currency = row[1] if len(keys) > 1 else ""
            by_currency[currency] = by_currency.get(currency, Decimal(0)) + (row[place] or 0)
        shown[column] = ", ".join(f"{amount:,} {currency}".rstrip() for currency, amount in by_currency.items()) or "0"
    return shown


def sql_table(
    name: str,
    module_file: str,
    *,
    deps: Iterable[str],
    partitioned: bool = False,
    changed_with: str = "",
    hold: bool = False,
    checks: Sequence[Check] = (),
    parameters: Callable[[LakeResource], dict[str, Any]] = lambda _: {},
    before: Callable[[LakeResource], None] = lambda _: None,
    identity: Callable[[LakeResource], str] = lambda _: "",
) -> dg.AssetsDefinition:
    """The asset of a table that is one SELECT, `<name>.sql` beside the module.

    When `partitioned`, it is made a month at a time and its SQL reads $billing_period: for the periods of the run, or,
    where `changed_with` names a table upstream, for those of them that were made from another version of it.
    Otherwise it is made whole. `before` provides temporary tables that the SQL reads, `identity` tells one
    content of those from another, which makes every month anew. `hold`, where many statements read the table, is
    LakeResource.hold. `checks` are evaluated for the periods that were
    rewritten.
    """
    sql = read_sql(module_file, name)

    @dg.asset(
        **described(name, sql=sql, partitioned=partitioned),
        deps=list(deps),
        check_specs=[declared for declared, _ in checks],
    )
    def made_by_sql(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
        before(lake)
        given = parameters(lake)
        version = " ".join(filter(None, (code_version(sql), identity(lake))))
        periods = list(context.partition_keys) if partitioned else []
        if changed_with:
            periods = lake.stale(name, changed_with, periods, version)
        with lake.writer.transaction():
            if partitioned:
                for period in periods:
                    lake.writer.replace(name, sql, given, billing_period=period)
                lake.made(name, periods, changed_with, version)
            else:
                lake.writer.replace(name, sql, given)
        if hold:
            lake.hold(name)
        return dg.MaterializeResult(
            metadata=figures(lake, name, periods if partitioned else None),
            check_results=[evaluate(lake, periods) for _, evaluate in checks],
        )

    asset: dg.AssetsDefinition = made_by_sql
    return asset
