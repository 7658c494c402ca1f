"""Cases of nodes, ECS, AWS Batch and HealthOmics: what was started for what, and where; servers of several models."""

from mlcost_assets_tests.lineage.cases import (
    BALANCER,
    CLUSTER,
    IMAGE,
    MACHINE,
    REPOSITORY,
    ROLE,
    Edges,
    aws,
    in_cluster,
)
from mlcost_assets_tests.world import Record, record

SERVICE, TASK, DEFINITION = (
    aws("ecs", "service/one/ranker"),
    aws("ecs", "task/one/1f2e"),
    aws("ecs", "task-definition/ranker:7"),
)
HOST, GROUP = aws("ecs", "container-instance/one/0c1d"), aws("elasticloadbalancing", "targetgroup/ranker/9e8d")
JOB, JOB_DEFINITION = aws("batch", "job/5b6c"), aws("batch", "job-definition/score:3")
FIRST_TRY, JOB_TASK, JOB_HOST = (
    aws("ecs", "task/queue/aaaa"),
    aws("ecs", "task/queue/bbbb"),
    aws("ecs", "container-instance/queue/cccc"),
)

INGRESS = BALANCER.replace("1f2e", "fares")


def pod(name: str, *words: str, owner: str, **labels: str) -> Record:
    metadata = {
        "name": f"{name}-x2",
        "namespace": "ml",
        "labels": labels,
        "ownerReferences": [{"kind": "ReplicaSet", "name": owner}],
    }
    return in_cluster("Pod", name, metadata=metadata, spec={"containers": [{"args": list(words)}]})


def counted(model: str, **dimensions: str) -> Record:
    body = {"Dimensions": {"ClusterName": "one", "Namespace": "ml", **dimensions, "model": model}}
    return record("cloudwatch:GetMetricData", f"{dimensions}/{model}", body)


