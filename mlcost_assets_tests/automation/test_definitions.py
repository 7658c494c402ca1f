"""The graph as Dagster sees it; a renamed asset shows in this file's diff, and its dependencies are what the SQL reads."""

import dagster as dg

from mlcost_assets.definitions import defs
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sources import sources

GROUPS = {
    "billing": {"bill_tag_sets", "billing_drops", "daily_charges", "drop_totals", "line_items", "quarantined_rows", "split_costs"},
    "metadata": {
        "landing_zone", "metadata_files", "metadata_kinds", "metadata_looks", "metadata_records", "metadata_snapshot",
        "quarantined_records", "resource_history", "sightings",
    },
    "lineage": {"lineage_edges"},
    "tags": {"cost_categories", "tag_carriers", "tag_keys", "tag_names", "tag_observations", "tag_proposals", "tag_values"},
    "attribution": {
        "attributed_costs", "attribution_evidence", "billed_things", "claims", "name_dictionary", "owners", "resource_people", "work_stages",
        "rule_claims", "rule_matches", "shares", "split_counts", "thing_owners", "workload_defaults",
    },
    "reports": {
        "cost_drivers", "environment_costs", "evidence_gaps", "experiment_costs", "model_costs", "resources",
        "restatements", "rule_counts", "tag_compliance", "experiment_runs", "basis_sensitivity", "gpu_traffic",
        "gpu_usage", "tag_conflicts", "tag_drift", "tag_states", "team_costs", "unit_costs", "endpoint_hours",
        "rented_machines", "stored_data", "scenarios", "unit_prices", "token_costs", "unit_gaps", "idle_resources",
        "commitment_benefits", "commitment_coverage", "commitment_ladder", "chargeback", "live_accuracy",
        "live_costs", "estimate_vs_bill", "agent_costs",
    },
    "forecasting": {"daily_costs", "forecasts"},
    "quality": {"data_quality", "published"},
}  # fmt: skip

CHECKS = {
    ("agent_costs", "conserves_total"),
    ("attributed_costs", "conserves_total"),
    ("attributed_costs", "ml_spend_has_owners"),
    ("basis_sensitivity", "bases_conserve"),
    ("billing_drops", "every_drop_is_loaded"),
    ("billing_drops", "fresh"),
    ("billing_drops", "one_export_per_payer"),
    ("cost_drivers", "drivers_sum_to_change"),
    ("commitment_benefits", "commitments_are_plausible"),
    ("commitment_benefits", "commitments_tie_out"),
    ("chargeback", "ties_out"),
    ("daily_charges", "conserves_total"),
    ("environment_costs", "conserves_total"),
    ("estimate_vs_bill", "estimates_tie_out"),
    ("evidence_gaps", "gaps_tie_out"),
    ("experiment_costs", "conserves_total"),
    ("experiment_runs", "conserves_total"),
    ("gpu_traffic", "traffic_ties_out"),
    ("gpu_usage", "conserves_total"),
    ("gpu_usage", "hours_are_billed"),
    ("idle_resources", "idle_spend"),
    ("live_costs", "live_is_not_billed"),
    ("live_costs", "live_is_positive"),
    ("line_items", "commitments_amortise"),
    ("line_items", "conserves_total"),
    ("line_items", "every_day_has_usage"),
    ("line_items", "one_currency"),
    ("line_items", "rows_are_told_once"),
    ("line_items", "types_are_known"),
    ("line_items", "usage_names_resources"),
    ("line_items", "commitments_end_even"),
    ("line_items", "currency_is_told"),
    ("line_items", "discounts_tie_out"),
    ("line_items", "effective_cost_is_told"),
    ("line_items", "every_charge_has_costs"),
    ("line_items", "everything_counts_once"),
    ("line_items", "list_cost_is_highest"),
    ("line_items", "tags_are_read"),
    ("line_items", "types_tie_out"),
    ("metadata_looks", "looks_are_complete"),
    ("metadata_snapshot", "everything_answered"),
    ("model_costs", "conserves_total"),
    ("quarantined_records", "nothing_set_aside"),
    ("quarantined_rows", "nothing_set_aside"),
    ("restatements", "final_months_stand"),
    ("resources", "billed_resources_are_seen"),
    ("rule_counts", "rules_decide"),
    ("tag_compliance", "tags_comply"),
    ("team_costs", "conserves_total"),
    ("token_costs", "conserves_total"),
    ("unit_costs", "conserves_total"),
    ("unit_gaps", "volume_is_known"),
}


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_groups_read_as_the_picture_of_the_design() -> None:
    found: dict[str, set[str]] = {}
    for name, spec in specs().items():
        found.setdefault(str(spec.group_name), set()).add(name)
    assert found == GROUPS


