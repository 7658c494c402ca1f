"""What Dagster's Materialize buttons launch: each run publishes what it made, or changes nothing and says why."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from mlcost_assets.automation.instance import open_instance
from mlcost_assets.automation.run import refresh_now
from mlcost_assets.definitions import defs
from mlcost_assets.errors import LakeConflictError
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.runtime.partitions import keep_periods, range_tags
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World, record

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
EVERYTHING = "__ASSET_JOB"


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An installation of two months, refreshed."""
    world = World(tmp_path_factory.mktemp("two") / "months")
    world.bill([charge(cost=1.0, at="2026-09-05T00:00:00")], period="2026-09")
    world.bill([charge(cost=2.0)], period="2026-10")
    refresh_now(world.config, [], everything=False, quiet=True)
    return world


@pytest.fixture
def standing(two_months: World, tmp_path: Path) -> World:
    """A copy of it, to go on with."""
    return two_months.copy(tmp_path / "standing")


@pytest.fixture
def instance(standing: World) -> Iterator[dg.DagsterInstance]:
    with open_instance(standing.config) as opened:
        yield opened


def click(
    instance: dg.DagsterInstance, *assets: str, first: str = "2026-10", last: str = "2026-10", job: str = "refresh"
) -> dg.ExecuteInProcessResult:
    """A run as the UI launches it for a selection of assets, or for all of a job."""
    return defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey(asset) for asset in assets] or None,
        tags=range_tags(first, last),
        run_config=QUIET,
        raise_on_error=False,
    )


def said(instance: dg.DagsterInstance, run_id: str) -> str:
    """All that the log of a run shows, errors too."""
    entries = instance.all_logs(run_id)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    return "\n".join(
        [entry.user_message for entry in entries] + [f"{one.message} {one.event_specific_data}" for one in events]
    )


@pytest.mark.parametrize(
    "assets", [["model_costs"], ["lineage_edges", "resource_people"], ["attributed_costs", "team_costs"]]
)
def test_a_selection_publishes_what_it_made_in_one_version_and_its_checks(
    standing: World, instance: dg.DagsterInstance, assets: list[str]
) -> None:
    before = Catalog(standing.config).version()
    selected = {"attributed_costs", "attribution_evidence", "split_counts", *assets}
    result = click(instance, *(selected if "attributed_costs" in assets else assets))
    assert result.success
    refreshes = standing.query("SELECT run_id FROM refreshes ORDER BY snapshot")
    assert len(refreshes) == 2
    assert refreshes[-1] == (result.run_id,)
    assert Catalog(standing.config).version() != before
    checks = standing.query("SELECT asset FROM data_quality WHERE run_id = $run", run=result.run_id)
    assert ("model_costs" in assets) == (("model_costs",) in checks)


def test_everything_is_one_run_that_has_nothing_to_collect_and_ends_well(
    standing: World, instance: dg.DagsterInstance
) -> None:
    result = click(instance, job=EVERYTHING)
    assert result.success
    assert "metadata.accounts names no account to collect from" in said(instance, result.run_id)
    assert len(standing.query("FROM refreshes")) == 2


def test_a_selection_leaves_what_is_new_to_a_refresh_which_then_finds_it(
    standing: World, instance: dg.DagsterInstance
) -> None:
    standing.bill([charge(cost=5.0)], period="2026-10", execution="2")
    standing.land(record("ec2:DescribeInstances", "i-2", {"InstanceId": "i-2"}))
    result = click(instance, "billing_drops", "line_items", "quarantined_rows", "drop_totals")
    assert result.success
    assert "2026-10: what is new is left to a run of the job `refresh`" in said(instance, result.run_id)
    assert click(instance, "metadata_files", "metadata_records", "quarantined_records").success
    assert standing.query("SELECT sum(billed_cost) FROM line_items WHERE billing_period = '2026-10'") == [(2,)]
    assert standing.query("FROM metadata_records") == []
    assert "2026-09 to 2026-10" in standing.refresh().headline
    assert standing.query("SELECT sum(billed_cost) FROM team_costs WHERE billing_period = '2026-10'") == [(5,)]
    assert len(standing.query("FROM metadata_records")) == 1


