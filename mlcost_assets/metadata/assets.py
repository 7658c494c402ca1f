"""The metadata assets: the landing zone read, and the history of every resource made from it."""

import dagster as dg

from mlcost_assets.lake.objects import open_store
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.metadata.kinds import provide_kinds
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files, rebuild_history
from mlcost_assets.runtime.checks import evaluated, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import described, figures, sql_table


@dg.asset(
    **described("metadata_records"),
    check_specs=[spec("metadata_records", "nothing_set_aside", "Every line of the landing zone is a record.")],
)
def metadata_records(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Reads landed files that are new or have grown."""
    store = open_store(lake.config.metadata.uri) if lake.config.metadata else None
    files = new_files(store, lake.connection) if store else []
    read = read_files(lake.writer, store, files, context.log.info) if store else None
    set_aside = lake.connection.execute(
        "SELECT file || ' line ' || line || ': ' || reason FROM quarantined_records ORDER BY file, line"
    ).fetchall()
    unreadable = lake.connection.execute(
        "SELECT file || ' ' || error FROM metadata_files WHERE error IS NOT NULL ORDER BY file"
    ).fetchall()
    problems = [text for (text,) in unreadable + set_aside]
    return dg.MaterializeResult(
        metadata=figures(lake, "metadata_records")
        | {"files_read": read.files if read else 0, "lines_read": read.lines if read else 0},
        check_results=[
            evaluated(
                lake,
                "metadata_records",
                "nothing_set_aside",
                not problems,
                "; ".join(problems[:3])
                + (f"; and {len(problems) - 3} more, see quarantined_records" if len(problems) > 3 else "")
                or "every line is a record",
                severity="WARN",
            )
        ],
    )


@dg.asset(**described("resource_history", sql=read_sql(__file__, "resource_history")), deps=["metadata_records"])
def resource_history(lake: LakeResource) -> dg.MaterializeResult:
    """Makes the history of the resources that new records speak of anew."""
    written = rebuild_history(lake.writer)
    return dg.MaterializeResult(metadata=figures(lake, "resource_history") | {"states_written": written})


metadata_kinds = sql_table(
    "metadata_kinds", __file__, deps=["metadata_records"], before=lambda lake: provide_kinds(lake.connection)
)