CONTAINERS: dict[str, tuple[list[Record], Edges]] = {
    "ecs": (
        [
            record(
                "ecs:DescribeServices", SERVICE,
                {"serviceName": "ranker", "taskDefinition": DEFINITION, "loadBalancers": [{"targetGroupArn": GROUP}]},
            ),
            record("elbv2:DescribeLoadBalancers", BALANCER.replace("1f2e", "ecs"), {"TargetGroups": [{"TargetGroupArn": GROUP, "Targets": []}]}),
            record(
                "ecs:DescribeTaskDefinition", DEFINITION,
                {
                    "taskDefinition": {
                        "family": "ranker", "taskRoleArn": ROLE,
                        "containerDefinitions": [
                            {
                                "image": f"{IMAGE}:v1", "environment": [{"name": "MODEL_URI", "value": "s3://m/ranker/"}],
                                "command": ["serve", "s3://m/settings.json"],
                            }
                        ],
                    }
                },
            ),
            record(
                "ecs:DescribeTasks", TASK,
                {"group": "service:ranker", "clusterArn": aws("ecs", "cluster/one"), "taskDefinitionArn": DEFINITION, "containerInstanceArn": HOST},
            ),
            record("ecs:DescribeContainerInstances", HOST, {"ec2InstanceId": "i-0aaa"}),
        ],
        {
            (SERVICE, "configured_by", DEFINITION), (TASK, "execution_of", SERVICE), (TASK, "execution_of", DEFINITION),
            (TASK, "runs_on_node", HOST), (HOST, "is_instance", "i-0aaa"), (BALANCER.replace("1f2e", "ecs"), "routes_to", SERVICE),
            (DEFINITION, "runs_as", ROLE), (DEFINITION, "uses_image", REPOSITORY), (DEFINITION, "loads", "s3://m/ranker/"),
            (DEFINITION, "reads", "s3://m/settings.json"),
        },
    ),
    # Of a job that AWS tried again each task is the job's, and one that tells no task stands for it; the workflow that submits it calls its definition.
    "batch": (
        [
            record(
                "batch:DescribeJobDefinitions", JOB_DEFINITION,
                {"jobDefinitionName": "score", "containerProperties": {"image": f"{IMAGE}:v1", "jobRoleArn": ROLE, "command": ["--out", "s3://m/scores/"]}},
            ),
            record(
                "batch:DescribeJobs", JOB,
                {
                    "jobName": "score-monday", "jobDefinition": JOB_DEFINITION,
                    "container": {"taskArn": JOB_TASK, "containerInstanceArn": JOB_HOST, "command": ["--input=s3://m/customers/"]},
                    "attempts": [{"container": {"taskArn": FIRST_TRY}}, {"container": {"taskArn": JOB_TASK}}],
                },
            ),
            record("batch:DescribeJobs", JOB + "-2", {"container": {"containerInstanceArn": JOB_HOST}}),
            record("stepfunctions:DescribeStateMachine", MACHINE.replace("retrain", "score"), {
                "definition": '{"States": {"A": {"Parameters": {"JobDefinition": "' + JOB_DEFINITION + '"}}, "B": {"Parameters": {"TaskDefinition": "ranker"}}}}'
            }),
        ],
        {
            (JOB, "execution_of", JOB_DEFINITION), (FIRST_TRY, "execution_of", JOB), (JOB_TASK, "execution_of", JOB),
            (JOB_TASK, "runs_on_node", JOB_HOST), (JOB + "-2", "runs_on_node", JOB_HOST), (JOB, "reads", "s3://m/customers/"), (JOB_DEFINITION, "writes", "s3://m/scores/"),
            (JOB_DEFINITION, "runs_as", ROLE), (JOB_DEFINITION, "uses_image", REPOSITORY),
            (MACHINE.replace("retrain", "score"), "calls", JOB_DEFINITION), (MACHINE.replace("retrain", "score"), "calls", DEFINITION),
        },
    ),
    # A run of one's own workflow, and of one that AWS has ready for all.
    "omics": (
        [
            record(
                "omics:GetRun", aws("omics", "run/1234567"),
                {
                    "name": "variants-train", "workflowId": "7654321", "workflowType": "PRIVATE", "roleArn": ROLE,
                    "parameters": {"reference": "s3://genomes/hg38/", "reads": ["s3://reads/a.fastq", "s3://reads/b.fastq"], "epochs": 3},
                    "outputUri": "s3://genomics-out", "runOutputUri": "s3://genomics-out/1234567",
                },
            ),
            record("omics:GetRun", aws("omics", "run/1234568"), {"workflowId": "9500764", "workflowType": "READY2RUN", "runOutputUri": "s3://genomics-out/1234568"}),
        ],
        {
            (aws("omics", "run/1234567"), "execution_of", aws("omics", "workflow/7654321")), (aws("omics", "run/1234567"), "runs_as", ROLE),
            *((aws("omics", "run/1234567"), "reads", uri) for uri in ("s3://genomes/hg38/", "s3://reads/a.fastq", "s3://reads/b.fastq")),
            (aws("omics", "run/1234567"), "writes", "s3://genomics-out/1234567"), (aws("omics", "run/1234568"), "writes", "s3://genomics-out/1234568"),
        },
    ),
    # A server is called by its service, whose selector finds the pods, by its workload, or by its pod; one that counts one
    # model, or stands elsewhere, is what its pod is.
    "served": (
        [
            pod("repo", "tritonserver", "--model-repository=s3://m/repo/", owner="triton-7d9f"),
            pod("lora", "--adapters", "tone=s3://m/tone", '{"name": "terse", "path": "s3://m/terse"}', owner="chat-5c6b", app="chat"),
            pod("two", "--model-store", "s3://m/a", "--model-store", "s3://m/b", owner="two-1a2b"),
            pod("lone", "--model-repository=s3://m/lone", owner="lone-9e8d"),
            in_cluster("Service", "front", metadata={"name": "front", "namespace": "ml"}, spec={"selector": {"app": "chat"}}),
            *(counted(model, Service="triton") for model in ("faces", "pets")),
            *(counted(model, service="front") for model in ("tone", "terse", "base")),
            *(counted(model, pod="two-x2") for model in ("up", "down")),
            counted("lone", Service="lone"),
            counted("stray", Service="lone", Namespace="other"),
            counted("stray", Service="lone", ClusterName="two"),
        ],
        {
            *((f"{CLUSTER}/Pod/repo", "hosts", f"{CLUSTER}/Pod/repo/{model}") for model in ("faces", "pets")),
            *((f"{CLUSTER}/Pod/repo/{model}", "loads", f"s3://m/repo/{model}") for model in ("faces", "pets")),
            *((f"{CLUSTER}/Pod/lora", "hosts", f"{CLUSTER}/Pod/lora/{model}") for model in ("tone", "terse", "base")),
            *((f"{CLUSTER}/Pod/lora/{model}", "loads", f"s3://m/{model}") for model in ("tone", "terse")),
            *((f"{CLUSTER}/Pod/two", "hosts", f"{CLUSTER}/Pod/two/{model}") for model in ("up", "down")),
            *((f"{CLUSTER}/Pod/{name}", "in_namespace", f"{CLUSTER}/Namespace/ml") for name in ("repo", "lora", "two", "lone")),
            *((f"{CLUSTER}/Pod/{name}", "loads", uri) for name, uri in (("repo", "s3://m/repo/"), ("lone", "s3://m/lone"), ("two", "s3://m/a"), ("two", "s3://m/b"))),
            (f"{CLUSTER}/Service/front", "in_namespace", f"{CLUSTER}/Namespace/ml"), (f"{CLUSTER}/Service/front", "selects", f"{CLUSTER}/Pod/lora"),
            (f"{CLUSTER}/Pod/lora", "reads", "s3://m/tone"), (f"{CLUSTER}/Pod/lora", "loads", "s3://m/terse"),
        },
    ),
    # What a controller made for an ingress leads to the workload of that name in the namespace.
    "ingress": (
        [
            record("elbv2:DescribeLoadBalancers", INGRESS, {}, tags={"elbv2.k8s.aws/cluster": "one", "ingress.k8s.aws/stack": "ml/fares"}),
            pod("fares", owner="fares-7d9f"), pod("fares-cache", owner="fares-cache-5c6b"),
            in_cluster("Pod", "elsewhere", metadata={"namespace": "web", "ownerReferences": [{"kind": "ReplicaSet", "name": "fares-1a2b"}]}),
        ],
        {
            (INGRESS, "in_namespace", f"{CLUSTER}/Namespace/ml"), (INGRESS, "routes_to", f"{CLUSTER}/Pod/fares"),
            *((f"{CLUSTER}/Pod/{name}", "in_namespace", f"{CLUSTER}/Namespace/{namespace}") for name, namespace in (("fares", "ml"), ("fares-cache", "ml"), ("elsewhere", "web"))),
        },
    ),
    # A node that does not say since when it is was there before it was seen; of two of one name that is not known.
    "nodes": (
        [
            in_cluster("Node", "n2", metadata={"name": "ip-2"}, spec={"providerID": "aws:///us-east-1a/i-0bbb"}),
            in_cluster("Pod", "p2", metadata={"name": "train-1", "creationTimestamp": "2026-09-02T00:00:00Z"}, spec={"nodeName": "ip-2"}),
            *(in_cluster("Node", uid, metadata={"name": "ip-3"}, spec={"providerID": ""}) for uid in ("n3", "n4")),
            in_cluster("Pod", "p3", metadata={"name": "train-2", "creationTimestamp": "2026-09-02T00:00:00Z"}, spec={"nodeName": "ip-3"}),
        ],
        {
            (f"{CLUSTER}/Node/n2", "is_instance", "i-0bbb"), ("i-0bbb", "node_of", CLUSTER), (f"{CLUSTER}/Pod/p2", "runs_on_node", f"{CLUSTER}/Node/n2"),
        },
    ),
}  # fmt: skip
