"""Databricks in the organisation's own accounts: machines by what MLflow tracked on their clusters, DBUs by those machines."""

from typing import Any

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given
from mlcost_assets_tests.exports import Row, charge
from mlcost_assets_tests.world import Record, record

ACCOUNT, PAYER = "222222224401", "222222224409"


def machine(instance: str, cluster: str, cost: float, **tags: str) -> Row:
    named = {"user_vendor": "Databricks", "user_cluster_id": cluster} | {
        f"user_{key}": value for key, value in tags.items()
    }
    return charge(
        cost=cost, line_item_resource_id=instance, resource_tags=named, line_item_usage_account_id=ACCOUNT, bill_payer_account_id=PAYER,
    )  # fmt: skip


def dbus(sku: str, cost: float) -> Row:
    product = "4xdbr7efgh1jkl2mnop3qrst8"
    return billed(
        product, f"USE1-MP:{sku}-Units", "", cost, line_item_usage_account_id=PAYER, bill_payer_account_id=PAYER
    )


def tracked(run: str, cluster: str, **tags: str) -> Record:
    said: dict[str, Any] = {"mlflow.databricks.cluster.id": cluster} | tags
    return record("mlflow:Run", run, {"info": {"run_id": run}, "data": {"tags": said}}, account=ACCOUNT)


def version(of: str, run: str) -> Record:
    body = {"name": of, "version": run[-1], "run_id": run}
    return record("mlflow:ModelVersion", f"models:/{of}/{run[-1]}", body, account=ACCOUNT)


def entry(name: str, **tags: str) -> Record:
    body = {"name": name, "tags": [{"key": key, "value": value} for key, value in tags.items()]}
    return record("mlflow:RegisteredModel", f"models:/{name}", body, account=ACCOUNT)


TIDES, WAVES = "prod.sea.tides", "prod.sea.waves"
given(
    entry(TIDES, team="hydrology", DataProduct="dp-sea-1"), entry(WAVES, team="hydrology"),
    tracked("4a01", "0101-tides"), version(TIDES, "4a01"), tracked("4a02", "0101-waves"), version(WAVES, "4a02"),
    tracked("4a03", "0101-people", DataProduct="dp-sea-1"),
    billed=[
        machine("i-04400000000000001", "0101-tides", 40.0, job_id="7", team="template"), machine("i-04400000000000002", "0101-waves", 20.0, job_id="7"),
        machine("i-04400000000000003", "0101-prep", 20.0, job_id="7"), machine("i-04400000000000004", "0101-people", 5.0),
        machine("i-04400000000000005", "0101-other", 20.0, job_id="8"),
        dbus("PREMIUM_JOBS_COMPUTE", 50.0), dbus("PREMIUM_ALL_PURPOSE_COMPUTE", 7.0), dbus("PREMIUM_DLT_CORE_COMPUTE", 3.0),
        dbus("PREMIUM_SERVERLESS_REAL_TIME_INFERENCE", 2.0),
    ],
)  # fmt: skip


def test_a_machine_is_of_the_model_whose_version_a_run_on_its_cluster_made(paid: Paid) -> None:
    assert paid("i-04400000000000001", "model, team, stage") == {("prod-sea-tides", "hydrology", "training"): 40}


def test_another_task_of_the_job_is_ml_and_of_neither_of_its_models(paid: Paid) -> None:
    assert paid("i-04400000000000003", "model, is_ml, stage") == {(None, True, "data_preparation"): 20}
    assert paid("i-04400000000000005", "model, is_ml") == {(None, False): 20}


def test_a_cluster_of_people_is_of_the_data_product_that_all_its_runs_have(paid: Paid) -> None:
    assert paid("i-04400000000000004", "model, team, stage") == {("prod-sea-tides", "hydrology", "experimentation"): 5}


def test_dbus_follow_the_clusters_of_their_kind_and_others_name_nobody(paid: Paid) -> None:
    sku = "account_id = '222222224409' AND usage_type LIKE '%{}%'"
    assert paid.of(sku.format("JOBS"), "model, is_ml") == {
        ("prod-sea-tides", True): 20, ("prod-sea-waves", True): 10, (None, True): 10, (None, False): 10,
    }  # fmt: skip
    assert paid.of(sku.format("ALL_PURPOSE")) == {"prod-sea-tides": 7}
    assert paid.of(sku.format("DLT"), "model, is_ml") == {(None, False): 3}
    assert paid.of(sku.format("REAL_TIME"), "model, is_ml, stage") == {(None, True, "inference"): 2}
