"""What a registry's addresses and versions tell: of the jobs that load a model, and of those that make one from another."""

import pytest

from mlcost_assets_tests.attribution.scenarios import Paid, given, training_job
from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import record

# A job starts from one model's artifact, is called after it, and made another, as MLflow registered.
STARTED_FROM, MADE = (
    "s3://mlf-own/g/gannet-1/output/model.tar.gz",
    "s3://mlf-own/p/gannet-init-1/output/model.tar.gz",
)
given(
    record("mlflow:RegisteredModel", "gannet", {"name": "gannet"}),
    record("mlflow:RegisteredModel", "petrel", {"name": "petrel"}),
    record("mlflow:ModelVersion", "gannet/1", {"name": "gannet", "source": STARTED_FROM}),
    record("mlflow:ModelVersion", "petrel/1", {"name": "petrel", "source": MADE}),
    training_job(
        "gannet-init-1",
        artifact=MADE,
        InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": STARTED_FROM}}}],
    ),
    billed=[sagemaker("Train:ml.m5.large", "training-job/gannet-init-1", 4.0)],
)


def test_a_job_is_of_the_model_that_it_made_not_of_the_one_that_it_started_from(paid: Paid) -> None:
    assert paid("training-job/gannet-init-1", "model") == {"petrel": 4}


# Jobs of one definition that load different models.
DEFINITION = f"arn:aws:batch:us-east-1:{ACCOUNT}:job-definition/bulk-score:3"
JOBS = {
    f"arn:aws:ecs:us-east-1:{ACCOUNT}:task/q/{n}e5a": name for n, name in enumerate(("murrelet", "murrelet", "fulmar"))
}


def loaded(name: str) -> list[dict[str, str]]:
    return [{"name": "MODEL_URI", "value": f"models:/{name}/7"}]


given(
    record("batch:DescribeJobDefinitions", DEFINITION, {"jobDefinitionName": "bulk-score"}),
    (
        record(
            "batch:DescribeJobs", task.replace("ecs", "batch").replace("task/q/", "job/"),
            {"jobName": "night", "jobDefinition": DEFINITION, "container": {"taskArn": task, "environment": loaded(name)}},
        )
        for task, name in JOBS.items()
    ),
    billed=[
        charge(
            cost=2.0, line_item_resource_id=task, line_item_product_code="AmazonECS", product_servicecode="AmazonECS",
            line_item_usage_type="USE1-Fargate-vCPU-Hours:perCPU", resource_tags={"aws_batch_job_definition": "bulk-score"},
        )
        for task in JOBS
    ],
)  # fmt: skip


@pytest.mark.parametrize(("task", "name"), JOBS.items())
def test_jobs_of_one_definition_are_of_the_model_whose_address_each_is_told(paid: Paid, task: str, name: str) -> None:
    assert paid(task, "model, is_ml") == {(name, True): 2}


# A template's job says nothing of itself; the role that it runs as has the product's code, as the registry's entry has.
READER = f"arn:aws:iam::{ACCOUNT}:role/dp-reader-7"
given(
    record("mlflow:RegisteredModel", "dunlin", {"name": "dunlin", "tags": [{"key": "DataProduct", "value": "dp-shore-007"}]}),
    record("iam:GetRole", READER, {"RoleName": "dp-reader-7", "Arn": READER}, tags={"DataProduct": "dp-shore-007"}),
    training_job("template-job-0077", RoleArn=READER),
    billed=[sagemaker("Train:ml.m5.large", "training-job/template-job-0077", 3.0)],
)  # fmt: skip


def test_what_runs_as_a_role_is_of_the_model_whose_product_the_role_is_for(paid: Paid) -> None:
    job = "training-job/template-job-0077"
    assert paid(job) == {"dunlin": 3}
    evidence = "SELECT statement FROM attribution_evidence JOIN attributed_costs USING (billing_period, evidence_id)"
    named = paid.query(f"{evidence} WHERE dimension = 'model' AND ends_with(resource_id, $job)", job=job)
    assert named == [("its role's tag DataProduct = dp-shore-007, a code that stands beside this model elsewhere",)]
