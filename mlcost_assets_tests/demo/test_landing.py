"""Records have the shapes of AWS's own APIs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest

from mlcost_assets.demo.clock import DAY, Window
from mlcost_assets.demo.world.landing import NO_GAPS, Landing, Record
from mlcost_assets_tests.demo.conftest import Simulated, records

KINDS = {
    "sagemaker:DescribeTrainingJob",
    "sagemaker:DescribeProcessingJob",
    "sagemaker:DescribeTransformJob",
    "sagemaker:DescribeHyperParameterTuningJob",
    "sagemaker:DescribeModel",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeInferenceComponent",
    "sagemaker:DescribeNotebookInstance",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribePipeline",
    "sagemaker:DescribePipelineExecution",
    "sagemaker:ListPipelineExecutionSteps",
    "sagemaker:DescribeExperiment",
    "sagemaker:DescribeTrial",
    "sagemaker:DescribeTrialComponent",
    "sagemaker:DescribeDomain",
    "sagemaker:DescribeUserProfile",
    "sagemaker:DescribeSpace",
    "sagemaker:DescribeApp",
    "sagemaker:DescribeCluster",
    "sagemaker:DescribeFeatureGroup",
    "sagemaker:DescribeMonitoringSchedule",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "ec2:DescribeSnapshots",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkInterfaces",
    "eks:DescribeCluster",
    "k8s:Pod",
    "k8s:Node",
    "k8s:PersistentVolume",
    "k8s:Service",
    "s3:ListBuckets",
    "s3:PrefixUsage",
    "ecr:DescribeRepositories",
    "logs:DescribeLogGroups",
    "elbv2:DescribeLoadBalancers",
    "apigateway:GetRestApis",
    "efs:DescribeFileSystems",
    "fsx:DescribeFileSystems",
    "glue:GetJob",
    "emr:DescribeCluster",
    "lambda:GetFunction",
    "stepfunctions:DescribeStateMachine",
    "bedrock:GetInferenceProfile",
    "organizations:DescribeAccount",
    "cloudwatch:GetMetricData",
    "cicd:Deployment",
    "bedrock:ModelInvocationLog",
    "bedrock-agent:GetAgent",
    "bedrock-agentcore-control:GetAgentRuntime",
    "bedrock-agentcore-control:GetMemory",
    "litellm:SpendLog",
    "mlflow:Run",
    "mlflow:RegisteredModel",
}

# What issues name beyond the contract; the default organisation has all of it, others have some.
MORE_KINDS = {
    "bedrock:GetCustomModel",
    "bedrock:GetModelCustomizationJob",
    "bedrock:GetModelInvocationJob",
    "bedrock:GetProvisionedModelThroughput",
    "ce:ListCostAllocationTags",
    "kms:DescribeKey",
    "mwaa:GetEnvironment",
    "sagemaker:DescribeLabelingJob",
    "sagemaker:DescribeMlflowTrackingServer",
}

# Where an operation lists, the body is one item of this list.
ITEMS = {
    "ec2:DescribeInstances": ("Reservations", "Instances"),
    "ec2:DescribeVolumes": ("Volumes",),
    "ec2:DescribeSnapshots": ("Snapshots",),
    "ec2:DescribeNatGateways": ("NatGateways",),
    "ec2:DescribeNetworkInterfaces": ("NetworkInterfaces",),
    "s3:ListBuckets": ("Buckets",),
    "ecr:DescribeRepositories": ("repositories",),
    "logs:DescribeLogGroups": ("logGroups",),
    "elbv2:DescribeLoadBalancers": ("LoadBalancers",),
    "apigateway:GetRestApis": ("items",),
    "efs:DescribeFileSystems": ("FileSystems",),
    "fsx:DescribeFileSystems": ("FileSystems",),
    "ce:ListCostAllocationTags": ("CostAllocationTags",),
}

# What docs/contract.md#metadata-records adds to an answer.
ADDED = {
    "bedrock-agent:GetAgent": {"aliases", "knowledgeBases", "actionGroups"},
    "sagemaker:ListPipelineExecutionSteps": {"PipelineExecutionArn"},
    "elbv2:DescribeLoadBalancers": {"TargetGroups"},
    "apigateway:GetRestApis": {"Integrations"},
}

WITHOUT_OPERATION = (
    "bedrock:ModelInvocationLog",
    "k8s:",
    "cicd:",
    "mlflow:",
    "litellm:",
    "s3:PrefixUsage",
    "cloudwatch:GetMetricData",
)


@pytest.fixture(scope="module")
def services() -> Any:
    return botocore.session.get_session().get_service_model


def shape(services: Any, kind: str) -> Any:
    service, operation = kind.split(":")
    found = services(service).operation_model(operation).output_shape
    for name in ITEMS.get(kind, ()):
        found = found.members[name].member
    return found


def unknown(found: Any, value: Any, path: str) -> Iterator[str]:
    """List the fields, at any depth, that the service model does not have."""
    if found.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            if name not in found.members:
                yield f"{path}.{name}"
            else:
                yield from unknown(found.members[name], inner, f"{path}.{name}")
    elif found.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from unknown(found.member, inner, f"{path}[]")


def test_every_kind_of_the_contract_is_there(simulated: Simulated) -> None:
    found = {record["kind"] for record in records(simulated())}
    assert found == KINDS | MORE_KINDS


@pytest.mark.parametrize("seed", [7, 11])
def test_bodies_have_the_fields_of_the_service_models(simulated: Simulated, services: Any, seed: int) -> None:
    seen: set[tuple[str, str]] = set()
    for record in records(simulated(seed)):
        kind = record["kind"]
        if kind.startswith(WITHOUT_OPERATION):
            continue
        body = {name: value for name, value in record["body"].items() if name not in ADDED.get(kind, set())}
        seen.update((kind, field) for field in unknown(shape(services, kind), body, kind))
    assert not seen


def test_records_say_when_where_and_what(simulated: Simulated) -> None:
    for record in records(simulated()):
        assert list(record) == ["collected_at", "account_id", "region", "kind", "id", "tags", "body"]
        assert datetime.strptime(record["collected_at"], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007
        assert record["id"]
        assert record["tags"] is None or isinstance(record["tags"], dict)


def test_no_snapshot_shows_what_had_not_happened_yet(simulated: Simulated) -> None:
    for record in records(simulated()):
        for field in ("CreationTime", "TrainingEndTime", "ProcessingEndTime", "TransformEndTime", "LaunchTime"):
            assert record["body"].get(field, "") <= record["collected_at"], record["id"]


WINDOW = Window.of("2026-08", 1)


def write(tmp_path: Any, record: Record) -> list[dict[str, Any]]:
    landing = Landing()
    landing.add(record)
    landing.write(tmp_path / "metadata", WINDOW, NO_GAPS, 1, ["111122223333"])
    return records(tmp_path)


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 8, number, hour, tzinfo=UTC)


def test_a_change_is_seen_at_the_next_snapshot(tmp_path: Any) -> None:
    record = Record(
        "eks:DescribeCluster", "c", "111122223333", "us-east-1", [(day(3), {"v": 1}), (day(5, 7), {"v": 2})]
    )
    found = [(line["collected_at"][:10], line["body"]["v"]) for line in write(tmp_path, record)]
    assert found[:2] == [("2026-08-03", 1), ("2026-08-06", 2)]
    assert {value for _, value in found[2:]} == {2}


def test_what_lives_between_two_snapshots_is_never_seen(tmp_path: Any) -> None:
    record = Record(
        "ec2:DescribeInstances", "i-1", "111122223333", "us-east-1", [(day(3, 8), {})], gone=day(3, 8) + DAY / 4
    )
    assert write(tmp_path, record) == []


def test_a_finished_job_stays_listed_and_is_written_once(tmp_path: Any) -> None:
    record = Record(
        "sagemaker:DescribeTrainingJob",
        "j",
        "111122223333",
        "us-east-1",
        [(day(3, 8), {"s": "InProgress"}), (day(3, 9), {"s": "Completed"})],
        gone=day(3, 9),
        listed_for_ever=True,
    )
    assert [line["body"]["s"] for line in write(tmp_path, record)] == ["Completed"]
