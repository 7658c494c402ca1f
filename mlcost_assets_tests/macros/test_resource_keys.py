"""What the bill, the APIs and lineage call one resource resolves to one key (aws-ml-billing reference, section 1)."""

from collections.abc import Iterator

import duckdb
import pytest

from mlcost_assets.lake.engine import connect

A = "222222222222"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("billed", "service", "usage_type", "key"),
    [
        ("i-0abc", "AmazonEC2", "BoxUsage:g5.xlarge", "i-0abc"),
        (f"arn:aws:ec2:us-east-1:{A}:instance/i-0abc", "AmazonEC2", "BoxUsage:g5.xlarge", "i-0abc"),
        (f"arn:aws:ec2:us-east-1:{A}:natgateway/nat-0abc", "AmazonEC2", "NatGateway-Hours", "nat-0abc"),
        (f"arn:aws:ec2:us-east-1:{A}:snapshot/snap-0abc", "AmazonEC2", "EBS:SnapshotUsage", "snap-0abc"),
        (f"arn:aws:ec2:us-east-1:{A}:network-interface/eni-0abc", "AmazonVPC", "PublicIPv4:InUseAddress", "eni-0abc"),
        ("models", "AmazonS3", "TimedStorage-ByteHrs", "arn:aws:s3:::models"),
        (f"arn:aws:sagemaker:us-east-1:{A}:endpoint/Churn", "AmazonSageMaker", "USE1-Host:ml.m5.large", f"arn:aws:sagemaker:us-east-1:{A}:endpoint/churn"),
        ("Churn", "AmazonSageMaker", "USE1-Host:ml.m5.large", f"arn:aws:sagemaker:us-east-1:{A}:endpoint/churn"),
        ("job-1", "AmazonSageMaker", "USE1-TrSpt:ml.g5.xlarge", f"arn:aws:sagemaker:us-east-1:{A}:training-job/job-1"),
        ("job-1", "AmazonSageMaker", "USE1-Tsform:ml.c5.xlarge", f"arn:aws:sagemaker:us-east-1:{A}:transform-job/job-1"),
        ("nb", "AmazonSageMaker", "USE1-Notebk:ml.t3.medium", f"arn:aws:sagemaker:us-east-1:{A}:notebook-instance/nb"),
        (f"arn:aws:eks:us-east-1:{A}:pod/prod/ml/ranker-abc/0b1c", "AmazonEKS", "USE1-EKS-EC2-vCPU-Hours", f"arn:aws:eks:us-east-1:{A}:cluster/prod/Pod/0b1c"),
        ("arn:aws:apigateway:us-east-1::/restapis/a1b2/stages/prod", "AmazonApiGateway", "ApiGatewayRequest", "arn:aws:apigateway:us-east-1::/restapis/a1b2"),
        (f"arn:aws:lambda:us-east-1:{A}:function:score:3", "AWSLambda", "Request", f"arn:aws:lambda:us-east-1:{A}:function:score"),
        (f"arn:aws:logs:us-east-1:{A}:log-group:/aws/sagemaker/Endpoints/churn:*", "AmazonCloudWatch", "DataProcessing-Bytes", f"arn:aws:logs:us-east-1:{A}:log-group:/aws/sagemaker/Endpoints/churn"),
        (f"arn:aws:states:us-east-1:{A}:express:train:run:1", "AmazonStates", "StateTransition", f"arn:aws:states:us-east-1:{A}:stateMachine:train"),
        ("team/base", "AmazonECR", "TimedStorage-ByteHrs", f"arn:aws:ecr:us-east-1:{A}:repository/team/base"),
        ("fs-0abc", "AmazonEFS", "TimedStorage-ByteHrs", f"arn:aws:elasticfilesystem:us-east-1:{A}:file-system/fs-0abc"),
        ("", "AmazonSageMaker", "USE1-Host:ml.m5.large", None),
        ("whatever", "AmazonUnheardOf", "Usage", "whatever"),
    ],
)  # fmt: skip
def test_one_resource_has_one_key(
    connection: duckdb.DuckDBPyConnection, billed: str, service: str, usage_type: str, key: str | None
) -> None:
    sql = "SELECT resource_key(?, ?, ?, 'us-east-1', ?)"
    assert connection.execute(sql, [billed, service, usage_type, A]).fetchone() == (key,)


def test_a_key_is_its_own_key(connection: duckdb.DuckDBPyConnection) -> None:
    keys = [
        f"arn:aws:sagemaker:us-east-1:{A}:endpoint/churn",
        "i-0abc",
        "arn:aws:s3:::models",
        f"arn:aws:lambda:us-east-1:{A}:function:score",
    ]
    for key in keys:
        assert connection.execute("SELECT resource_key(?, NULL, NULL, NULL, NULL)", [key]).fetchone() == (key,)


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")]
)
def test_a_key_names_the_partition_of_its_region(
    connection: duckdb.DuckDBPyConnection, region: str, partition: str
) -> None:
    endpoint, image = f"arn:{partition}:sagemaker:{region}:{A}:endpoint/churn", f"{A}.dkr.ecr.{region}.amazonaws.com"
    repository = f"arn:{partition}:ecr:{region}:{A}:repository/team/base"
    asked = {
        f"resource_key('Churn', 'AmazonSageMaker', 'Host:ml.m5.large', '{region}', '{A}')": endpoint,
        f"sagemaker_arn('endpoint', 'Churn', '{region}', '{A}')": endpoint,
        f"image_repository('{image}{'.cn' if partition == 'aws-cn' else ''}/team/base:1')": repository,
        f"service_arn('ecr', '{region}', '{A}', 'repository/team/base')": repository,
        f"resource_key('arn:{partition}:s3:::models', 'AmazonS3', NULL, '{region}', '{A}')": "arn:aws:s3:::models",
    }
    for sql, key in asked.items():
        assert connection.execute(f"SELECT {sql}").fetchone() == (key,), sql
