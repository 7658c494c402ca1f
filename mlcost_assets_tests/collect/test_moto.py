"""What is made through the APIs of an account is found by collecting it: moto's account, for each kind that moto knows.

What moto does not implement is held to the service models alone (test_services.py).
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from mlcost_assets.collect.run import Outcome
from mlcost_assets_tests.collect.conftest import Collecting
from mlcost_assets_tests.collect.fake_aws import ACCOUNT

REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ml"
TAGS = [{"Key": "team", "Value": "risk"}]
SERVICES = ("ec2", "ecr", "efs", "eks", "elbv2", "emr", "fsx", "glue", "iam", "kms", "lambda", "logs", "organizations", "s3",
            "sagemaker", "stepfunctions", "tagging")  # fmt: skip


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def network_and_machines() -> dict[str, str]:
    ec2 = client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    tagged = [{"ResourceType": "instance", "Tags": TAGS}]
    machine = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, TagSpecifications=tagged)["Instances"][0]  # fmt: skip
    disk = machine["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    balancer = client("elbv2").create_load_balancer(Name="lb", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    return {
        "ec2:DescribeInstances": machine["InstanceId"],
        "ec2:DescribeVolumes": disk,
        "ec2:DescribeSnapshots": ec2.create_snapshot(VolumeId=disk)["SnapshotId"],
        "ec2:DescribeNetworkInterfaces": machine["NetworkInterfaces"][0]["NetworkInterfaceId"],
        "ec2:DescribeNatGateways": ec2.create_nat_gateway(SubnetId=subnet)["NatGateway"]["NatGatewayId"],
        "elbv2:DescribeLoadBalancers": balancer,
        "eks:DescribeCluster": client("eks").create_cluster(
            name="prod", roleArn=ROLE, resourcesVpcConfig={"subnetIds": subnets}
        )["cluster"]["arn"],
        "emr:DescribeCluster": client("emr").run_job_flow(
            Name="spark", Instances={"MasterInstanceType": "m5.xlarge", "InstanceCount": 1}, JobFlowRole="r", ServiceRole="r"
        )["ClusterArn"],
        "fsx:DescribeFileSystems": client("fsx").create_file_system(
            FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=[subnet]
        )["FileSystem"]["ResourceARN"],
    }  # fmt: skip


def storage_and_functions() -> dict[str, str]:
    s3, logs = client("s3"), client("logs")
    s3.create_bucket(Bucket="models")
    s3.put_object(Bucket="models", Key="churn/model.tar.gz", Body=b"12345")
    logs.create_log_group(logGroupName="/aws/sagemaker/Endpoints/churn")
    client("glue").create_job(Name="features", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://x/y"})
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("main.py", "")
    policy = '{"Version": "2012-10-17", "Statement": []}'
    role = client("iam").create_role(RoleName="f", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    function = client("lambda").create_function(
        FunctionName="score", Runtime="python3.12", Role=role, Handler="main.f", Code={"ZipFile": code.getvalue()}
    )
    definition = '{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}'
    machine = client("stepfunctions").create_state_machine(name="train", definition=definition, roleArn=ROLE)
    client("organizations").create_organization(FeatureSet="ALL")
    return {
        "s3:ListBuckets": "models",
        "s3:PrefixUsage": "arn:aws:s3:::models/churn",
        "ecr:DescribeRepositories": client("ecr").create_repository(repositoryName="base")["repository"]["repositoryArn"],
        "efs:DescribeFileSystems": client("efs").create_file_system(CreationToken="x", Tags=TAGS)["FileSystemArn"],
        "logs:DescribeLogGroups": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/churn",
        "glue:GetJob": f"arn:aws:glue:{REGION}:{ACCOUNT}:job/features",
        "lambda:GetFunction": function["FunctionArn"],
        "stepfunctions:DescribeStateMachine": machine["stateMachineArn"],
        "iam:GetRole": role,
        "iam:GetUser": client("iam").create_user(UserName="ada", Tags=[{"Key": "team", "Value": "risk"}])["User"]["Arn"],
        "kms:DescribeKey": client("kms").create_key()["KeyMetadata"]["Arn"],
        "organizations:DescribeAccount": ACCOUNT,
    }  # fmt: skip


def machine_learning() -> dict[str, str]:
    sagemaker = client("sagemaker")
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/base:1"
    variant = {"VariantName": "a", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    model = sagemaker.create_model(ModelName="churn", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": image})
    config = sagemaker.create_endpoint_config(EndpointConfigName="churn-1", ProductionVariants=[variant])
    machines = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
    data = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://models/in"}}}
    return {
        "sagemaker:DescribeModel": model["ModelArn"],
        "sagemaker:DescribeEndpointConfig": config["EndpointConfigArn"],
        "sagemaker:DescribeEndpoint": sagemaker.create_endpoint(
            EndpointName="churn", EndpointConfigName="churn-1", Tags=TAGS
        )["EndpointArn"],
        "sagemaker:DescribeTrainingJob": sagemaker.create_training_job(
            TrainingJobName="train-1", AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"}, RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": "s3://models/out"}, ResourceConfig=machines, StoppingCondition={"MaxRuntimeInSeconds": 60},
        )["TrainingJobArn"],
        "sagemaker:DescribeProcessingJob": sagemaker.create_processing_job(
            ProcessingJobName="prepare-1", ProcessingResources={"ClusterConfig": machines}, AppSpecification={"ImageUri": image}, RoleArn=ROLE
        )["ProcessingJobArn"],
        "sagemaker:DescribeTransformJob": sagemaker.create_transform_job(
            TransformJobName="score-1", ModelName="churn", TransformInput=data, TransformOutput={"S3OutputPath": "s3://models/scored"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )["TransformJobArn"],
        "sagemaker:DescribeNotebookInstance": sagemaker.create_notebook_instance(
            NotebookInstanceName="nb", InstanceType="ml.t3.medium", RoleArn=ROLE
        )["NotebookInstanceArn"],
        "sagemaker:DescribePipeline": sagemaker.create_pipeline(
            PipelineName="weekly", PipelineDefinition="{}", ClientRequestToken="x" * 32, RoleArn=ROLE
        )["PipelineArn"],
        "sagemaker:DescribeModelPackageGroup": sagemaker.create_model_package_group(ModelPackageGroupName="churn")["ModelPackageGroupArn"],
        "sagemaker:DescribeExperiment": sagemaker.create_experiment(ExperimentName="tries")["ExperimentArn"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, str]]:
    """An account in which a thing of each kind was made: its id by kind."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
            environment.setenv(f"AWS_{name}", "testing")
        with mock_aws():
            yield network_and_machines() | storage_and_functions() | machine_learning()


@pytest.fixture(scope="module")
def collected(made: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[dict[str, Any]]]:
    installed = Collecting(tmp_path_factory.mktemp("moto"))
    return installed.collect(*SERVICES), installed.records()


def test_what_was_made_is_found_under_the_id_that_its_maker_was_told(
    made: dict[str, str], collected: tuple[Outcome, list[dict[str, Any]]]
) -> None:
    found = {(one["kind"], one["id"]) for one in collected[1]}
    assert made.items() <= found


def test_tags_come_along(made: dict[str, str], collected: tuple[Outcome, list[dict[str, Any]]]) -> None:
    tags = {(one["kind"], one["id"]): one["tags"] for one in collected[1]}
    for kind in ("ec2:DescribeInstances", "efs:DescribeFileSystems", "sagemaker:DescribeEndpoint"):
        assert tags[kind, made[kind]] == {"team": "risk"}


def test_nothing_fails_but_what_moto_lacks(collected: tuple[Outcome, list[dict[str, Any]]]) -> None:
    lacking = ("has not been implemented", "1 validation error detected: Value 'HyperParameterTuningJob'")
    assert [line for line in collected[0].failures if not any(known in line for known in lacking)] == []
