"""docs/extending.md's list of an AWS service, walked for every file in collect/services.

What does not apply to a service stands here with the reason.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import duckdb
import pytest
import yaml

from mlcost_assets.collect.listing import Collection, Gathering
from mlcost_assets.collect.policy import action
from mlcost_assets.collect.services import services
from mlcost_assets.lake.engine import connect
from mlcost_assets.metadata.kinds import known_kinds
from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.lineage.artifacts import ARTIFACTS
from mlcost_assets_tests.lineage.cases import CASES as STATED
from mlcost_assets_tests.lineage.containers import CONTAINERS

CASES = STATED | ARTIFACTS | CONTAINERS
ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mlcost_assets"
MISSING = "name it in attribution/resolve/usage_classes.yaml"
KINDS = [one for collections in services().values() for one in collections]
AT = f"us-east-1:{ACCOUNT}"


class Billed(NamedTuple):
    """What the bill calls a resource of a service, and the id that its records have."""

    service_code: str
    usage_type: str
    resource_id: str
    record_id: str = ""


BILLED = {
    "bedrock-agentcore-control": Billed("AmazonBedrockAgentCore", "USE1-Runtime-vCPU", f"arn:aws:bedrock-agentcore:{AT}:runtime/helper-a1B2c3D4e5/runtime-endpoint/DEFAULT", f"arn:aws:bedrock-agentcore:{AT}:runtime/helper-a1B2c3D4e5"),
    "apigateway": Billed("AmazonApiGateway", "USE1-ApiGatewayRequest", "arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod", "arn:aws:apigateway:us-east-1::/restapis/a1"),
    "apigatewayv2": Billed("AmazonApiGateway", "USE1-ApiGatewayHttpRequest", "arn:aws:apigateway:us-east-1::/apis/c3/stages/$default", "arn:aws:apigateway:us-east-1::/apis/c3"),
    "bedrock": Billed("AmazonBedrock", "USE1-NovaLite-input-tokens", f"arn:aws:bedrock:{AT}:application-inference-profile/p1"),
    "dynamodb": Billed("AmazonDynamoDB", "TimedStorage-ByteHrs", f"arn:aws:dynamodb:{AT}:table/features"),
    "ec2": Billed("AmazonEC2", "BoxUsage:g5.xlarge", "i-0a1b2c3d4e5f60718"),
    "ecr": Billed("AmazonECR", "TimedStorage-ByteHrs", "team/serve", f"arn:aws:ecr:{AT}:repository/team/serve"),
    "ecs": Billed("AmazonECS", "USE1-Fargate-vCPU-Hours:perCPU", f"arn:aws:ecs:{AT}:task/one/1f2e"),
    "efs": Billed("AmazonEFS", "TimedStorage-ByteHrs", "fs-0a1b", f"arn:aws:elasticfilesystem:{AT}:file-system/fs-0a1b"),
    "eks": Billed("AmazonEKS", "USE1-AmazonEKS-Hours:perCluster", f"arn:aws:eks:{AT}:cluster/one"),
    "elasticache": Billed("AmazonElastiCache", "NodeUsage:cache.r6g.large", f"arn:aws:elasticache:{AT}:cluster:online-001"),
    "elbv2": Billed("AWSELB", "LoadBalancerUsage", f"arn:aws:elasticloadbalancing:{AT}:loadbalancer/net/ml/1f2e"),
    "emr": Billed("ElasticMapReduce", "USE1-BoxUsage:m5.xlarge", f"arn:aws:elasticmapreduce:{AT}:cluster/j-1"),
    "emr-serverless": Billed("ElasticMapReduce", "USE1-EMR-SERVERLESS-vCPU-Hours", f"arn:aws:emr-serverless:{AT}:/applications/a"),
    "fsx": Billed("AmazonFSx", "USE1-Storage-SSD", "fs-0c1d", f"arn:aws:fsx:{AT}:file-system/fs-0c1d"),
    "glue": Billed("AWSGlue", "USE1-ETL-DPU-Hour", f"arn:aws:glue:{AT}:job/etl"),
    "kafka": Billed("AmazonMSK", "USE1-Kafka.m5.large", f"arn:aws:kafka:{AT}:cluster/clicks/1f2e-7"),
    "kendra": Billed("AmazonKendra", "USE1-KendraEnterpriseEdition", f"arn:aws:kendra:{AT}:index/1f2e"),
    "kinesis": Billed("AmazonKinesis", "Storage-ShardHour", f"arn:aws:kinesis:{AT}:stream/clicks"),
    "kms": Billed("awskms", "us-east-1-KMS-Keys", f"arn:aws:kms:{AT}:key/1f2e"),
    "lambda": Billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{AT}:function:score:7", f"arn:aws:lambda:{AT}:function:score"),
    "logs": Billed("AmazonCloudWatch", "USE1-TimedStorage-ByteHrs", f"arn:aws:logs:{AT}:log-group:/acme/app", f"arn:aws:logs:{AT}:log-group:/acme/app"),
    "mwaa": Billed("AmazonMWAA", "USE1-Airflow-SmallEnvironment", f"arn:aws:airflow:{AT}:environment/flow"),
    "omics": Billed("AmazonOmics", "USE1-RunStorage", f"arn:aws:omics:{AT}:run/1234567"),
    "opensearch": Billed("AmazonES", "ESInstance:r6g.large", f"arn:aws:es:{AT}:domain/vectors"),
    "opensearchserverless": Billed("AmazonES", "USE1-SearchOCU", f"arn:aws:aoss:{AT}:collection/1f2e"),
    "qbusiness": Billed("AmazonQ", "USE1-QBusiness-Pro-User", f"arn:aws:qbusiness:{AT}:application/1f2e"),
    "rds": Billed("AmazonRDS", "USE1-Aurora:ServerlessV2Usage", f"arn:aws:rds:{AT}:cluster:vectors"),
    "s3": Billed("AmazonS3", "TimedStorage-ByteHrs", "models", "arn:aws:s3:::models"),
    "sagemaker": Billed("AmazonSageMaker", "USE1-Train:ml.g5.2xlarge", f"arn:aws:sagemaker:{AT}:training-job/Churn", f"arn:aws:sagemaker:{AT}:training-job/churn"),
    "stepfunctions": Billed("AmazonStates", "USE1-StateTransition", f"arn:aws:states:{AT}:stateMachine:retrain"),
}  # fmt: skip
UNBILLED = {
    "batch": "runs tasks on machines and on Fargate, which are billed",
    "bedrock-agent": "agents cost the tokens that their role calls, and the stores that they use",
    "ce": "tells which tags are activated",
    "cloudtrail": "tells who made what",
    "cloudwatch": "measures resources of other services",
    "iam": "tells whose roles and users are",
    "organizations": "describes accounts",
    "tagging": "lists resources of services that have no file",
}
PRODUCTS_WITH_ML_INSIDE = {
    "AWSDeepRacer": "is for learning",
    "AmazonDevOpsGuru": "watches operations",
    "AmazonHealthLake": "stores health records",
    "AmazonMonitron": "watches machines",
}
WITHOUT_FLOW = {
    "adapts": "for people: both run on the same endpoint",
    "built_from": "for people: a commit is nobody's",
    "created_by": "for people: who made something need not own it; resource_people asks it of machines",
    "deployed_by": "a deployment claims by itself, until the next one",
    "exposed_by": "routes_to says it of the balancer",
    "home_of": "shares/sources/homes.sql divides it",
    "hosts": "what is hosted is called so; shares/sources divide its host",
    "image_in": "uses_image says it of the repository",
    "is_instance": "shares/sources/pods.sql and tasks.sql divide it",
    "reuses": "the execution that paid keeps the cost",
    "runs_on_node": "shares/sources/pods.sql and tasks.sql divide it",
    "session_of": "for people: a session is its role's",
    "stamped_by_domain": "a domain is nobody's in particular",
}
# Not stated by a record: claims/caller_edges.sql makes them of the bill's callers and of CloudTrail's.
ONLY_FLOWS = {"asked_by", "called_by"}
WITHOUT_RELATIONS = {
    "ce:ListCostAllocationTags": "tells of tag keys",
    "ec2:DescribeNatGateways": "is found by its network interface",
    "ecr:DescribeRepositories": "is found by its images and by who uses them",
    "ecs:DescribeClusters": "is shared by what runs in it",
    "emr-serverless:GetApplication": "is found by its job runs",
    "iam:GetRole": "is found by what runs as it",
    "iam:GetUser": "is found by what is called after it",
    "kms:DescribeKey": "is found by what it encrypts",
    "organizations:DescribeAccount": "is no resource of a service",
    "s3:ListBuckets": "is found by what is read and written in it",
    "sagemaker:DescribeExperiment": "is found by its trials",
    "sagemaker:DescribeHyperParameterTuningJob": "is found by its training jobs",
    "sagemaker:DescribeMlflowTrackingServer": "serves a team, not a model",
    "sagemaker:DescribeModelPackageGroup": "is found by its packages",
    "sagemaker:DescribeNotebookInstance": "has a role and a name only",
    "sagemaker:DescribePipelineExecution": "is found by its steps",
    "sagemaker:DescribeTrainingPlan": "is found by who draws on it",
    "sagemaker:DescribeUserProfile": "is found by who works in it",
    "tagging:GetResources": "tells tags only",
}


def test_every_service_is_billed_or_says_why_not() -> None:
    assert set(BILLED) | set(UNBILLED) == set(services())
    assert set(BILLED) & set(UNBILLED) == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: str(one.kind))
def test_its_kinds_are_read_and_promised(kind: Collection) -> None:
    assert kind.kind in known_kinds()
    service, _, operation = kind.kind.partition(":")
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{service}` \| (.*) \|$", page, re.MULTILINE)
    assert operation in row.split(", ")


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: str(one.kind))
def test_its_arns_begin_with_the_name_that_iam_has_for_the_service(kind: Collection) -> None:
    """A name that is misspelt in metadata/kinds/ would list each resource a second time."""
    service = known_kinds()[kind.kind].get("arn", "").partition(":")[0]
    assert not service or {service} == {action(operation).partition(":")[0] for operation in kind.operations}


@pytest.mark.parametrize("service", sorted(BILLED))
def test_the_tagging_api_does_not_list_it_a_second_time(service: str) -> None:
    arns = [
        record["id"] for records, _ in CASES.values() for record in records if record["kind"].startswith(f"{service}:")
    ]
    arns = [id_ for id_ in [*arns, BILLED[service].record_id or BILLED[service].resource_id] if id_.startswith("arn:")]
    (tagging,) = services()["tagging"]
    assert isinstance(tagging, Gathering)
    look = SimpleNamespace(tags=lambda: {arn: {"team": "risk"} for arn in arns})
    listed = [one.id for one in tagging.gather(look)]  # type: ignore[arg-type]
    assert listed == [], "say in metadata/kinds/ how its ARNs begin"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


@pytest.mark.parametrize("service", sorted(BILLED))
def test_the_bill_and_its_records_call_a_resource_the_same(connection: duckdb.DuckDBPyConnection, service: str) -> None:
    billed = BILLED[service]
    keys = connection.execute(
        "SELECT resource_key($id, $code, $usage, 'us-east-1', $account), resource_key($record, NULL, NULL, 'us-east-1', $account)",
        {"id": billed.resource_id, "code": billed.service_code, "usage": billed.usage_type,
         "record": billed.record_id or billed.resource_id, "account": ACCOUNT},
    ).fetchone()  # fmt: skip
    assert keys
    assert keys[0] == keys[1], "say in macros/resource_keys.sql what the bill calls it"


@pytest.mark.parametrize("service", sorted(BILLED))
def test_its_charges_have_a_usage_class_of_their_own(service: str) -> None:
    billed = BILLED[service]
    assert usage_class(billed.service_code, billed.usage_type) != "other", MISSING


def test_every_service_of_machine_learning_has_a_usage_class() -> None:
    """Also those that nobody collects: their charges are ML whatever they name."""
    listed = csv.DictReader((PACKAGE / "billing" / "services.csv").read_text(encoding="utf-8").splitlines())
    codes = [one["product_code"] for one in listed if one["service_category"] == "AI and Machine Learning"]
    unknown = {code for code in codes if usage_class(code, "") == "other"}
    assert unknown == set(PRODUCTS_WITH_ML_INSIDE), MISSING


@cache
def usage_classes() -> list[dict[str, str]]:
    """They take a fifth of a second to read."""
    file = PACKAGE / "attribution" / "resolve" / "usage_classes.yaml"
    return list(yaml.safe_load(file.read_text(encoding="utf-8")))


def usage_class(service_code: str, usage_type: str) -> str:
    """The class that a charge of this service has."""
    told = {"service": service_code, "usage": usage_type, "category": "Usage", "type": "Usage"}
    patterns = ("service", "name", "usage", "operation", "category", "status", "type")
    first = next(
        one
        for one in usage_classes()
        if all(re.search(one.get(pattern, ""), told.get(pattern, "")) for pattern in patterns)
    )
    return str(first["class"])


@pytest.mark.parametrize("service", sorted(BILLED))
def test_its_product_has_a_category_of_focus(service: str) -> None:
    codes = (PACKAGE / "billing" / "services.csv").read_text(encoding="utf-8").splitlines()
    assert BILLED[service].service_code in {line.partition(",")[0] for line in codes}


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: str(one.kind))
def test_a_case_shows_what_its_records_state_or_a_reason_why_nothing(kind: Collection) -> None:
    shown = {record["kind"] for records, _ in CASES.values() for record in records}
    assert (kind.kind in shown) != (kind.kind in WITHOUT_RELATIONS)


def test_a_relation_flows_pays_or_says_why_not() -> None:
    related = {relation for _, edges in CASES.values() for _, relation, _ in edges}
    flows = yaml.safe_load((PACKAGE / "attribution" / "claims" / "flows.yaml").read_text(encoding="utf-8"))
    assert (set(flows) - ONLY_FLOWS) | set(WITHOUT_FLOW) == related
    assert set(flows) & set(WITHOUT_FLOW) == set()
    assert {name for name, how in flows.items() if not {"up", "down", "pays"} & set(how)} == set()
