"""How a table of the registry becomes an asset: description, schema and lineage for the UI, and how it is made."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from mlcost_assets.lake.registry import Table, statement_of, tables
from mlcost_assets.lake.sources import sources, upstream
from mlcost_assets.runtime.checks import Check
from mlcost_assets.runtime.column_lineage import column_lineage
from mlcost_assets.runtime.figures import figures, tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.versions import code_version

# Whoever runs the installation: Dagster shows it, and filters by it.
OWNERS = ["team:mlcost"]


def described(name: str, *, partitioned: bool = False, also: Iterable[str] = ()) -> dict[str, Any]:
    """Arguments of `@dg.asset` for table `name`: all that the registry and its SQL tell of it.

    It depends on what its statements read, and on what those read that its step runs `also` (`reports/idle_rules.sql`).
    """
    table = tables()[name]
    arguments: dict[str, Any] = {
        "name": name,
        "deps": upstream(name, *also),
        "group_name": table.domain,
        "owners": OWNERS,
        "description": f"{table.description}\n\nOne row: {table.grain}.",
        "kinds": {"duckdb", "sql"} if table.statement else {"duckdb", "python"},
        "metadata": {
            "dagster/column_schema": _schema(name),
            "dagster/table_name": table.qualified,
            **_written_in(table),
            # Here, not in what each run tells of the table: Dagster keeps that three times a run.
            **column_lineage(name),
        },
        "tags": {"published": "yes"} if table.published else {},
    }
    if sources(name).texts:
        arguments["code_version"] = code_version(name)
    if partitioned:
        arguments |= {"partitions_def": BILLING_PERIODS, "backfill_policy": TOGETHER}
    return arguments


def _written_in(table: Table) -> dict[str, Any]:
    """Where a table is explained and, where it is one statement, that statement."""
    explained = {"documentation": f"docs/tables.md#{table.name}"}
    if not table.statement:
        return explained
    label = str(table.statement.relative_to(Path(__file__).parents[1]))
    source = dg.LocalFileCodeReference(file_path=str(table.statement), label=label)
    return explained | {
        "statement": dg.MetadataValue.md(f"```sql\n{table.statement.read_text(encoding='utf-8')}\n```"),
        "dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[source]),
    }


def asset_specs(*names: str, also: Iterable[str] = (), deps: Iterable[str] = ()) -> list[dg.AssetSpec]:
    """The specs of tables that one step makes together; `deps` are upstream beside what SQL reads."""
    specs = []
    for name in names:
        arguments = described(name, also=also)
        arguments["deps"] = [*deps, *arguments["deps"]]
        specs.append(dg.AssetSpec(arguments.pop("name"), **arguments))
    return specs


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


def sql_table(
    name: str,
    *,
    partitioned: bool = False,
    also: Iterable[str] = (),
    changed_with: str = "",
    with_before: bool = False,
    hold: bool = False,
    checks: Sequence[Check] = (),
    parameters: Callable[[LakeResource], dict[str, Any]] = lambda _: {},
    before: Callable[[LakeResource], None] = lambda _: None,
    identity: Callable[[LakeResource], str] = lambda _: "",
) -> dg.AssetsDefinition:
    """The asset of a table that is one SELECT (Table.statement), with what that reads upstream.

    When `partitioned`, it is made a month at a time and its SQL reads $billing_period: for the periods of the run, or,
    where `changed_with` names a table upstream, for those of them that were made from another version of it.
    A table `with_before` compares each month with the month before: that month of `changed_with` counts, too, and a run
    also makes the months right after its own. Otherwise it is made whole. `before` provides temporary tables that the
    SQL reads, `identity` tells one content of those from another, which makes every month anew. `hold`, where many
    statements read the table, is LakeResource.hold. `checks` are evaluated for the periods that were rewritten; `also`
    are their statements.
    """
    sql = statement_of(name)

    @dg.asset(
        **described(name, partitioned=partitioned, also=also),
        check_specs=[declared for declared, _ in checks],
    )
    def made_by_sql(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
        before(lake)
        given = parameters(lake)
        version = " ".join(filter(None, (code_version(name), identity(lake))))
        periods = list(context.partition_keys) if partitioned else []
        if changed_with:
            if with_before:
                periods = lake.and_following(changed_with, periods)
            periods = lake.stale(name, changed_with, periods, version, with_before=with_before)
        with lake.writer.transaction():
            if partitioned:
                for period in periods:
                    lake.writer.replace(name, sql, given, billing_period=period)
                lake.made(name, periods, changed_with, version, with_before=with_before)
            else:
                lake.writer.replace(name, sql, given)
        if hold:
            lake.hold(name)
        if partitioned:
            tell_months(context, lake, name, periods)
        return dg.MaterializeResult(
            metadata={} if partitioned else figures(lake, name),
            check_results=[evaluate(lake, periods) for _, evaluate in checks],
        )

    asset: dg.AssetsDefinition = made_by_sql
    return asset
