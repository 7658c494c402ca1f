"""What AWS itself stamps on what it makes: it identifies without anyone tagging."""

import pytest

from mlcost_assets_tests.attribution.scenarios import Paid, cluster_arn, given, pod, sagemaker_record
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import arn

given(rules="workloads: [{model: juniper, team: grove}, {model: rowan, team: grove}]")

# Stamps of SageMaker, as CUR 2.0 writes them.
given(
    sagemaker_record("Domain", "domain/d-grove", tags={"team": "grove"}, DomainId="d-grove", DomainName="grove"),
    sagemaker_record("Pipeline", "pipeline/rowan-daily", PipelineName="rowan-daily", tags={"model": "rowan"}),
    sagemaker_record("PipelineExecution", "pipeline/rowan-daily/execution/e5001", PipelineArn=arn("pipeline/rowan-daily")),
    billed=[
        sagemaker("Processing:ml.m5.large", "processing-job/pj-5001", 1.0, resource_tags={"user_sagemaker_pipeline_execution_arn": arn("pipeline/rowan-daily/execution/e5001"),
                  "user_sagemaker_pipeline_step_name": "EvaluateModel"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-5002", 2.0, resource_tags={"user_sagemaker_domain_arn": arn("domain/d-grove")}),
        sagemaker("Train:ml.m5.large", "training-job/tj-5003", 3.0, resource_tags={"aws_cloudformation_stack_name": "juniper-training-stack"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-5004", 4.0, resource_tags={"user_sagemaker_project_name": "juniper"}),
    ],
)  # fmt: skip


def test_a_job_that_a_pipeline_stamped_is_the_pipelines(paid: Paid) -> None:
    assert paid("pj-5001", "model, pipeline") == {("rowan", "rowan-daily"): 1}


def test_the_stamped_step_tells_the_stage(paid: Paid) -> None:
    assert paid("pj-5001", "stage") == {"evaluation": 1}


def test_a_domain_that_one_team_owns_tells_the_team(paid: Paid) -> None:
    assert paid("tj-5002", "team") == {"grove": 2}


def test_a_stack_or_a_project_may_be_named_after_a_model(paid: Paid) -> None:
    assert paid("tj-5003") == {"juniper": 3}
    assert paid("tj-5004") == {"juniper": 4}


# Machines that a group, a queue, a service or a node pool started.
STAMPS = {
    "aws_autoscaling_group_name": "juniper-asg",
    "aws_autoscaling_groupName": "juniper-serving-asg",
    "aws_batch_job_definition": "juniper-scoring",
    "aws_ecs_service_name": "juniper-api",
    "aws_cloudformation_stack_name": "juniper",
    "user_karpenter_sh_nodepool": "juniper-gpu",
    "user_eks_nodegroup_name": "juniper-nodes",
}
given(
    billed=[
        charge(cost=2.0, line_item_resource_id=f"i-0b0000000000500{number}", resource_tags={key: value})
        for number, (key, value) in enumerate(STAMPS.items())
    ]
)


@pytest.mark.parametrize("number", range(len(STAMPS)), ids=list(STAMPS))
def test_what_started_a_machine_may_be_named_after_a_model(paid: Paid, number: int) -> None:
    assert paid(f"i-0b0000000000500{number}", "model, team, is_ml") == {("juniper", "grove", True): 2}


# A stamped node, whose cluster's pods are known, on a day on which none ran.
given(
    sagemaker_record("Domain", "domain/d-unused", DomainId="d-unused", DomainName="unused"),
    pod("grove", "rowan-1", "ip-10-5-0-1", requests={"cpu": "1"}, labels={"app.kubernetes.io/name": "rowan"}),
    {"collected_at": "2026-10-06T06:00:00Z", "account_id": "222222222222", "region": "us-east-1", "kind": "eks:DescribeCluster", "id": cluster_arn("grove"),
     "tags": {"team": "grove"}, "body": {"cluster": {"name": "grove", "createdAt": "2026-01-01T00:00:00Z"}}},
    billed=[charge(cost=5.0, line_item_resource_id="i-0b00000000005020", resource_tags={"aws_eks_cluster_name": "grove"})],
)  # fmt: skip


def test_a_stamped_node_without_pods_is_platform_of_its_clusters_team(paid: Paid) -> None:
    assert paid("i-0b00000000005020", "model, team, stage") == {(None, "grove", "platform"): 5}


# Account tags flow to every charge of CUR 2.0.
given(
    billed=[
        charge(cost=6.0, line_item_usage_account_id="222222225006", line_item_resource_id="", line_item_usage_type="USE1-Something", tags={"accountTag/team": "grove", "accountTag/environment": "prod"}),
    ],
)  # fmt: skip


def test_account_tags_speak_where_nothing_else_does(paid: Paid) -> None:
    assert paid.of("account_id = '222222225006'", "team, environment, method, is_ml") == {
        ("grove", "prod", "account", False): 6
    }
