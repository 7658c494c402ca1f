"""Cases of nodes, ECS, AWS Batch and HealthOmics: what pods, tasks and jobs were started for, what they run, and on which machine."""

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
    # Of a job that AWS tried again each task is the job's; the workflow that submits it calls its definition.
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
            record("stepfunctions:DescribeStateMachine", MACHINE.replace("retrain", "score"), {
                "definition": '{"States": {"A": {"Parameters": {"JobDefinition": "' + JOB_DEFINITION + '"}}, "B": {"Parameters": {"TaskDefinition": "ranker"}}}}'
            }),
        ],
        {
            (JOB, "execution_of", JOB_DEFINITION), (FIRST_TRY, "execution_of", JOB), (JOB_TASK, "execution_of", JOB),
            (JOB_TASK, "runs_on_node", JOB_HOST), (JOB, "reads", "s3://m/customers/"), (JOB_DEFINITION, "writes", "s3://m/scores/"),
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
