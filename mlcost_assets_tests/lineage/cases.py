"""Records and the edges that they state, a small case for each file in lineage/stated and lineage/derived.

An edge is `from relation to`; SageMaker's ARNs are written without their beginning.
"""

from typing import Any

from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.world import Record, arn, record

Edges = set[tuple[str, str, str]]

CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/one"
REPOSITORY = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/team/serve"
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/team/serve"
DIGEST, OLD_DIGEST = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ml/training"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/training/ada@acme.com"
MACHINE = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:retrain"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:score"
BALANCER = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/net/ml/1f2e"
API = "arn:aws:apigateway:us-east-1::/restapis/a1b2"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1f2e"
CUSTOM_MODEL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0/abc"


def sagemaker(kind: str, resource: str, **body: Any) -> Record:
    return record(f"sagemaker:{kind}", arn(resource), body)


def aws(service: str, resource: str, separator: str = "/") -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource.replace('/', separator, 1)}"


def in_cluster(kind: str, uid: str, **body: Any) -> Record:
    return record(f"k8s:{kind}", f"{CLUSTER}/{kind}/{uid}", body)


def s3(uri: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3Uri": uri}}


CASES: dict[str, tuple[list[Record], Edges]] = {
    "jobs": (
        [
            sagemaker(
                "DescribeTrainingJob", "training-job/t", TrainingJobName="t", TuningJobArn=arn("hyper-parameter-tuning-job/h"),
                ModelArtifacts={"S3ModelArtifacts": "s3://m/t/model.tar.gz"}, OutputModelPackageArn=arn("model-package/g/9"),
                InputDataConfig=[{"DataSource": s3("s3://data/a/")}, {"DataSource": {"FileSystemDataSource": {"FileSystemType": "FSxLustre", "FileSystemId": "fs-1"}}}],
                CheckpointConfig={"S3Uri": "s3://m/checkpoints/"}, ExperimentConfig={"ExperimentName": "Exp"},
                AlgorithmSpecification={"TrainingImage": f"{IMAGE}:v1"},
            ),
            sagemaker(
                "DescribeProcessingJob", "processing-job/p", TrainingJobArn=arn("training-job/t"), ProcessingInputs=[{"S3Input": {"S3Uri": "s3://data/raw/"}}],
                ProcessingOutputConfig={"Outputs": [{"S3Output": {"S3Uri": "s3://data/clean/"}}]}, AppSpecification={"ImageUri": "public.ecr.aws/x/y:1"},
            ),
            sagemaker(
                "DescribeTransformJob", "transform-job/b", ModelName="m", TransformInput={"DataSource": s3("s3://data/in/")}, TransformOutput={"S3OutputPath": "s3://data/out/"},
            ),
            sagemaker(
                "DescribeAutoMLJobV2", "automl-job/auto", AutoMLJobInputDataConfig=[{"DataSource": s3("s3://data/auto/")}], OutputDataConfig={"S3OutputPath": "s3://data/best/"},
            ),
            sagemaker(
                "DescribeLabelingJob", "labeling-job/l", InputConfig={"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://data/manifest"}}}, OutputConfig={"S3OutputPath": "s3://data/labels/"},
            ),
        ],
        {
            ("training-job/t", "produced", "s3://m/t/model.tar.gz"), ("training-job/t", "produced", "model-package/g/9"),
            ("training-job/t", "reads", "s3://data/a/"), ("training-job/t", "mounts", aws("fsx", "file-system/fs-1")),
            ("training-job/t", "writes", "s3://m/checkpoints/"), ("training-job/t", "tuned_by", "hyper-parameter-tuning-job/h"),
            ("training-job/t", "part_of", "experiment/exp"), ("training-job/t", "uses_image", REPOSITORY),
            ("processing-job/p", "evaluates", "training-job/t"), ("processing-job/p", "reads", "s3://data/raw/"), ("processing-job/p", "writes", "s3://data/clean/"),
            ("transform-job/b", "transforms_with", "model/m"), ("transform-job/b", "reads", "s3://data/in/"), ("transform-job/b", "writes", "s3://data/out/"),
            ("automl-job/auto", "reads", "s3://data/auto/"), ("automl-job/auto", "writes", "s3://data/best/"),
            ("labeling-job/l", "reads", "s3://data/manifest"), ("labeling-job/l", "writes", "s3://data/labels/"),
        },
    ),
    "registry": (
        [
            sagemaker("DescribeModel", "model/served", PrimaryContainer={"ModelDataSource": s3("s3://m/t-0714/output/model/")}, Containers=[{"ModelPackageName": arn("model-package/g/1")}]),
            sagemaker(
                "DescribeModelPackage", "model-package/g/1", ModelPackageGroupName="g", InferenceSpecification={"Containers": [{"ModelDataUrl": "s3://registry/t-0714/output/model"}]},
                MetadataProperties={"GeneratedBy": arn("pipeline/p/execution/e"), "CommitId": "c0ffee", "Repository": "https://me:x@git.acme.com/ml/churn.git"},
            ),
        ],
        {
            ("model/served", "loads", "s3://m/t-0714/output/model/"), ("model/served", "deploys", "model-package/g/1"),
            ("model-package/g/1", "version_of", "model-package-group/g"), ("model-package/g/1", "contains", "s3://registry/t-0714/output/model"),
            ("model-package/g/1", "generated_by", "pipeline/p/execution/e"), ("model-package/g/1", "built_from", "ml/churn@c0ffee"),
            # The same key under another bucket, whatever its slash.
            ("s3://registry/t-0714/output/model", "copy_of", "s3://m/t-0714/output/model/"),
        },
    ),
    "pipelines": (
        [
            sagemaker(
                "ListPipelineExecutionSteps", "pipeline/p/execution/e",
                PipelineExecutionSteps=[
                    {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": arn("training-job/step")}}},
                    {"StepName": "Quality", "Metadata": {"QualityCheck": {"CheckType": "DATA_QUALITY", "CheckJobArn": arn("processing-job/quality"), "SkipCheck": False}}},
                    {"StepName": "Bias", "Metadata": {"ClarifyCheck": {"CheckJobArn": arn("processing-job/bias"), "BaselineUsedForDriftCheckConstraints": "s3://data/constraints.json"}}},
                    {"StepName": "Spark", "Metadata": {"EMR": {"ClusterId": "j-2", "StepId": "s-1"}}},
                    {"StepName": "Ask", "Metadata": {"Callback": {"CallbackToken": "t", "SqsQueueUrl": "https://sqs/q"}}},
                    {"StepName": "Prepare", "Metadata": {"ProcessingJob": {"Arn": arn("processing-job/earlier")}}, "CacheHitResult": {"SourcePipelineExecutionArn": arn("pipeline/p/execution/d")}},
                ],
            ),
            sagemaker("DescribeTrialComponent", "experiment-trial-component/c", Source={"SourceArn": arn("training-job/step")}, Parents=[{"TrialName": "Trial"}]),
            sagemaker("DescribeTrial", "experiment-trial/trial", ExperimentName="Exp"),
        ],
        {
            ("pipeline/p/execution/e", "execution_of", "pipeline/p"), ("pipeline/p/execution/e", "has_step", "training-job/step"),
            ("pipeline/p/execution/e", "has_step", "processing-job/quality"), ("pipeline/p/execution/e", "has_step", "processing-job/bias"),
            ("pipeline/p/execution/e", "has_step", aws("elasticmapreduce", "cluster/j-2")),
            # A cached step was paid for by the execution that ran it.
            ("pipeline/p/execution/e", "reuses", "processing-job/earlier"), ("pipeline/p/execution/e", "reuses", "pipeline/p/execution/d"),
            ("experiment-trial-component/c", "describes", "training-job/step"), ("experiment-trial-component/c", "part_of", "experiment-trial/trial"),
            ("experiment-trial/trial", "part_of", "experiment/exp"),
        },
    ),
    "serving": (
        [
            sagemaker(
                "DescribeEndpointConfig", "endpoint-config/c", ProductionVariants=[{"VariantName": "a", "ModelName": "M"}], ShadowProductionVariants=[{"VariantName": "s", "ModelName": "next"}],
                DataCaptureConfig={"DestinationS3Uri": "s3://captured/"}, AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://answers/"}},
            ),
            sagemaker("DescribeEndpoint", "endpoint/e", EndpointName="e", EndpointConfigName="C"),
            sagemaker("DescribeInferenceComponent", "inference-component/base", EndpointName="e", Specification={"ModelName": "m"}, RuntimeConfig={"CurrentCopyCount": 2}),
            sagemaker("DescribeInferenceComponent", "inference-component/lora", EndpointArn=arn("endpoint/e"), Specification={"BaseInferenceComponentName": "base"}),
            sagemaker("DescribeMonitoringSchedule", "monitoring-schedule/s", EndpointName="e"),
            sagemaker("DescribeProcessingJob", "processing-job/monitoring", MonitoringScheduleArn=arn("monitoring-schedule/s")),
            sagemaker("DescribeModel", "model/many", PrimaryContainer={"Mode": "MultiModel", "ModelDataUrl": "s3://many/"}),
            sagemaker("DescribeEndpointConfig", "endpoint-config/many", ProductionVariants=[{"ModelName": "many"}]),
            sagemaker("DescribeEndpoint", "endpoint/many", EndpointName="many", EndpointConfigName="many"),
            record("cloudwatch:GetMetricData", "m", {"Dimensions": {"EndpointName": "many", "TargetModel": "churn.tar.gz"}}),
        ],
        {
            ("endpoint-config/c", "serves", "model/m"), ("endpoint-config/c", "serves", "model/next"),
            ("endpoint-config/c", "writes", "s3://captured/"), ("endpoint-config/c", "writes", "s3://answers/"), ("endpoint/e", "configured_by", "endpoint-config/c"),
            ("inference-component/base", "runs_on", "endpoint/e"), ("inference-component/base", "serves", "model/m"),
            ("inference-component/lora", "runs_on", "endpoint/e"), ("inference-component/lora", "adapts", "inference-component/base"),
            ("monitoring-schedule/s", "monitors", "endpoint/e"), ("processing-job/monitoring", "run_of", "monitoring-schedule/s"),
            ("model/many", "loads", "s3://many/"), ("endpoint-config/many", "serves", "model/many"), ("endpoint/many", "configured_by", "endpoint-config/many"),
            ("endpoint/many", "hosts", "s3://many/churn.tar.gz"),
        },
    ),
    "studio": (
        [
            sagemaker("DescribeApp", "app/d-1/s/jupyterlab/default", DomainId="d-1", SpaceName="s"),
            sagemaker("DescribeSpace", "space/d-1/s", DomainId="d-1", OwnershipSettings={"OwnerUserProfileName": "ada"}),
            sagemaker("DescribeDomain", "domain/d-1", HomeEfsFileSystemId="fs-2"),
            record("efs:DescribeFileSystems", aws("elasticfilesystem", "file-system/fs-2"), {}, tags={"ManagedByAmazonSageMakerResource": arn("domain/d-1")}),
            record(
                "sagemaker:DescribeTrainingJob", arn("training-job/by-hand"), {"ExperimentConfig": {"ExperimentName": "Tried"}, "OutputDataConfig": {"KmsKeyId": KEY}},
                tags={"sagemaker:user-profile-arn": arn("user-profile/d-1/ada"), "sagemaker:space-arn": arn("space/d-1/s"), "sagemaker:pipeline-execution-arn": arn("pipeline/p/execution/f"), "sagemaker:domain-arn": arn("domain/d-1")},
            ),
            sagemaker("DescribeFeatureGroup", "feature-group/f", OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://features/"}}),
            sagemaker(
                "DescribeCluster", "cluster/abcdef012345", InstanceGroups=[{"LifeCycleConfig": {"SourceS3Uri": "s3://lifecycle/"}, "TrainingPlanArn": arn("training-plan/p")}], Orchestrator={"Eks": {"ClusterArn": CLUSTER}},
            ),
        ],
        {
            ("app/d-1/s/jupyterlab/default", "in_space", "space/d-1/s"), ("space/d-1/s", "worked_in_by", "user-profile/d-1/ada"),
            ("domain/d-1", "mounts", aws("elasticfilesystem", "file-system/fs-2")), (aws("elasticfilesystem", "file-system/fs-2"), "home_of", "domain/d-1"),
            ("training-job/by-hand", "worked_in_by", "user-profile/d-1/ada"), ("training-job/by-hand", "in_space", "space/d-1/s"),
            ("training-job/by-hand", "execution_step_of", "pipeline/p/execution/f"), ("training-job/by-hand", "stamped_by_domain", "domain/d-1"),
            ("training-job/by-hand", "part_of", "experiment/tried"), ("app/d-1/s/jupyterlab/default", "ran_experiment", "experiment/tried"), ("training-job/by-hand", "encrypted_by", KEY),
            *((resource, "in_domain", "domain/d-1") for resource in ("app/d-1/s/jupyterlab/default", "space/d-1/s", "training-job/by-hand")),
            ("feature-group/f", "writes", "s3://features/"), ("cluster/abcdef012345", "reads", "s3://lifecycle/"), ("cluster/abcdef012345", "node_of", CLUSTER), ("cluster/abcdef012345", "draws_on", "training-plan/p"),
        },
    ),
    "kubernetes": (
        [
            in_cluster("Node", "n1", metadata={"name": "ip-1", "creationTimestamp": "2026-10-01T00:00:00Z"}, spec={"providerID": "aws:///us-east-1a/i-0aaa"}),
            in_cluster(
                "Pod", "p1", metadata={"name": "serve-1", "namespace": "ml", "labels": {"app": "serve"}, "creationTimestamp": "2026-10-02T00:00:00Z"},
                spec={"nodeName": "ip-1", "containers": [{"image": f"{IMAGE}:v1"}], "volumes": [{"persistentVolumeClaim": {"claimName": "cache"}}]},
            ),
            in_cluster("PersistentVolume", "v1", metadata={"name": "pv"}, spec={"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0bbb"}, "claimRef": {"namespace": "ml", "name": "cache"}}),
            in_cluster("PersistentVolume", "v2", metadata={"name": "shared"}, spec={"csi": {"driver": "efs.csi.aws.com", "volumeHandle": "fs-3::fsap-1"}, "claimRef": {"namespace": "ml", "name": "shared"}}),
            in_cluster(
                "Service", "s1", metadata={"name": "serve", "namespace": "ml"}, spec={"selector": {"app": "serve"}},
                status={"loadBalancer": {"ingress": [{"hostname": "ml-1f2e.elb.us-east-1.amazonaws.com"}]}},
            ),
            record("ec2:DescribeVolumes", "vol-0ccc", {"Attachments": [{"InstanceId": "i-0aaa"}]}, tags={"kubernetes.io/created-for/pvc/namespace": "ml", "ebs.csi.aws.com/cluster-name": "one"}),
            record("eks:DescribeCluster", CLUSTER, {"cluster": {"name": "one"}}),
        ],
        {
            (f"{CLUSTER}/Node/n1", "is_instance", "i-0aaa"), (f"{CLUSTER}/Pod/p1", "runs_on_node", f"{CLUSTER}/Node/n1"),
            (f"{CLUSTER}/Pod/p1", "in_namespace", f"{CLUSTER}/Namespace/ml"), (f"{CLUSTER}/Pod/p1", "uses_image", REPOSITORY),
            (f"{CLUSTER}/PersistentVolume/v1", "is_volume", "vol-0bbb"), (f"{CLUSTER}/PersistentVolume/v1", "in_namespace", f"{CLUSTER}/Namespace/ml"),
            (f"{CLUSTER}/PersistentVolume/v1", "claimed_by", f"{CLUSTER}/Pod/p1"),
            (f"{CLUSTER}/PersistentVolume/v2", "is_volume", aws("elasticfilesystem", "file-system/fs-3")), (f"{CLUSTER}/PersistentVolume/v2", "in_namespace", f"{CLUSTER}/Namespace/ml"),
            (f"{CLUSTER}/Service/s1", "selects", f"{CLUSTER}/Pod/p1"), (f"{CLUSTER}/Service/s1", "in_namespace", f"{CLUSTER}/Namespace/ml"),
            (f"{CLUSTER}/Service/s1", "exposed_by", "ml-1f2e"),
            ("vol-0ccc", "attached_to", "i-0aaa"), ("i-0aaa", "node_of", CLUSTER), ("vol-0ccc", "in_namespace", f"{CLUSTER}/Namespace/ml"),
        },
    ),
    "balancers": (
        [
            record(
                "elbv2:DescribeLoadBalancers", BALANCER,
                {"DNSName": "ml-1f2e.elb.us-east-1.amazonaws.com", "TargetGroups": [{"Targets": [{"Id": "i-0aaa"}, {"Id": "10.0.0.9"}, {"Id": "10.0.0.8"}, {"Id": FUNCTION}]}]},
                tags={"elbv2.k8s.aws/cluster": "one", "ingress.k8s.aws/stack": "ml/api"},
            ),
            record("elbv2:DescribeLoadBalancers", BALANCER + "9", {}, tags={"kubernetes.io/cluster/one": "owned", "kubernetes.io/service-name": "ml/s"}),
            record("elbv2:DescribeLoadBalancers", BALANCER + "8", {}, tags={"elbv2.k8s.aws/cluster": "one", "ingress.k8s.aws/stack": "group-of-all"}),
            in_cluster("Pod", "p9", metadata={"name": "a", "namespace": "ml"}, status={"podIP": "10.0.0.9"}),
            record("ec2:DescribeInstances", "i-0ddd", {"PrivateIpAddress": "10.0.0.8", "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/web"}}),
            record("ec2:DescribeNetworkInterfaces", "eni-0aaa", {"Description": "ELB net/ml/1f2e"}),
            record("ec2:DescribeNetworkInterfaces", "eni-0bbb", {"Description": "Interface for NAT Gateway nat-0aaa"}),
            record("ec2:DescribeNetworkInterfaces", "eni-0ccc", {"Attachment": {"InstanceId": "i-0ddd"}}),
            record("ec2:DescribeSnapshots", "snap-0aaa", {"VolumeId": "vol-0ccc"}),
            record("ec2:DescribeInstances", "i-0eee", {}, tags={"aws:elasticmapreduce:job-flow-id": "j-1"}),
        ],
        {
            (BALANCER, "in_namespace", f"{CLUSTER}/Namespace/ml"), (BALANCER + "9", "in_namespace", f"{CLUSTER}/Namespace/ml"),
            (BALANCER, "routes_to", "i-0aaa"), (BALANCER, "routes_to", FUNCTION), (BALANCER, "routes_to", f"{CLUSTER}/Service/s1"),
            # Targets by their address.
            (BALANCER, "routes_to", f"{CLUSTER}/Pod/p9"), (BALANCER, "routes_to", "i-0ddd"), (f"{CLUSTER}/Pod/p9", "in_namespace", f"{CLUSTER}/Namespace/ml"),
            ("i-0ddd", "runs_as", f"arn:aws:iam::{ACCOUNT}:instance-profile/web"),
            ("eni-0aaa", "attached_to", BALANCER), ("eni-0bbb", "attached_to", "nat-0aaa"), ("eni-0ccc", "attached_to", "i-0ddd"),
            ("snap-0aaa", "snapshot_of", "vol-0ccc"), ("i-0eee", "part_of_cluster", aws("elasticmapreduce", "cluster/j-1")),
        },
    ),
    "callers": (
        [
            record("lambda:GetFunction", FUNCTION, {"Configuration": {"FunctionName": "score", "Role": ROLE, "Environment": {"Variables": {"ENDPOINT": "e", "MODELS": "s3://models/"}}}}),
            record("apigateway:GetRestApis", API, {"Integrations": [{"uri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"}]}),
            record("lambda:GetFunction", FUNCTION + "-chat", {"Configuration": {"FunctionName": "score-chat", "Environment": {"Variables": {"P": aws("bedrock", "application-inference-profile/p1"), "M": "arn:aws:bedrock:us-east-1::foundation-model/x"}}}}),
            record("apigatewayv2:GetApis", API.replace("restapis", "apis"), {"Integrations": [{"IntegrationUri": "arn:aws:apigateway:us-east-1:runtime.sagemaker:path//endpoints/e/invocations"}]}),
            record(
                "stepfunctions:DescribeStateMachine", MACHINE,
                {
                    "name": "retrain", "roleArn": ROLE,
                    "definition": '{"States": {"A": {"Resource": "' + FUNCTION + '"}, "B": {"Parameters": {"PipelineName": "p"}}, "C": {"Parameters": {"JobName": "etl"}},'
                    ' "D": {"Parameters": {"TrainingJobName.$": "States.Format(\'weekly_churn-{}\', $$.Execution.Name)"}}, "E": {"Parameters": {"ProcessingJobName.$": "States.Format(\'{}\', $.n)"}}, "F": {"Parameters": {"ModelName": "nightly"}}, "G": {"Parameters": {"ModelName": "gone"}}}}',
                },
            ),
            sagemaker("DescribePipeline", "pipeline/p", PipelineName="p"), sagemaker("DescribeModel", "model/nightly", ModelName="nightly"),
            sagemaker("DescribeTrainingJob", "training-job/weekly_churn-1", TrainingJobName="weekly_churn-1"),
            sagemaker("DescribeTrainingJob", "training-job/weeklyxchurn-1", TrainingJobName="weeklyxchurn-1"),
            record("glue:GetJob", aws("glue", "job/etl"), {"Job": {"Name": "etl", "DefaultArguments": {"--out": "s3://etl/out/", "--n": "3"}}}),
            record("emr:DescribeCluster", aws("elasticmapreduce", "cluster/j-1"), {"Cluster": {"LogUri": "s3://logs/emr/", "Steps": [{"Config": {"Args": ["spark-submit", "s3a://emr/out/"]}}]}}),
            record("emr-serverless:GetJobRun", aws("emr-serverless", "applications/a/jobruns/b"), {"jobRun": {"executionRole": ROLE, "jobDriver": {"sparkSubmit": {"entryPointArguments": ["s3://spark/out/"]}}}}),
            record(
                "cloudtrail:LookupEvents", "emr-1",
                {
                    "EventName": "RunJobFlow", "EventTime": "2026-10-01T02:00:00Z",
                    "CloudTrailEvent": {
                        "eventName": "RunJobFlow", "responseElements": {"jobFlowId": "j-2"},
                        "requestParameters": {"steps": [{"hadoopJarStep": {"args": ["spark-submit", "s3://jobs/a.py", "--out", "s3://features/a/", "--in=s3://raw/", "s3://results/old/", "s3://more/"]}}]},
                    },
                },
            ),
            record("mwaa:GetEnvironment", aws("airflow", "environment/flow"), {"Environment": {"SourceBucketArn": "arn:aws:s3:::dags", "DagS3Path": "ml"}}),
        ],
        {
            (FUNCTION + "-chat", "draws_on", aws("bedrock", "application-inference-profile/p1")),
            (FUNCTION, "calls", "endpoint/e"), (FUNCTION, "runs_as", ROLE), (FUNCTION, "reads", "s3://models/"), (API, "calls", FUNCTION), (API.replace("restapis", "apis"), "calls", "endpoint/e"),
            (MACHINE, "calls", FUNCTION), (MACHINE, "calls", "pipeline/p"), (MACHINE, "calls", aws("glue", "job/etl")), (MACHINE, "calls", "training-job/weekly_churn-1"), (MACHINE, "calls", "model/nightly"), (MACHINE, "runs_as", ROLE),
            (aws("glue", "job/etl"), "writes", "s3://etl/out/"),
            (aws("elasticmapreduce", "cluster/j-1"), "writes", "s3://logs/emr/"), (aws("elasticmapreduce", "cluster/j-1"), "writes", "s3a://emr/out/"),
            (aws("elasticmapreduce", "cluster/j-2"), "reads", "s3://jobs/a.py"), (aws("elasticmapreduce", "cluster/j-2"), "reads", "s3://raw/"),
            (aws("elasticmapreduce", "cluster/j-2"), "reads", "s3://results/old/"), (aws("elasticmapreduce", "cluster/j-2"), "reads", "s3://more/"),
            (aws("elasticmapreduce", "cluster/j-2"), "writes", "s3://features/a/"),
            (aws("emr-serverless", "applications/a/jobruns/b"), "execution_of", aws("emr-serverless", "applications/a")),
            (aws("emr-serverless", "applications/a/jobruns/b"), "writes", "s3://spark/out/"), (aws("emr-serverless", "applications/a/jobruns/b"), "runs_as", ROLE),
            (aws("airflow", "environment/flow"), "reads", "s3://dags/ml"),
        },
    ),
    "storage": (
        [
            record("logs:DescribeLogGroups", aws("logs", f"log-group:{name}"), {"logGroupName": name})
            for name in ("/aws/sagemaker/Endpoints/e", "/aws/lambda/score", "/aws/eks/one/cluster", "/aws/vendedlogs/states/retrain-Logs", "/team/own")
        ]
        + [
            record("fsx:DescribeFileSystems", aws("fsx", "file-system/fs-9"), {"LustreConfiguration": {"DataRepositoryConfiguration": {"ImportPath": "s3://lustre/data"}}}),
            *(record("s3:PrefixUsage", f"arn:aws:s3:::lake/{prefix}", {"Bucket": "lake", "Prefix": prefix}) for prefix in ("a", "a/b", "whole/part")),
            sagemaker("DescribeProcessingJob", "processing-job/lake", ProcessingInputs=[{"S3Input": {"S3Uri": uri}} for uri in ("s3://lake/a/b/c/d.csv", "s3://lake/a/x/", "s3://lake/whole/", "s3://lake/ab/")]),
        ],
        {
            (aws("logs", "log-group:/aws/sagemaker/Endpoints/e", "/"), "logs_of", "endpoint/e"), (aws("logs", "log-group:/aws/lambda/score"), "logs_of", FUNCTION),
            (aws("logs", "log-group:/aws/eks/one/cluster"), "logs_of", CLUSTER), (aws("logs", "log-group:/aws/vendedlogs/states/retrain-Logs"), "logs_of", MACHINE),
            (aws("fsx", "file-system/fs-9"), "reads", "s3://lustre/data"),
            *(("processing-job/lake", "reads", uri) for uri in ("s3://lake/a/b/c/d.csv", "s3://lake/a/x/", "s3://lake/whole/", "s3://lake/ab/")),
            # The longest prefix above a location; below a location, what lies in it.
            ("s3://lake/a/b/c/d.csv", "within", "s3://lake/a/b"), ("s3://lake/a/x/", "within", "s3://lake/a"), ("s3://lake/whole/", "within", "s3://lake/whole/part"),
        },
    ),
    "images": (
        [
            record("ecr:DescribeImages", f"{REPOSITORY}@{OLD_DIGEST}", {"imageTags": ["v2"], "imagePushedAt": "2026-10-01T00:00:00Z"}, at="2026-10-02T00:00:00Z"),
            record("ecr:DescribeImages", f"{REPOSITORY}@{OLD_DIGEST}", {"imageTags": [], "imagePushedAt": "2026-10-01T00:00:00Z"}, at="2026-10-08T00:00:00Z"),
            record("ecr:DescribeImages", f"{REPOSITORY}@{DIGEST}", {"imageTags": ["v2"], "imagePushedAt": "2026-10-07T00:00:00Z"}, at="2026-10-08T00:00:00Z"),
            sagemaker("DescribeModel", "model/early", CreationTime="2026-10-03T00:00:00Z", PrimaryContainer={"Image": f"{IMAGE}:v2"}),
            record("sagemaker:DescribeModel", arn("model/late"), {"CreationTime": "2026-10-09T00:00:00Z", "PrimaryContainer": {"Image": f"{IMAGE}:v2"}}, at="2026-10-10T00:00:00Z"),
            sagemaker("DescribeEndpoint", "endpoint/pinned", ProductionVariants=[{"DeployedImages": [{"SpecifiedImage": f"{IMAGE}:v2", "ResolvedImage": f"{IMAGE}@{DIGEST}"}]}]),
        ],
        {
            (f"{REPOSITORY}@{OLD_DIGEST}", "image_in", REPOSITORY), (f"{REPOSITORY}@{DIGEST}", "image_in", REPOSITORY),
            ("model/early", "uses_image", REPOSITORY), ("model/late", "uses_image", REPOSITORY),
            # A tag that was moved names another image from then on.
            ("model/early", "runs_image", f"{REPOSITORY}@{OLD_DIGEST}"), ("model/late", "runs_image", f"{REPOSITORY}@{DIGEST}"), ("endpoint/pinned", "runs_image", f"{REPOSITORY}@{DIGEST}"),
        },
    ),
    "bedrock": (
        [
            record("bedrock:GetModelCustomizationJob", aws("bedrock", "model-customization-job/j"), {"outputModelArn": CUSTOM_MODEL, "trainingDataConfig": {"s3Uri": "s3://tune/in"}, "outputDataConfig": {"s3Uri": "s3://tune/out"}, "roleArn": ROLE}),
            record("bedrock:GetCustomModel", CUSTOM_MODEL, {"modelName": "abc", "jobArn": aws("bedrock", "model-customization-job/j")}),
            record("bedrock:GetProvisionedModelThroughput", aws("bedrock", "provisioned-model/p"), {"modelArn": CUSTOM_MODEL}),
            record("bedrock:GetInferenceProfile", aws("bedrock", "application-inference-profile/i"), {"models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}]}),
            record(
                "bedrock:GetModelInvocationJob", aws("bedrock", "model-invocation-job/b"),
                {"modelId": CUSTOM_MODEL, "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://prompts/"}}, "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://replies/"}}},
            ),
            record("bedrock:GetImportedModel", aws("bedrock", "imported-model/m"), {"modelDataSource": {"s3DataSource": {"s3Uri": "s3://weights/"}}}),
        ],
        {
            (aws("bedrock", "model-customization-job/j"), "produced", CUSTOM_MODEL), (CUSTOM_MODEL, "generated_by", aws("bedrock", "model-customization-job/j")),
            (aws("bedrock", "model-customization-job/j"), "reads", "s3://tune/in"), (aws("bedrock", "model-customization-job/j"), "writes", "s3://tune/out"),
            (aws("bedrock", "model-customization-job/j"), "runs_as", ROLE), (aws("bedrock", "provisioned-model/p"), "provisions", CUSTOM_MODEL),
            (aws("bedrock", "model-invocation-job/b"), "transforms_with", CUSTOM_MODEL), (aws("bedrock", "model-invocation-job/b"), "reads", "s3://prompts/"),
            (aws("bedrock", "model-invocation-job/b"), "writes", "s3://replies/"), (aws("bedrock", "imported-model/m"), "loads", "s3://weights/"),
        },
    ),
    "who": (
        [
            record(
                "cloudtrail:LookupEvents", "event-1",
                {
                    "EventName": "CreateEndpoint", "EventTime": "2026-10-04T00:00:00Z",
                    "CloudTrailEvent": {"eventName": "CreateEndpoint", "userIdentity": {"type": "AssumedRole", "arn": SESSION}, "responseElements": {"endpointArn": arn("endpoint/e")}},
                },
            ),
            record(
                "cloudtrail:LookupEvents", "event-2",
                {"CloudTrailEvent": {"eventName": "RunInstances", "userIdentity": {"invokedBy": "autoscaling.amazonaws.com"}, "responseElements": {"instancesSet": {"items": [{"instanceId": "i-0aaa"}]}}}},
            ),
            record("cicd:Deployment", "github/ml/churn/runs/7", {"provider": "github", "repository": "ml/churn", "commit": "c0ffee", "resources": [arn("endpoint/e")]}),
            sagemaker(
                "DescribeTrainingJob", "training-job/from-ci", RoleArn=ROLE, Environment={"GITHUB_REPOSITORY": "ml/churn", "GITHUB_SHA": "c0ffee", "GITHUB_RUN_ID": "7"},
            ),
        ],
        {
            ("endpoint/e", "created_by", SESSION), (SESSION, "session_of", f"arn:aws:iam::{ACCOUNT}:role/training"), ("i-0aaa", "created_by", "autoscaling.amazonaws.com"),
            ("endpoint/e", "deployed_by", "github/ml/churn/runs/7"), ("github/ml/churn/runs/7", "built_from", "ml/churn@c0ffee"),
            ("training-job/from-ci", "runs_as", ROLE), ("training-job/from-ci", "deployed_by", "github/ml/churn/runs/7"), ("training-job/from-ci", "built_from", "ml/churn@c0ffee"),
        },
    ),
}  # fmt: skip