def test_what_a_selection_made_by_other_rules_is_carried_on_by_the_next_refresh(
    standing: World, instance: dg.DagsterInstance
) -> None:
    standing.rules('rules: [{name: all, when: {service_code: "*"}, set: {team: risk}}]')
    assert click(instance, "rule_matches", first="2026-09").success
    assert "2026-09 to 2026-10" in standing.refresh().headline
    assert standing.query("SELECT DISTINCT team FROM attributed_costs") == [("risk",)]
    assert "Nothing changed" in standing.refresh().headline


def test_a_selection_in_which_a_step_fails_or_a_blocking_check_publishes_nothing(
    standing: World, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Catalog(standing.config).version()
    real = LakeWriter.replace

    def loses_a_cent(lake: LakeWriter, name: str, *given: object, **keys: str) -> int:
        made = real(lake, name, *given, **keys)  # type: ignore[arg-type]
        lake.connection.execute(f"UPDATE {name} SET effective_cost = effective_cost - 0.01")
        return made

    monkeypatch.setattr("mlcost_assets.runtime.lake.LakeResource.stale", lambda *_: ["2026-10"])
    monkeypatch.setattr(LakeWriter, "replace", loses_a_cent)
    assert not click(instance, "model_costs", "resource_people").success
    assert Catalog(standing.config).version() == before


def test_what_could_not_be_published_fails_the_run(
    standing: World, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses(_: LakeWriter) -> None:
        raise LakeConflictError("another refresh was faster")

    monkeypatch.setattr(LakeWriter, "publish", loses)
    result = click(instance, "resource_people")
    assert not result.success
    assert "Nothing was published, the version before stays: another refresh was faster" in said(
        instance, result.run_id
    )


def test_partitions_are_the_delivered_months_in_their_order(standing: World, instance: dg.DagsterInstance) -> None:
    assert list(instance.get_dynamic_partitions("billing_period")) == ["2026-09", "2026-10"]
    standing.bill([charge(cost=4.0, at="2026-07-05T00:00:00")], period="2026-07")
    refresh_now(standing.config, [], everything=False, quiet=True)
    assert list(instance.get_dynamic_partitions("billing_period")) == ["2026-07", "2026-09", "2026-10"]
    keep_periods(instance, [])  # nothing can be reached just now
    keep_periods(instance, ["2026-07", "2026-10"])
    assert list(instance.get_dynamic_partitions("billing_period")) == ["2026-07", "2026-10"]


def refused(instance: dg.DagsterInstance, tags: dict[str, str]) -> str:
    """Ends a run that was launched although no button does; gives what it said."""
    job = defs.resolve_job_def("refresh")
    run = instance.create_run_for_job(job, run_config=QUIET)
    instance.add_run_tags(run.run_id, tags)
    execute_run(InMemoryJob(job), run.with_tags({**run.tags, **tags}), instance)
    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status == dg.DagsterRunStatus.CANCELED
    assert not instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    return said(instance, run.run_id)


def checks_shown(instance: dg.DagsterInstance) -> dict[dg.AssetCheckKey, AssetCheckExecutionRecordStatus]:
    """The state of each check that is not about the clock, as the newest execution has it."""
    keys = [key for key in defs.resolve_asset_graph().asset_check_keys if key.name == "conserves_total"]
    newest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    return {key: one.status for key, one in newest.items()}


def test_a_month_that_no_export_has_is_refused_in_one_line_and_nothing_is_red_or_green(
    standing: World, instance: dg.DagsterInstance
) -> None:
    before, checked = Catalog(standing.config).version(), checks_shown(instance)
    instance.add_dynamic_partitions("billing_period", ["2026-11"])  # the UI lets anybody do so
    told = refused(instance, {"dagster/partition": "2026-11"})
    assert "2026-11: no export has delivered this billing period; known are 2026-09 to 2026-1" in told
    assert Catalog(standing.config).version() == before
    assert checks_shown(instance) == checked
    assert {status.value for status in checked.values()} == {"SUCCEEDED"}


def test_a_run_without_configuration_is_refused_in_one_line(standing: World, instance: dg.DagsterInstance) -> None:
    (standing.folder / "mlcost.yaml").write_text("billing: {}\n")
    assert "mlcost.yaml: billing.exports: is required" in refused(instance, range_tags("2026-10", "2026-10"))


def test_a_run_finds_the_months_that_came_since(standing: World, instance: dg.DagsterInstance) -> None:
    standing.bill([charge(cost=4.0, at="2026-11-05T00:00:00")], period="2026-11")
    assert instance.get_dynamic_partitions("billing_period") == ["2026-09", "2026-10"]
    assert click(instance).success
    assert instance.get_dynamic_partitions("billing_period")[-1] == "2026-11"


def shown(instance: dg.DagsterInstance, asset: str, month: str) -> dict[str, object]:
    """What the page of a partition shows of its newest materialization."""
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey(asset), asset_partitions=[month]), limit=1
    ).records
    materialization = records[0].asset_materialization
    assert materialization is not None
    return {name: value.value for name, value in materialization.metadata.items()}