def test_every_asset_says_what_it_is_and_shows_its_columns() -> None:
    for name, spec in specs().items():
        assert spec.description, name
        assert spec.owners == ["team:mlcost"], name
        assert name in ("published", "metadata_snapshot", "landing_zone") or "dagster/column_schema" in spec.metadata, (
            name
        )


def test_every_table_is_made_by_an_asset() -> None:
    kept_by_the_run = {"made", "refreshes"}
    assert set(tables()) - set(specs()) == kept_by_the_run


# What no statement reads: the files of the landing zone, and that all is made before it is published.
BESIDE_SQL = {
    "metadata_files": {"landing_zone"}, "metadata_records": {"landing_zone"}, "quarantined_records": {"landing_zone"},
    "data_quality": set(tables()) - {"data_quality", "made", "refreshes"}, "published": {"data_quality"},
    "landing_zone": {"metadata_snapshot"},
}  # fmt: skip
# Statements that a step runs beside that of its table, to check it.
CHECKING = {
    "cost_drivers": "reports/drivers/untied_drivers.sql",
    "basis_sensitivity": "reports/gpu/unequal_bases.sql",
    "commitment_benefits": "reports/commitments/odd_commitments.sql",
    "chargeback": "reports/chargeback/untied_invoices.sql",
    "estimate_vs_bill": "reports/estimates/untied_estimates.sql",
    "evidence_gaps": "reports/untied_gaps.sql",
    "gpu_traffic": "reports/gpu/untied_traffic.sql",
    "gpu_usage": "reports/gpu/overcounted_hours.sql",
    "idle_resources": "reports/idle/idle_spend.sql",
    "live_costs": "reports/live/told_twice.sql",
    "resources": "reports/unseen_resources.sql",
    "rule_counts": "reports/idle_rules.sql",
    "unit_gaps": "reports/units/known_volume.sql",
}


def test_an_asset_depends_on_just_what_its_statements_read() -> None:
    """Followed through what lives for one run, down to tables."""
    for name, spec in specs().items():
        statements = [one for one in (name if name in tables() else "", CHECKING.get(name, "")) if one]
        read = set(sources(*statements).tables) - {name}
        assert {dep.asset_key.to_user_string() for dep in spec.deps} == read | BESIDE_SQL.get(name, set()), name


def test_publication_comes_after_everything() -> None:
    upstream: dict[str, set[str]] = {
        name: {dep.asset_key.to_user_string() for dep in spec.deps} for name, spec in specs().items()
    }
    reached, wanted = set(), {"published"}
    while wanted:
        reached |= wanted
        wanted = {dep for name in wanted for dep in upstream[name]} - reached
    assert reached == set(upstream)


def test_data_flows_one_way_through_the_groups() -> None:
    order = list(GROUPS)
    group_of = {name: group for group, names in GROUPS.items() for name in names}
    for name, spec in specs().items():
        for dep in spec.deps:
            source = group_of[dep.asset_key.to_user_string()]
            assert order.index(source) <= order.index(group_of[name]), f"{name} depends on {dep.asset_key}"


def test_checks_jobs_sensors_and_schedule() -> None:
    graph = defs.resolve_asset_graph()
    assert {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys} == CHECKS
    repository = defs.get_repository_def()
    assert {job.name for job in repository.get_all_jobs() if not job.name.startswith("__")} == {"refresh", "collect"}
    assert {sensor.name for sensor in repository.sensor_defs} == {
        "abandoned_runs", "new_billing_drops", "new_metadata", "old_runs", "tell_failed_checks", "tell_failed_runs",
    }  # fmt: skip
    assert {schedule.name for schedule in repository.schedule_defs} == {"daily_collection", "daily_refresh"}
    assert all(sensor.default_status == dg.DefaultSensorStatus.RUNNING for sensor in repository.sensor_defs)
    assert all(sensor.description for sensor in repository.sensor_defs)
    assert all(schedule.description for schedule in repository.schedule_defs)


def test_a_table_that_is_one_statement_shows_it_and_where_it_is_explained() -> None:
    metadata = specs()["model_costs"].metadata
    assert "GROUP BY" in metadata["statement"].value
    assert metadata["documentation"] == "docs/tables.md#model_costs"


def test_a_run_stays_small() -> None:
    steps = defs.resolve_job_def("refresh").graph.node_dict
    assert len(steps) <= 52
