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
        (f"{A}.dkr.ecr.eu-west-1.amazonaws.com/team/base:v7", "", "", f"arn:aws:ecr:eu-west-1:{A}:repository/team/base:v7"),
        (f"{A}.dkr.ecr.eu-west-1.amazonaws.com/team/base@sha256:0a1b", "", "", f"arn:aws:ecr:eu-west-1:{A}:repository/team/base@sha256:0a1b"),
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
    ("region", "partition"),
    [("us-east-1", "aws"), ("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-iso-east-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"), ("eusc-de-east-1", "aws-eusc")],
)  # fmt: skip
def test_what_is_named_by_a_bare_name_has_the_arn_of_its_partition(
    connection: duckdb.DuckDBPyConnection, region: str, partition: str
) -> None:
    sql = (
        "SELECT [resource_key('Churn', 'AmazonSageMaker', 'USE1-Host:ml.m5.large', $region, $account),"
        " sagemaker_arn('model', 'M', $region, $account), service_arn('eks', $region, $account, 'cluster/c')]"
    )
    row = connection.execute(sql, {"region": region, "account": A}).fetchone()
    assert row == ([f"arn:{partition}:sagemaker:{region}:{A}:{one}" for one in ("endpoint/churn", "model/m")]
                   + [f"arn:{partition}:eks:{region}:{A}:cluster/c"],)  # fmt: skip


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (f"{A}.dkr.ecr.us-east-1.amazonaws.com/team/serve:v1", f"arn:aws:ecr:us-east-1:{A}:repository/team/serve"),
        (f"{A}.dkr.ecr.cn-north-1.amazonaws.com.cn/serve@sha256:ab", f"arn:aws-cn:ecr:cn-north-1:{A}:repository/serve"),
        (f"{A}.dkr.ecr-fips.us-gov-west-1.amazonaws.com/serve", f"arn:aws-us-gov:ecr:us-gov-west-1:{A}:repository/serve"),
        ("public.ecr.aws/x/y:1", None),
        ("docker.io/x/y:1", None),
    ],
)  # fmt: skip
def test_an_image_of_ecr_is_in_a_repository(connection: duckdb.DuckDBPyConnection, image: str, repository: str) -> None:
    assert connection.execute("SELECT image_repository(?)", [image]).fetchone() == (repository,)
