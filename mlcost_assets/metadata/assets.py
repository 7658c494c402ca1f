"""The metadata assets: the landing zone read, and the history of every resource made from it."""

import dagster as dg

from mlcost_assets.errors import excerpt
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.stores import open_store
from mlcost_assets.metadata.kinds import provide_kinds
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files, rebuild_history, see
from mlcost_assets.runtime.checks import evaluated, spec
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs, sql_table

_LONGEST = 400  # characters of a problem, which may quote a record
_SHOWN = 1000  # problems that a check's details list; quarantined_records has all


@dg.multi_asset(
    specs=asset_specs("metadata_files", "metadata_records", "quarantined_records", deps=["landing_zone"]),
    check_specs=[spec("quarantined_records", "nothing_set_aside", "Every line of the landing zone is a record.")],
)
def metadata_records(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Reads landed files that are new or have grown."""
    store = open_store(lake.config.metadata.uri) if lake.config.metadata else None
    contents = Contents(lake.config.home)
    files = new_files(store, None if lake.forced else lake.connection, contents) if store else []
    if files and not lake.takes_up:
        context.log.warning(f"{len(files):,} new files are left to a run of the job `refresh`")
        files = []
    read = read_files(lake.writer, store, files, context.log.info) if store else None
    work = {"files_read": read.files if read else 0, "lines_read": read.lines if read else 0}
    yield dg.MaterializeResult(asset_key="metadata_files", metadata=figures(lake, "metadata_files") | work)
    for name in ("metadata_records", "quarantined_records"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))
    problems = [
        excerpt(text, _LONGEST) for (text,) in lake.connection.execute(read_sql(__file__, "unread_lines")).fetchall()
    ]
    said = _first_few(problems, "quarantined_records") or "every line is a record"
    shown: dict[str, object] = {"problems": len(problems), "lines": problems[:_SHOWN]}
    yield evaluated(
        lake, "quarantined_records", "nothing_set_aside", not problems, said, severity="WARN", metadata=shown
    )


@dg.multi_asset(
    specs=asset_specs("metadata_looks", "sightings", "resource_history"),
    check_specs=[spec("metadata_looks", "looks_are_complete", "The newest look of every collector saw everything.")],
)
def resource_history(lake: LakeResource):  # type: ignore[no-untyped-def]
    """Makes the history of the resources that new records speak of, or that a new look missed, anew."""
    seen = see(lake.writer)
    with lake.writer.transaction():
        lake.writer.replace("metadata_looks", read_sql(__file__, "metadata_looks"))
    written = rebuild_history(lake.writer)
    lake.hold("resource_history")
    yield dg.MaterializeResult(asset_key="metadata_looks", metadata=figures(lake, "metadata_looks"))
    yield dg.MaterializeResult(asset_key="sightings", metadata=figures(lake, "sightings") | {"records_seen": seen})
    shown = figures(lake, "resource_history") | {"states_written": written}
    yield dg.MaterializeResult(asset_key="resource_history", metadata=shown)
    missed = [
        excerpt(text, _LONGEST)
        for (text,) in lake.connection.execute(read_sql(__file__, "incomplete_looks")).fetchall()
    ]
    said = _first_few(missed, "metadata_looks") or "the newest look at every kind saw everything"
    yield evaluated(lake, "metadata_looks", "looks_are_complete", not missed, said, severity="WARN")


def _first_few(problems: list[str], table: str) -> str:
    more = f"; and {len(problems) - 3} more, see {table}" if len(problems) > 3 else ""
    return "; ".join(problems[:3]) + more


metadata_kinds = sql_table("metadata_kinds", before=lambda lake: provide_kinds(lake.connection))
