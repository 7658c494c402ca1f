"""Cases of artifacts that are one (lineage/derived/copies), of what MLflow tracked (lineage/derived/mlflow), of agents and
of what is looked up (lineage/stated)."""

from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.lineage.cases import (
    CLUSTER,
    FUNCTION,
    IMAGE,
    KEY,
    REPOSITORY,
    ROLE,
    Edges,
    aws,
    in_cluster,
    sagemaker,
)
from mlcost_assets_tests.world import Record, arn, record

ARTIFACTS: dict[str, tuple[list[Record], Edges]] = {
    # A generic key tells nothing in buckets of different houses; in those of one house's environments it does.
    "copies": (
        [
            sagemaker("DescribeTrainingJob", "training-job/made", ModelArtifacts={"S3ModelArtifacts": "s3://revenue-ml/models/xgboost/v1/model.tar.gz"}),
            sagemaker("DescribeModel", "model/other", PrimaryContainer={"ModelDataUrl": "s3://support-ml/models/xgboost/v1/model.tar.gz"}),
            sagemaker("DescribeModel", "model/promoted", PrimaryContainer={"ModelDataUrl": "s3://acme-ml-prod/models/xgboost/v2/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/candidate", ModelArtifacts={"S3ModelArtifacts": "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"}),
            sagemaker("DescribeModel", "model/dated", PrimaryContainer={"ModelDataUrl": "s3://releases/ranker/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/dated", ModelArtifacts={"S3ModelArtifacts": "s3://work/ranker/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/twin-a", ModelArtifacts={"S3ModelArtifacts": "s3://a-dev/models/twin/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/twin-b", ModelArtifacts={"S3ModelArtifacts": "s3://a-prod/models/twin/20261003/model.tar.gz"}),
        ],
        {
            ("training-job/made", "produced", "s3://revenue-ml/models/xgboost/v1/model.tar.gz"), ("model/other", "loads", "s3://support-ml/models/xgboost/v1/model.tar.gz"),
            ("model/promoted", "loads", "s3://acme-ml-prod/models/xgboost/v2/model.tar.gz"), ("training-job/candidate", "produced", "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"),
            ("s3://acme-ml-prod/models/xgboost/v2/model.tar.gz", "copy_of", "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"),
            ("model/dated", "loads", "s3://releases/ranker/20261003/model.tar.gz"), ("training-job/dated", "produced", "s3://work/ranker/20261003/model.tar.gz"),
            ("s3://work/ranker/20261003/model.tar.gz", "copy_of", "s3://releases/ranker/20261003/model.tar.gz"),
            ("training-job/twin-a", "produced", "s3://a-dev/models/twin/20261003/model.tar.gz"), ("training-job/twin-b", "produced", "s3://a-prod/models/twin/20261003/model.tar.gz"),
        },
    ),
    # A package that nobody looked at is of the group that its ARN names; a seller's is of none of ours.
    "packages": (
        [
            sagemaker("DescribeModel", "model/ours", PrimaryContainer={"ModelPackageName": arn("model-package/deid/20260810")}),
            sagemaker("DescribeModel", "model/sellers", PrimaryContainer={"ModelPackageName": "arn:aws:sagemaker:us-east-1:865070037744:model-package/llm/3"}),
        ],
        {
            ("model/ours", "deploys", "model-package/deid/20260810"), ("model-package/deid/20260810", "version_of", "model-package-group/deid"),
            ("model/sellers", "deploys", "arn:aws:sagemaker:us-east-1:865070037744:model-package/llm/3"),
        },
    ),
    # What containers are told: a server loads its model, a run reads and writes, whatever form the argument has.
    "arguments": (
        [
            in_cluster("Pod", "server", metadata={"ownerReferences": [{"kind": "ReplicaSet", "name": "r"}]}, spec={"containers": [
                {"args": ["--model", "s3://weights/heron/1/", "--log-dir=s3://logs/heron/"], "env": [{"name": "LORA_MODEL_URI", "value": "s3://weights/lora/2/"}, {"name": "CORPUS", "value": "s3://corpus/a/"}]}]}),
            in_cluster("Pod", "adapters", metadata={"ownerReferences": [{"kind": "ReplicaSet", "name": "v"}]}, spec={"containers": [
                {"args": ["--model=/models/base", "--lora-modules", "one=s3://weights/one/", '{"name": "two", "path": "s3://weights/two/"}', "--log-dir=s3://logs/v/"]}]}),
            # Nothing tells what started it: its argument says that it loads, its bare words say nothing.
            in_cluster("Pod", "alone", metadata={}, spec={"containers": [{"args": ["--model", "s3://weights/wren/1/", "s3://corpus/w/"]}]}),
            in_cluster("Pod", "loader", metadata={"ownerReferences": [{"kind": "ReplicaSet", "name": "k"}]}, spec={"containers": [],
                "initContainers": [{"args": ["s3://weights/kite/3/", "/mnt/models"]}]}),
            in_cluster("Pod", "run", metadata={"ownerReferences": [{"kind": "PyTorchJob", "name": "j"}]}, spec={"containers": [
                {"command": ["torchrun", "main.py", "--output_dir=s3://ckpt/heron/r2/", "--base_model", "s3://weights/base/", "--shards", "['s3://corpus/b/','s3a://corpus/c/']"], "env": [{"name": "WANDB", "value": "off"}]}]}),
            sagemaker("DescribeModel", "model/lmi", PrimaryContainer={"Environment": {"OPTION_MODEL_ID": "s3://weights/heron/4/", "PROMPTS": "s3://prompts/x/"}}),
        ],
        {
            (f"{CLUSTER}/Pod/server", "loads", "s3://weights/heron/1/"), (f"{CLUSTER}/Pod/server", "writes", "s3://logs/heron/"),
            (f"{CLUSTER}/Pod/server", "loads", "s3://weights/lora/2/"), (f"{CLUSTER}/Pod/server", "reads", "s3://corpus/a/"),
            (f"{CLUSTER}/Pod/adapters", "loads", "s3://weights/one/"), (f"{CLUSTER}/Pod/adapters", "loads", "s3://weights/two/"), (f"{CLUSTER}/Pod/adapters", "writes", "s3://logs/v/"),
            (f"{CLUSTER}/Pod/alone", "loads", "s3://weights/wren/1/"), (f"{CLUSTER}/Pod/alone", "reads", "s3://corpus/w/"),
            (f"{CLUSTER}/Pod/loader", "loads", "s3://weights/kite/3/"),
            (f"{CLUSTER}/Pod/run", "writes", "s3://ckpt/heron/r2/"), (f"{CLUSTER}/Pod/run", "reads", "s3://weights/base/"),
            (f"{CLUSTER}/Pod/run", "reads", "s3://corpus/b/"), (f"{CLUSTER}/Pod/run", "reads", "s3a://corpus/c/"),
            ("model/lmi", "loads", "s3://weights/heron/4/"), ("model/lmi", "reads", "s3://prompts/x/"),
        },
    ),
    # A tag is an image of its own where a deployment says that it pushed it.
    "pushed": (
        [
            in_cluster("Pod", "pushed", spec={"containers": [{"image": f"{IMAGE}:v7"}]}), in_cluster("Pod", "other", spec={"containers": [{"image": f"{IMAGE}:v8"}]}),
            record("cicd:Deployment", "ci/7", {"model": "churn", "resources": [f"{IMAGE}:v7"]}),
        ],
        {
            (f"{CLUSTER}/Pod/pushed", "uses_image", REPOSITORY), (f"{CLUSTER}/Pod/other", "uses_image", REPOSITORY),
            (f"{CLUSTER}/Pod/pushed", "runs_image", f"{REPOSITORY}:v7"), (f"{REPOSITORY}:v7", "deployed_by", "ci/7"),
        },
    ),
    # What MLflow tracked, joined to what others load of it.
    "databricks": (
        [
            record("ec2:DescribeInstances", "i-0d0b", {}, tags={"Vendor": "Databricks", "ClusterId": "0101-tidy", "JobId": "77"}),
            record("mlflow:Run", "tracked-there", {"data": {"tags": [{"key": "mlflow.databricks.cluster.id", "value": "0101-tidy"}]}}),
        ],
        {
            ("i-0d0b", "machine_of", "databricks:cluster/0101-tidy"), ("databricks:cluster/0101-tidy", "cluster_of", f"databricks:job/{ACCOUNT}/77"),
            ("databricks:cluster/0101-tidy", "ran", "tracked-there"),
        },
    ),
    "mlflow": (
        [
            record("mlflow:RegisteredModel", "models:/credit", {"name": "credit", "latest_versions": [{"version": "3", "run_id": "aa11"}]}),
            record("mlflow:ModelVersion", "models:/credit/4", {"name": "credit", "version": "4", "run_id": "3f2a9c0d11e24b7f", "source": "s3://art/7/3f2a9c0d11e24b7f/artifacts/model"}),
            record("mlflow:Run", "3f2a9c0d11e24b7f", {"info": {"run_id": "3f2a9c0d11e24b7f", "artifact_uri": "s3://art/7/3f2a9c0d11e24b7f/artifacts"}}),
            record(
                "mlflow:Run", "run-by-hand",
                {"info": {"run_id": "0123456789abcdef0123456789abcdef", "experiment_id": "12"}, "data": {"params": [{"key": "host", "value": "ip-10-9-0-1.ec2.internal"}, {"key": "output_dir", "value": "s3://ckpt/hand/"}]},
                 "inputs": {"dataset_inputs": [{"dataset": {"name": "d", "source": '{"uri": "s3://lake/curated/d/"}'}}]}},
            ),
            record("ec2:DescribeInstances", "i-0b0c0d0e0f", {"PrivateDnsName": "ip-10-9-0-1.ec2.internal"}),
            sagemaker("DescribeTrainingJob", "training-job/told", Environment={"MLFLOW_RUN_ID": "0123456789abcdef0123456789abcdef"}),
            sagemaker("DescribeModel", "model/tracked", PrimaryContainer={"ModelDataUrl": "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"}),
            in_cluster("Pod", "addressed", spec={"containers": [{"env": [{"name": "MLFLOW_MODEL_URI", "value": "models:/credit/4"}, {"name": "OTHER_MODEL", "value": "models:/unknown@live"}]}]}),
            sagemaker("DescribeModel", "model/beside", PrimaryContainer={"ModelDataUrl": "s3://art/7/3f2a9c0d/artifacts/model/model.tar.gz"}),
        ],
        {
            # Where a version lies is known whether anything loads it or not.
            ("models:/credit/4", "contains", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model"),
            ("3f2a9c0d11e24b7f", "produced", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model"),
            ("run-by-hand", "in_experiment", f"mlflow:experiment/{ACCOUNT}/12"), ("i-0b0c0d0e0f", "ran", "run-by-hand"),
            ("run-by-hand", "reads", "s3://lake/curated/d/"), ("run-by-hand", "writes", "s3://ckpt/hand/"),
            ("training-job/told", "tracked_as", "run-by-hand"),
            ("models:/credit/4", "version_of", "models:/credit"), ("models:/credit/4", "generated_by", "3f2a9c0d11e24b7f"),
            ("models:/credit/4", "contains", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"),
            ("3f2a9c0d11e24b7f", "produced", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"),
            (f"{CLUSTER}/Pod/addressed", "loads", "models:/credit/4"), ("models:/credit", "contains", "models:/credit/4"), (f"{CLUSTER}/Pod/addressed", "loads", "models:/unknown@live"),
            ("model/tracked", "loads", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"), ("model/beside", "loads", "s3://art/7/3f2a9c0d/artifacts/model/model.tar.gz"),
        },
    ),
    "agents": (
        [
            record(
                "bedrock-agent:GetAgent", aws("bedrock", "agent/AG1"),
                {
                    "agent": {"agentId": "AG1", "agentName": "helper", "agentResourceRoleArn": ROLE, "foundationModel": aws("bedrock", "application-inference-profile/i"), "guardrailConfiguration": {"guardrailIdentifier": "gr1", "guardrailVersion": "2"}},
                    "aliases": [{"agentAliasId": "AL1", "routingConfiguration": [{"agentVersion": "1", "provisionedThroughput": aws("bedrock", "provisioned-model/p")}]}],
                    "knowledgeBases": [{"knowledgeBaseId": "KB1"}, {"knowledgeBaseId": "KB1", "agentVersion": "1"}],
                    "actionGroups": [{"actionGroupExecutor": {"lambda": f"{FUNCTION}:3"}}, {"actionGroupExecutor": {"customControl": "RETURN_CONTROL"}}],
                },
                tags={"aws:cloudformation:stack-name": "Helper"},
            ),
            record(
                "bedrock-agent:GetFlow", aws("bedrock", "flow/FL1"),
                {"id": "FL1", "executionRoleArn": ROLE, "definition": {"nodes": [
                    {"configuration": {"knowledgeBase": {"knowledgeBaseId": "KB1", "modelId": "amazon.nova-lite-v1:0"}}}, {"configuration": {"lambdaFunction": {"lambdaArn": FUNCTION}}},
                    {"configuration": {"prompt": {"sourceConfiguration": {"inline": {"modelId": aws("bedrock", "application-inference-profile/i")}}}}}, {"configuration": {"input": {}}},
                ]}},
            ),
            record("bedrock-agent:GetKnowledgeBase", aws("bedrock", "knowledge-base/KB1"), {"knowledgeBase": {"knowledgeBaseId": "KB1", "storageConfiguration": {"opensearchServerlessConfiguration": {"collectionArn": aws("aoss", "collection/c1")}}}}),
            record("bedrock-agent:GetKnowledgeBase", aws("bedrock", "knowledge-base/KB2"), {"knowledgeBase": {"knowledgeBaseId": "KB2", "roleArn": ROLE, "storageConfiguration": {"s3VectorsConfiguration": {"indexArn": aws("s3vectors", "bucket/v/index/i")}}}}),
            record("bedrock-agent:GetKnowledgeBase", aws("bedrock", "knowledge-base/KB3"), {"knowledgeBase": {"knowledgeBaseId": "KB3", "storageConfiguration": {"rdsConfiguration": {"resourceArn": aws("rds", "cluster/vectors", ":")}}}}),
            record("rds:DescribeDBClusters", aws("rds", "cluster/vectors", ":"), {"DBClusterIdentifier": "vectors", "DbClusterResourceId": "cluster-ABC", "DBClusterMembers": [{"DBInstanceIdentifier": "vectors-1"}]}),
            record(
                "bedrock-agentcore-control:GetAgentRuntime", aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"),
                {
                    "agentRuntimeId": "helper-a1B2c3D4e5", "agentRuntimeName": "helper", "roleArn": ROLE, "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": f"{IMAGE}:v1"}},
                    "environmentVariables": {
                        "MEMORY_ID": "notes-1", "MCP_URL": "https://tools-1.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp", "SANDBOX": "py-1", "BROWSER_ID": "web-1",
                        "MODEL": aws("bedrock", "application-inference-profile/i"), "KNOWLEDGE_BASE_ID": "KB2",
                    },
                },
            ),
            record("bedrock-agentcore-control:GetMemory", aws("bedrock-agentcore", "memory/notes-1"), {"memory": {"id": "notes-1", "name": "notes", "encryptionKeyArn": KEY}}),
            record(
                "bedrock-agentcore-control:GetGateway", aws("bedrock-agentcore", "gateway/tools-1"),
                {"gatewayId": "tools-1", "gatewayUrl": "https://tools-1.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp", "Targets": [{"targetConfiguration": {"mcp": {"lambda": {"lambdaArn": FUNCTION}}}}]},
            ),
            record("bedrock-agentcore-control:GetCodeInterpreter", aws("bedrock-agentcore", "code-interpreter-custom/py-1"), {"codeInterpreterId": "py-1", "name": "py"}),
            record("bedrock-agentcore-control:GetBrowser", aws("bedrock-agentcore", "browser-custom/web-1"), {"browserId": "web-1", "name": "web"}),
            record("lambda:GetFunction", FUNCTION + "-ask", {"Configuration": {"FunctionName": "score-ask", "Environment": {"Variables": {
                "AGENT_ID": "AG1", "RUNTIME_ARN": aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5/runtime-endpoint/DEFAULT"), "AGENT_NAME": "helper",
            }}}}),
            record("logs:DescribeLogGroups", aws("logs", "log-group:/aws/bedrock-agentcore/runtimes/helper-a1B2c3D4e5-DEFAULT", "/"), {"logGroupName": "/aws/bedrock-agentcore/runtimes/helper-a1B2c3D4e5-DEFAULT"}),
        ],
        {
            *((user, "runs_as", ROLE) for user in (aws("bedrock", "agent/AG1"), aws("bedrock", "flow/FL1"), aws("bedrock", "knowledge-base/KB2"), aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"))),
            *((user, "draws_on", aws("bedrock", "application-inference-profile/i")) for user in (aws("bedrock", "agent/AG1"), aws("bedrock", "flow/FL1"), aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"))),
            (aws("bedrock", "agent/AG1"), "uses", aws("bedrock", "guardrail/gr1")), (aws("bedrock", "agent/AG1"), "in_stack", f"arn:aws:cloudformation::{ACCOUNT}:stack/Helper"),
            (aws("bedrock", "agent/AG1"), "draws_on", aws("bedrock", "provisioned-model/p")), (aws("bedrock", "agent-alias/AG1/AL1"), "part_of", aws("bedrock", "agent/AG1")),
            *((user, "uses", used) for user in (aws("bedrock", "agent/AG1"), aws("bedrock", "flow/FL1")) for used in (aws("bedrock", "knowledge-base/KB1"), FUNCTION)),
            (aws("bedrock", "knowledge-base/KB1"), "uses", aws("aoss", "collection/c1")), (aws("bedrock", "knowledge-base/KB3"), "uses", aws("rds", "cluster/vectors", ":")),
            *((aws("bedrock", "knowledge-base/KB2"), "uses", aws("s3vectors", vectors)) for vectors in ("bucket/v", "bucket/v/index/i")),
            (aws("rds", "db/vectors-1", ":"), "part_of_cluster", aws("rds", "cluster/vectors", ":")), (aws("rds", "cluster/cluster-ABC", ":"), "part_of_cluster", aws("rds", "cluster/vectors", ":")),
            (aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"), "uses_image", REPOSITORY), (aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"), "uses", aws("bedrock", "knowledge-base/KB2")),
            *((aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5"), "uses", aws("bedrock-agentcore", used)) for used in ("memory/notes-1", "gateway/tools-1", "code-interpreter-custom/py-1", "browser-custom/web-1")),
            (aws("bedrock-agentcore", "memory/notes-1"), "encrypted_by", KEY), (aws("bedrock-agentcore", "gateway/tools-1"), "uses", FUNCTION),
            (FUNCTION + "-ask", "calls", aws("bedrock", "agent/AG1")), (FUNCTION + "-ask", "calls", aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5")),
            (aws("logs", "log-group:/aws/bedrock-agentcore/runtimes/helper-a1B2c3D4e5-DEFAULT"), "logs_of", aws("bedrock-agentcore", "runtime/helper-a1B2c3D4e5")),
        },
    ),
    "stores": (
        [
            record("opensearch:DescribeDomain", aws("es", "domain/vectors"), {"DomainStatus": {"DomainName": "vectors", "Endpoint": "search-vectors-1f2e.us-east-1.es.amazonaws.com", "EncryptionAtRestOptions": {"KmsKeyId": KEY}}}),
            record("opensearchserverless:BatchGetCollection", aws("aoss", "collection/c1"), {"collectionDetails": [{"name": "rag", "collectionEndpoint": "https://c1.us-east-1.aoss.amazonaws.com"}]}),
            record("dynamodb:DescribeTable", aws("dynamodb", "table/features"), {"Table": {"TableName": "features"}}),
            record(
                "elasticache:DescribeCacheClusters", aws("elasticache", "cluster/online-001", ":"),
                {"CacheClusterId": "online-001", "ReplicationGroup": {"NodeGroups": [{"PrimaryEndpoint": {"Address": "online.1f2e.ng.0001.use1.cache.amazonaws.com"}}]}},
            ),
            record("elasticache:DescribeServerlessCaches", aws("elasticache", "serverlesscache/warm", ":"), {"ServerlessCacheName": "warm"}),
            record("kinesis:DescribeStreamSummary", aws("kinesis", "stream/clicks"), {"StreamDescriptionSummary": {"StreamName": "clicks"}}),
            record("kafka:DescribeClusterV2", aws("kafka", "cluster/events/1f2e"), {"ClusterInfo": {"ClusterName": "events"}, "BootstrapBrokers": {"Tls": "b-1.events.1f2e.c2.kafka.us-east-1.amazonaws.com:9094,b-2.events.1f2e.c2.kafka.us-east-1.amazonaws.com:9094"}}),
            record("kendra:DescribeIndex", aws("kendra", "index/0d9b"), {"Id": "0d9b", "Name": "handbook", "RoleArn": ROLE}),
            record("qbusiness:GetApplication", aws("qbusiness", "application/77aa"), {"applicationId": "77aa", "displayName": "assistant"}),
            record("lambda:GetFunction", aws("lambda", "function:retrieve", ":"), {"Configuration": {"FunctionName": "retrieve", "Environment": {"Variables": {
                "VECTORS": "https://search-vectors-1f2e.us-east-1.es.amazonaws.com:443/index", "RAG": "c1.us-east-1.aoss.amazonaws.com", "TABLE_NAME": "features", "STREAM_ARN": aws("kinesis", "stream/clicks"),
                # A word alone may mean anything.
                "MODE": "features", "TABLE_PREFIX": "feat",
            }}}}),
            sagemaker("DescribeModel", "model/looks-up", PrimaryContainer={"Environment": {"REDIS_URL": "rediss://online.1f2e.ng.0001.use1.cache.amazonaws.com:6379", "INDEX": "0d9b"}}),
            sagemaker("DescribeTrainingJob", "training-job/from-stream", HyperParameters={"cache": "warm", "application-id": "77aa"}),
            in_cluster("Pod", "consumer", metadata={"name": "consumer"}, spec={"containers": [{"env": [{"name": "BOOTSTRAP", "value": "b-2.events.1f2e.c2.kafka.us-east-1.amazonaws.com:9094"}]}]}),
        ],
        {
            (aws("es", "domain/vectors"), "encrypted_by", KEY), (aws("kendra", "index/0d9b"), "runs_as", ROLE),
            *((aws("lambda", "function:retrieve", ":"), "uses", store) for store in (
                aws("es", "domain/vectors"), aws("aoss", "collection/c1"), aws("dynamodb", "table/features"), aws("kinesis", "stream/clicks"))),
            ("model/looks-up", "uses", aws("elasticache", "cluster/online-001", ":")), ("model/looks-up", "uses", aws("kendra", "index/0d9b")),
            ("training-job/from-stream", "uses", aws("elasticache", "serverlesscache/warm", ":")), ("training-job/from-stream", "uses", aws("qbusiness", "application/77aa")),
            (f"{CLUSTER}/Pod/consumer", "uses", aws("kafka", "cluster/events/1f2e")),
        },
    ),
}  # fmt: skip
