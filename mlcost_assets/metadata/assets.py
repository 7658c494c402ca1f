"""The metadata assets: the landing zone read, and the history of every resource made from it."""

import dagster as dg

from mlcost_assets.lake.objects import open_store
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.metadata.kinds import provide_kinds
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files, rebuild_history, see
from mlcost_assets.runtime.checks import evaluated, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs, described, figures, sql_table


@dg.multi_asset(
    specs=asset_specs("metadata_files", "metadata_records", "quarantined_records", deps=["metadata_snapshot"]),
    check_specs=[spec("quarantined_records", "nothing_set_aside", "Every line of the landing zone is a record.")],
)
def metadata_records(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Reads landed files that are new or have grown."""
    store = open_store(lake.config.metadata.uri) if lake.config.metadata else None
    files = new_files(store, lake.connection) if store else []
    read = read_files(lake.writer, store, files, context.log.info) if store else None
    shown = {"files_read": read.files if read else 0, "lines_read": read.lines if read else 0}
    yield dg.MaterializeResult(asset_key="metadata_files", metadata=figures(lake, "metadata_files") | shown)
    for name in ("metadata_records", "quarantined_records"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))
    problems = [text for (text,) in lake.connection.execute(read_sql(__file__, "unread_lines")).fetchall()]
    said = "; ".join(problems[:3]) or "every line is a record"
    more = f"; and {len(problems) - 3} more, see quarantined_records" if len(problems) > 3 else ""
    yield evaluated(lake, "quarantined_records", "nothing_set_aside", not problems, said + more, severity="WARN")


def _looks_are_complete(lake: LakeResource, _: list[str]) -> dg.AssetCheckResult:
    missed = [text for (text,) in lake.connection.execute(read_sql(__file__, "incomplete_looks")).fetchall()]
    said = "; ".join(missed[:3]) or "the newest look at every kind saw everything"
    more = f"; and {len(missed) - 3} more, see metadata_looks" if len(missed) > 3 else ""
    return evaluated(lake, "metadata_looks", "looks_are_complete", not missed, said + more, severity="WARN")


metadata_looks = sql_table(
    "metadata_looks",
    __file__,
    deps=["metadata_records"],
    checks=[
        (
            spec("metadata_looks", "looks_are_complete", "The newest look of every collector saw everything."),
            _looks_are_complete,
        )
    ],
)


@dg.asset(**described("sightings", sql=read_sql(__file__, "sightings")), deps=["metadata_records"])
def sightings(lake: LakeResource) -> dg.MaterializeResult:
    """Takes from new records, once, when what they speak of lived."""
    return dg.MaterializeResult(metadata={"records_seen": see(lake.writer)} | figures(lake, "sightings"))


@dg.asset(
    **described("resource_history", sql=read_sql(__file__, "resource_history")),
    deps=["metadata_records", "sightings", "metadata_looks"],
)
def resource_history(lake: LakeResource) -> dg.MaterializeResult:
    """Makes the history of the resources that new records speak of anew."""
    written = rebuild_history(lake.writer)
    return dg.MaterializeResult(metadata=figures(lake, "resource_history") | {"states_written": written})


metadata_kinds = sql_table(
    "metadata_kinds", __file__, deps=["metadata_records"], before=lambda lake: provide_kinds(lake.connection)
)