def test_the_newest_month_stands_on_top_of_every_page(instance: dg.DagsterInstance) -> None:
    graph = defs.resolve_asset_graph()
    latest = [
        event.asset_materialization.partition
        for key in graph.materializable_asset_keys
        if graph.get(key).is_partitioned and (event := instance.get_latest_materialization_event(key))
        and event.asset_materialization
    ]  # fmt: skip
    assert len(latest) > 20
    assert set(latest) == {"2026-10"}


def test_each_month_has_its_own_rows_and_costs_as_numbers_and_in_words(instance: dg.DagsterInstance) -> None:
    for month, cost in (("2026-09", 1.0), ("2026-10", 2.0)):
        for asset in ("line_items", "daily_charges", "attributed_costs", "team_costs"):
            page = shown(instance, asset, month)
            assert page["dagster/row_count"] == 1
            assert page["billed_cost_usd"] == cost
            assert page["billed_cost"] == f"{cost:.10f} USD"


def test_a_report_shows_its_dearest_rows_whatever_they_are_called(
    standing: World, instance: dg.DagsterInstance
) -> None:
    standing.rules('rules: [{name: all, when: {service_code: "*"}, set: {team: "a|[x](http://y)"}}]')
    refresh_now(standing.config, ["2026-10"], everything=False, quiet=True)
    header, _, row = str(shown(instance, "team_costs", "2026-10")["preview"]).splitlines()
    assert header == "| team | project | stage | is_ml | billing_currency | effective_cost |"
    assert row.startswith(r"| a\|\[x\](http:&#47;&#47;y) |")
    assert row.endswith("| USD | 2.00 |")


def test_a_refresh_of_the_command_line_stands_in_the_history_of_its_job_and_says_in_its_log_what_it_prints(
    instance: dg.DagsterInstance,
) -> None:
    run = instance.get_runs(dg.RunsFilter(job_name="refresh", tags={".dagster/repository": "__repository__@mlcost"}))[
        -1
    ]
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.location_name == "mlcost"
    log = said(instance, run.run_id)
    assert "  billed 2.00 USD, effective 2.00; " in log
    assert "payer 2026-09: loaded, 1 rows" in log


def test_a_run_that_is_run_again_from_its_failure_is_refused(standing: World, instance: dg.DagsterInstance) -> None:
    assert "use Re-execute all" in refused(instance, {"dagster/is_resume_retry": "true"})
