"""What stands around a model: gateways, functions, workflows, data jobs, keys, by target, role, and who reads or writes."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    billed,
    endpoint,
    given,
    instance,
    model,
    registered,
    sagemaker_record,
    training_job,
    variant,
)
from mlcost_assets_tests.exports import ACCOUNT, charge
from mlcost_assets_tests.world import arn, record

R = f"us-east-1:{ACCOUNT}"

given(
    registered("capstan", "s3://around/capstan/model.tar.gz"), model("m-3001", "s3://around/capstan/model.tar.gz"), endpoint("ep-3001", variant("m-3001")),
    sagemaker_record("Pipeline", "pipeline/rudder-weekly", PipelineName="rudder-weekly", tags={"model": "rudder"}),
    rules="workloads: [{model: capstan, team: deck}, {model: rudder, team: deck}, {model: halyard, team: deck}]",
)  # fmt: skip

# A gateway calls a function, and the function the endpoint.
given(
    record("apigateway:GetRestApis", "arn:aws:apigateway:us-east-1::/restapis/ab3001", {"id": "ab3001", "name": "public", "createdDate": "2026-01-01T00:00:00Z", "Integrations": [
        {"uri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:{R}:function:fn-3001/invocations"}]}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-3001", {"Configuration": {
        "FunctionName": "fn-3001", "Environment": {"Variables": {"ENDPOINT_NAME": "ep-3001"}}}}),
    record("apigateway:GetRestApis", "arn:aws:apigateway:us-east-1::/restapis/ab3002", {"id": "ab3002", "name": "direct", "createdDate": "2026-01-01T00:00:00Z", "Integrations": [
        {"uri": "arn:aws:apigateway:us-east-1:runtime.sagemaker:path//endpoints/ep-3001/invocations"}]}),
    billed=[
        billed("AmazonApiGateway", "ApiGatewayRequest", "arn:aws:apigateway:us-east-1::/restapis/ab3001/stages/prod", 1.0),
        billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:fn-3001", 2.0),
        billed("AmazonApiGateway", "ApiGatewayRequest", "arn:aws:apigateway:us-east-1::/restapis/ab3002/stages/prod", 3.0),
        billed("AmazonCloudWatch", "TimedStorage-ByteHrs", f"arn:aws:logs:{R}:log-group:/aws/lambda/fn-3001", 4.0),
    ],
)  # fmt: skip


def test_a_function_is_inference_of_the_endpoint_that_it_calls(paid: Paid) -> None:
    assert paid("function:fn-3001", "model, stage, is_ml") == {("capstan", "inference", True): 2}


def test_a_gateway_is_paid_by_what_it_calls_in_the_end(paid: Paid) -> None:
    assert paid("restapis/ab3001/stages/prod", "model, stage") == {("capstan", "networking"): 1}
    assert paid("restapis/ab3002/stages/prod", "model, stage") == {("capstan", "networking"): 3}


def test_a_functions_logs_go_where_the_function_goes(paid: Paid) -> None:
    assert paid("/aws/lambda/fn-3001", "model, stage") == {("capstan", "monitoring"): 4}


# A function by its role, and one that names nobody.
given(
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-3002", {"Configuration": {"FunctionName": "fn-3002", "Role": f"arn:aws:iam::{ACCOUNT}:role/halyard-invoke-role"}}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:thumbnails", {"Configuration": {"FunctionName": "thumbnails", "Role": f"arn:aws:iam::{ACCOUNT}:role/images"}}),
    billed=[billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:fn-3002", 5.0), billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:thumbnails", 6.0)],
)  # fmt: skip


def test_a_function_may_be_told_by_its_role(paid: Paid) -> None:
    assert paid("function:fn-3002") == {"halyard": 5}


def test_a_function_of_something_else_is_not_ml(paid: Paid) -> None:
    assert paid("function:thumbnails", "model, is_ml") == {(None, False): 6}


# A workflow starts a pipeline; another a training job by its ARN-less integration.
given(
    record("stepfunctions:DescribeStateMachine", f"arn:aws:states:{R}:stateMachine:sm-3003", {"name": "sm-3003", "creationDate": "2026-01-01T00:00:00Z",
           "definition": '{"States": {"Start": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:startPipelineExecution", "Parameters": {"PipelineName": "rudder-weekly"}}}}'}),
    billed=[billed("AmazonStates", "StateTransition", f"arn:aws:states:{R}:stateMachine:sm-3003", 7.0)],
)  # fmt: skip


def test_a_workflow_is_paid_by_the_pipeline_that_it_starts(paid: Paid) -> None:
    assert paid("stateMachine:sm-3003", "model, stage") == {("rudder", "platform"): 7}


# Data jobs write what a model's training reads.
given(
    training_job("tj-3004", artifact="s3://around/halyard/model.tar.gz", InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://around/halyard-features/"}}}]),
    registered("halyard", "s3://around/halyard/model.tar.gz"),
    record("glue:GetJob", f"arn:aws:glue:{R}:job/etl-3004", {"Job": {"Name": "etl-3004", "CreatedOn": "2026-01-01T00:00:00Z", "DefaultArguments": {"--target": "s3://around/halyard-features/"}}}),
    record("emr:DescribeCluster", f"arn:aws:elasticmapreduce:{R}:cluster/j-3004", {"Cluster": {
        "Id": "j-3004", "Name": "nightly", "Status": {"Timeline": {"CreationDateTime": "2026-10-05T00:00:00Z"}}}}, tags={"model": "halyard"}),
    instance("i-0f00000000003004", tags={"aws:elasticmapreduce:job-flow-id": "j-3004"}),
    billed=[
        billed("AWSGlue", "USE1-ETL-DPU-Hour", f"arn:aws:glue:{R}:job/etl-3004", 8.0, operation="Jobrun"),
        billed("ElasticMapReduce", "BoxUsage:m5.xlarge", f"arn:aws:elasticmapreduce:{R}:cluster/j-3004", 1.0),
        charge(cost=9.0, line_item_resource_id="i-0f00000000003004"),
        charge(cost=2.0, line_item_resource_id="i-0f00000000003005", resource_tags={"aws_elasticmapreduce_job_flow_id": "j-3004"}),
    ],
)  # fmt: skip


def test_a_data_job_belongs_to_the_model_whose_data_it_writes(paid: Paid) -> None:
    assert paid("job/etl-3004", "model, stage, is_ml") == {("halyard", "data_preparation", True): 8}


def test_emrs_fee_and_its_machines_belong_together(paid: Paid) -> None:
    assert paid("cluster/j-3004", "model, stage") == {("halyard", "data_preparation"): 1}
    assert paid("i-0f00000000003004", "model, stage") == {("halyard", "data_preparation"): 9}
    assert paid("i-0f00000000003005", "model, stage") == {("halyard", "data_preparation"): 2}


# Airflow by its tag; a key by its description; secrets and endpoints of a VPC are shared.
given(
    record("mwaa:GetEnvironment", f"arn:aws:airflow:{R}:environment/af-3006", {"Environment": {"Name": "af-3006", "CreatedAt": "2026-01-01T00:00:00Z"}}, tags={"team": "deck"}),
    record("kms:DescribeKey", f"arn:aws:kms:{R}:key/3006", {"KeyMetadata": {"KeyId": "3006", "Description": "capstan artifacts", "CreationDate": "2026-01-01T00:00:00Z"}}),
    billed=[
        billed("AmazonMWAA", "USE1-Airflow-SmallEnvironment", f"arn:aws:airflow:{R}:environment/af-3006", 3.0),
        billed("awskms", "us-east-1-KMS-Keys", f"arn:aws:kms:{R}:key/3006", 1.0),
    ],
)  # fmt: skip


def test_airflow_belongs_to_the_team_on_its_tag(paid: Paid) -> None:
    assert paid("environment/af-3006", "team, stage") == {("deck", "platform"): 3}


def test_a_key_may_say_what_it_is_for(paid: Paid) -> None:
    assert paid("key/3006", "model, stage") == {("capstan", "platform"): 1}


# A key by the resources that it encrypts.
given(
    record("kms:DescribeKey", f"arn:aws:kms:{R}:key/3007", {"KeyMetadata": {"KeyId": "3007", "CreationDate": "2026-01-01T00:00:00Z"}}),
    sagemaker_record("EndpointConfig", "endpoint-config/ep-3007", EndpointConfigName="ep-3007", KmsKeyId=f"arn:aws:kms:{R}:key/3007", ProductionVariants=[variant("m-3001")]),
    sagemaker_record("Endpoint", "endpoint/ep-3007", EndpointName="ep-3007", EndpointConfigName="ep-3007"),
    billed=[billed("awskms", "KMS-Requests", f"arn:aws:kms:{R}:key/3007", 2.0)],
)  # fmt: skip


def test_a_key_is_paid_by_what_it_encrypts(paid: Paid) -> None:
    assert paid("key/3007", "model, stage") == {("capstan", "platform"): 2}


# An account of its own: NAT, an endpoint of the VPC and metrics serve all that runs there.
OTHER = "222222223008"
given(
    billed=[
        billed("AmazonSageMaker", "USE1-Host:ml.m5.large", arn("endpoint/ep-3008", OTHER), 30.0, line_item_usage_account_id=OTHER, resource_tags={"user_model": "capstan"}),
        billed("AmazonEC2", "BoxUsage:m5.large", "i-0f00000000003008", 10.0, line_item_usage_account_id=OTHER, resource_tags={"user_team": "web"}),
        billed("AmazonEC2", "NatGateway-Hours", f"arn:aws:ec2:us-east-1:{OTHER}:natgateway/nat-0f3008", 4.0, line_item_usage_account_id=OTHER),
        billed("AmazonVPC", "USE1-VpcEndpoint-Hours", f"arn:aws:ec2:us-east-1:{OTHER}:vpc-endpoint/vpce-0f3008", 4.0, line_item_usage_account_id=OTHER),
        billed("AmazonCloudWatch", "CW:MetricMonitorUsage", "", 4.0, line_item_usage_account_id=OTHER),
        billed("AmazonEC2", "DataTransfer-Regional-Bytes", "", 4.0, line_item_usage_account_id=OTHER, product_servicecode="AWSDataTransfer"),
    ],
)  # fmt: skip


def test_what_serves_a_whole_account_is_shared_by_what_runs_there(paid: Paid) -> None:
    for usage in ("NatGateway%", "%VpcEndpoint%", "CW:%", "DataTransfer%"):
        assert paid.of(f"account_id = '{OTHER}' AND usage_type LIKE '{usage}'", "model, team, is_ml, method") == {
            ("capstan", "deck", True, "proportional"): 3,
            (None, "web", False, "proportional"): 1,
        }


# What a data job writes as a whole is read in part.
given(
    record("glue:GetJob", f"arn:aws:glue:{R}:job/etl-3009", {"Job": {"Name": "etl-3009", "CreatedOn": "2026-01-01T00:00:00Z", "DefaultArguments": {"--out": "s3://around/bowsprit/"}}}),
    training_job("tj-3009", artifact="s3://around/tj-3009/model.tar.gz", InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://around/bowsprit/2026/10/"}}}]),
    registered("bowsprit", "s3://around/tj-3009/model.tar.gz"),
    billed=[billed("AWSGlue", "USE1-ETL-DPU-Hour", f"arn:aws:glue:{R}:job/etl-3009", 9.0, operation="Jobrun")],
)  # fmt: skip


def test_a_data_job_belongs_to_the_model_that_reads_a_part_of_what_it_writes(paid: Paid) -> None:
    assert paid("job/etl-3009") == {"bowsprit": 9}


# A function whose model tag was copied from another stack: what it calls, and all behind that, is another model.
given(
    registered("merganser", "s3://lake/merganser/model.tar.gz"),
    model("merganser-1", "s3://lake/merganser/model.tar.gz"),
    endpoint("merganser-live", variant("merganser-1"), tags={"model": "merganser"}),
    training_job("goosander-1", tags={"model": "goosander"}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-3090", {"Configuration": {
        "FunctionName": "fn-3090", "Environment": {"Variables": {"ENDPOINT_NAME": "merganser-live"}}}}, tags={"model": "goosander"}),
    billed=[billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:fn-3090", 9.0)],
)  # fmt: skip


def test_a_copied_tag_on_a_function_loses_against_the_endpoint_that_it_calls(paid: Paid) -> None:
    assert paid("function:fn-3090") == {"merganser": 9}
