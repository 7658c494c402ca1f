"""Clusters: AWS's split cost where there is any, else what pods request and how long they ran."""

from typing import Any

from mlcost_assets_tests.attribution.scenarios import Paid, billed, cluster_arn, given, instance, pod, sagemaker_record
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import record

CPU_4 = {"cpu": "4", "memory": "0"}


def node(id_: str, cost: float, **more: Any) -> Row:
    return charge(cost=cost, line_item_resource_id=id_, **more)


def split(id_: str, cluster: str, path: str, cost: float, unused: float = 0.0, **tags: str) -> Row:
    """A split-cost row of the pod `path` (namespace/pod/uid) on the instance `id_`."""
    return charge(
        cost=0.0, line_item_operation="EKSPod-EC2", line_item_usage_type="USE1-EKS-EC2-vCPU-Hours",
        line_item_resource_id=cluster_arn(cluster).replace(":cluster/", ":pod/") + f"/{path}",
        split_line_item_parent_resource_id=id_, split_line_item_split_cost=cost, split_line_item_unused_cost=unused,
        resource_tags={f"user_{key}": value for key, value in tags.items()},
    )  # fmt: skip


given(
    rules="""
    workloads:
      - {model: gannet, team: cliffs}
      - {model: fulmar, team: ocean}
      - {model: shearwater, team: ocean}
    """
)

# AWS divides the instance's cost itself.
given(
    billed=[
        node("i-0c00000000000001", 10.0),
        split("i-0c00000000000001", "scad", "serving/gannet-api-1/u-1", 3.0, 2.0, app_kubernetes_io_name="gannet"),
        split("i-0c00000000000001", "scad", "serving/fulmar-api-1/u-2", 4.0, 1.0, app_kubernetes_io_name="fulmar"),
    ],
)


def test_split_cost_rows_replace_their_instances_row(paid: Paid) -> None:
    assert paid("i-0c00000000000001", "model, method") == {("gannet", "kubernetes"): 5, ("fulmar", "kubernetes"): 5}
    assert paid.of("resource_id LIKE '%:pod/scad/%'") == {}


# Some exports tell what no pod used by a row of its own.
given(
    billed=[
        node("i-0c00000000000020", 10.0),
        split("i-0c00000000000020", "scad", "serving/gannet-api-2/u-3", 2.0, app_kubernetes_io_name="gannet"),
        split("i-0c00000000000020", "scad", "serving/fulmar-api-2/u-4", 2.0, app_kubernetes_io_name="fulmar"),
        split("i-0c00000000000020", "scad", "Unused/Unused/Unused", 6.0),
    ],
)


def test_what_no_pod_used_goes_along(paid: Paid) -> None:
    assert paid("i-0c00000000000020") == {"gannet": 5, "fulmar": 5}


# Pods × requests × time; an accelerator weighs 9, a vCPU 0.9, a GiB 0.1.
given(
    instance("i-0c00000000000002", name="ip-10-1-0-2"),
    pod("plain", "gannet-1", "ip-10-1-0-2", requests={"cpu": "2", "memory": "2Gi"}, labels={"app.kubernetes.io/name": "gannet"}),
    pod("plain", "fulmar-1", "ip-10-1-0-2", requests={"nvidia.com/gpu": "1", "cpu": "0", "memory": "0"}, labels={"app.kubernetes.io/name": "fulmar"}),
    billed=[node("i-0c00000000000002", 11.0, line_item_usage_type="BoxUsage:g5.xlarge")],
)  # fmt: skip


def test_a_node_is_divided_by_requests_as_aws_weighs_them(paid: Paid) -> None:
    assert paid("i-0c00000000000002", "model, method") == {("gannet", "kubernetes"): 2, ("fulmar", "kubernetes"): 9}


given(
    instance("i-0c00000000000003", name="ip-10-1-0-3"),
    pod("plain", "gannet-2", "ip-10-1-0-3", requests=CPU_4, labels={"app.kubernetes.io/name": "gannet"}),
    pod("plain", "fulmar-2", "ip-10-1-0-3", requests=CPU_4, labels={"app.kubernetes.io/name": "fulmar"}, start="2026-10-05T06:00:00Z", end="2026-10-05T14:00:00Z"),
    billed=[node("i-0c00000000000003", 24.0)],
)  # fmt: skip


def test_a_node_is_divided_by_the_time_that_pods_ran_and_idle_time_goes_along(paid: Paid) -> None:
    assert paid("i-0c00000000000003") == {"gannet": 18, "fulmar": 6}


# Airflow starts pods that nothing owns.
given(
    instance("i-0c00000000000030", name="ip-10-1-0-30"),
    pod("bare", "gannet-30", "ip-10-1-0-30", requests=CPU_4, labels={"app.kubernetes.io/name": "gannet"}, owner=None),
    billed=[node("i-0c00000000000030", 3.0)],
)  # fmt: skip


def test_a_pod_that_nothing_owns_pays_like_any_other(paid: Paid) -> None:
    assert paid("i-0c00000000000030") == {"gannet": 3}


# A node whose record does not say which instance it is has that instance's host name.
given(
    instance("i-0c00000000000031", name="ip-10-1-0-31"),
    record("k8s:Node", f"{cluster_arn('bare')}/Node/n-31", {"metadata": {"name": "ip-10-1-0-31", "creationTimestamp": "2026-10-01T00:00:00Z"}, "spec": {}}),
    pod("bare", "gannet-31", "ip-10-1-0-31", requests=CPU_4, labels={"app.kubernetes.io/name": "gannet"}),
    billed=[node("i-0c00000000000031", 4.0)],
)  # fmt: skip


def test_a_node_that_names_no_instance_is_known_by_its_host_name(paid: Paid) -> None:
    assert paid("i-0c00000000000031") == {"gannet": 4}


# DaemonSets and system namespaces weigh nothing where others ran.
given(
    instance("i-0c00000000000004", name="ip-10-1-0-4"),
    pod("plain", "gannet-3", "ip-10-1-0-4", requests=CPU_4, labels={"app.kubernetes.io/name": "gannet"}),
    pod(
        "plain",
        "exporter-1",
        "ip-10-1-0-4",
        requests=CPU_4,
        owner=("DaemonSet", "node-exporter"),
        namespace="observability",
    ),
    pod("plain", "coredns-1", "ip-10-1-0-4", requests=CPU_4, namespace="kube-system"),
    billed=[node("i-0c00000000000004", 7.0)],
)


def test_daemon_sets_and_system_pods_are_shared_by_the_work_on_the_node(paid: Paid) -> None:
    assert paid("i-0c00000000000004") == {"gannet": 7}


# A day without pods goes to the team that owns the cluster (docs/contract.md#idle-time-of-a-node).
given(
    record("eks:DescribeCluster", cluster_arn("quiet"), {"cluster": {"name": "quiet", "createdAt": "2026-01-01T00:00:00Z"}}, tags={"team": "harbour"}),
    record("k8s:Node", f"{cluster_arn('quiet')}/Node/n-5", {"metadata": {"name": "ip-10-1-0-5", "creationTimestamp": "2026-10-01T00:00:00Z"},
           "spec": {"providerID": "aws:///us-east-1a/i-0c00000000000005"}}),
    pod("quiet", "coredns-2", "ip-10-1-0-5", requests=CPU_4, namespace="kube-system"),
    instance("i-0c00000000000005", name="ip-10-1-0-5", tags={"aws:eks:cluster-name": "quiet", "kubernetes.io/cluster/quiet": "owned"}),
    billed=[node("i-0c00000000000005", 5.0)],
)  # fmt: skip


def test_a_node_without_work_is_platform_of_the_team_that_owns_the_cluster(paid: Paid) -> None:
    assert paid("i-0c00000000000005", "model, team, stage") == {(None, "harbour", "platform"): 5}


# HyperPod's nodes are billed as one cluster under SageMaker; EKS places the pods.
given(
    sagemaker_record("Cluster", "cluster/hp0000000001", ClusterName="gpu-hub", Orchestrator={"Eks": {"ClusterArn": cluster_arn("hub")}}),
    [record("k8s:Node", f"{cluster_arn('hub')}/Node/n-{number}", {
        "metadata": {"name": f"hyperpod-i-0c0000000000001{number}", "creationTimestamp": "2026-10-01T00:00:00Z", "labels": {"node.kubernetes.io/instance-type": "ml.g5.12xlarge"}},
        "spec": {"providerID": f"aws:///use1-az2/sagemaker/cluster/hyperpod-hp0000000001-i-0c0000000000001{number}"}}) for number in (1, 2)],
    pod("hub", "train-gannet-7-worker-0", "hyperpod-i-0c00000000000011", requests={"nvidia.com/gpu": "4"}, owner=("PyTorchJob", "train-gannet-7")),
    pod("hub", "train-fulmar-8-worker-0", "hyperpod-i-0c00000000000012", requests={"nvidia.com/gpu": "2"}, owner=("PyTorchJob", "train-fulmar-8"), end="2026-10-05T06:00:00Z"),
    billed=[sagemaker("Cluster:ml.g5.12xlarge", "cluster/hp0000000001", 20.0)],
)  # fmt: skip


def test_a_hyperpod_cluster_is_shared_by_the_jobs_on_its_nodes(paid: Paid) -> None:
    assert paid("cluster/hp0000000001", "model, stage, is_ml") == {
        ("gannet", "training", True): 10,
        ("fulmar", "training", True): 10,
    }


# Another, whose pods nobody ever saw: EKS was denied, or never asked.
given(
    sagemaker_record("Cluster", "cluster/hp0000000002", ClusterName="unseen-hub", Orchestrator={"Eks": {"ClusterArn": cluster_arn("unseen")}}),
    billed=[sagemaker("Cluster:ml.g5.12xlarge", "cluster/hp0000000002", 7.0)],
)  # fmt: skip


def test_a_hyperpod_cluster_whose_pods_nobody_saw_is_training_of_nobody_known(paid: Paid) -> None:
    assert paid("hp0000000002", "model, stage") == {(None, "training"): 7}


# Spot nodes of a custom scheduler: no tags at all, pods placed by it; the node's own object tells the instance.
given(
    record("k8s:Node", f"{cluster_arn('spot')}/Node/n-6", {"metadata": {"name": "gpu-worker-6", "creationTimestamp": "2026-10-01T00:00:00Z"},
           "spec": {"providerID": "aws:///us-east-1a/i-0c00000000000006"}}),
    pod("spot", "train-gannet-42-worker-0", "gpu-worker-6", requests={"nvidia.com/gpu": "4"}, owner=("PyTorchJob", "train-gannet-42"),
        schedulerName="volcano-custom", labels={"training.kubeflow.org/job-name": "train-gannet-42"}),
    billed=[node("i-0c00000000000006", 6.0, line_item_usage_type="SpotUsage:g5.12xlarge", line_item_operation="RunInstances:SV001")],
)  # fmt: skip


def test_an_untagged_spot_node_belongs_to_the_job_whose_pods_ran_there(paid: Paid) -> None:
    assert paid("i-0c00000000000006", "model, team, stage, is_ml") == {("gannet", "cliffs", "training", True): 6}


# Node pools tell whom their nodes are for, where no pod is known.
given(
    billed=[
        node("i-0c00000000000007", 3.0, resource_tags={"user_karpenter_sh_nodepool": "shearwater-gpu"}),
        node("i-0c00000000000008", 4.0, resource_tags={"user_eks_nodegroup_name": "shearwater-inference"}),
        node("i-0c00000000000009", 5.0, resource_tags={"user_karpenter_sh_nodepool": "general-purpose"}),
    ],
)


def test_a_node_pool_that_is_named_after_a_model_tells_whose_its_nodes_are(paid: Paid) -> None:
    assert paid("i-0c00000000000007") == {"shearwater": 3}
    assert paid("i-0c00000000000008") == {"shearwater": 4}


def test_a_pool_for_everybody_tells_nothing(paid: Paid) -> None:
    assert paid("i-0c00000000000009", "model, is_ml") == {(None, False): 5}


# Fargate pods are billed by themselves; their rows count.
given(
    billed=[
        billed("AmazonEKS", "USE1-Fargate-vCPU-Hours:perCPU", f"{cluster_arn('fargate').replace(':cluster/', ':pod/')}/serving/fulmar-api-77/u-9", 2.0,
               operation="FargatePod", resource_tags={"aws_eks_namespace": "serving", "user_app_kubernetes_io_name": "fulmar"}),
    ],
)  # fmt: skip


def test_a_fargate_pod_is_paid_by_its_own_rows(paid: Paid) -> None:
    assert paid("fulmar-api-77/u-9", "model, team") == {("fulmar", "ocean"): 2}


# The control plane is shared by what runs on the cluster.
given(
    record(
        "eks:DescribeCluster", cluster_arn("plain"), {"cluster": {"name": "plain", "createdAt": "2026-01-01T00:00:00Z"}}
    ),
    billed=[billed("AmazonEKS", "USE1-AmazonEKS-Hours:perCluster", cluster_arn("plain"), 48.0)],
)


def test_a_control_plane_is_shared_by_what_its_pods_cost(paid: Paid) -> None:
    # gannet 2 + 18 + 7 on its nodes and 6 beside them, fulmar 9 + 6.
    assert paid("cluster/plain", "model, stage, method") == {
        ("gannet", "platform", "proportional"): 33,
        ("fulmar", "platform", "proportional"): 15,
    }


# A volume of a claim goes where the pods that use it go; its snapshots with it.
given(
    record("k8s:PersistentVolume", f"{cluster_arn('plain')}/PersistentVolume/pv-1", {
        "metadata": {"name": "pv-1", "creationTimestamp": "2026-10-01T00:00:00Z"},
        "spec": {"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0c00000000000001"}, "claimRef": {"namespace": "work", "name": "cache"}}}),
    pod("plain", "gannet-4", "ip-10-1-0-2", requests={"cpu": "0", "memory": "0"}, labels={"app.kubernetes.io/name": "gannet"},
        start="2026-10-04T00:00:00Z", end="2026-10-04T01:00:00Z", volumes=[{"persistentVolumeClaim": {"claimName": "cache"}}]),
    record("ec2:DescribeSnapshots", "snap-0c00000000000001", {"SnapshotId": "snap-0c00000000000001", "VolumeId": "vol-0c00000000000001", "StartTime": "2026-10-02T00:00:00Z"}),
    billed=[
        charge(cost=2.0, line_item_resource_id="vol-0c00000000000001", line_item_usage_type="EBS:VolumeUsage.gp3"),
        charge(cost=1.0, line_item_resource_id="arn:aws:ec2:us-east-1:222222222222:snapshot/snap-0c00000000000001", line_item_usage_type="EBS:SnapshotUsage"),
    ],
)  # fmt: skip


def test_a_persistent_volume_goes_where_its_pods_go(paid: Paid) -> None:
    assert paid("vol-0c00000000000001", "model, stage") == {("gannet", "storage"): 2}


def test_a_snapshot_goes_where_its_volume_went(paid: Paid) -> None:
    assert paid("snap-0c00000000000001", "model, stage") == {("gannet", "storage"): 1}


# A load balancer that a service made.
given(
    pod("plain", "gannet-5", "ip-10-1-0-2", requests={"cpu": "0", "memory": "0"}, labels={"app.kubernetes.io/name": "gannet", "app": "gannet-web"},
        start="2026-10-04T00:00:00Z", end="2026-10-04T01:00:00Z"),
    record("k8s:Service", f"{cluster_arn('plain')}/Service/s-1", {
        "metadata": {"name": "gannet-web", "namespace": "work", "creationTimestamp": "2026-10-01T00:00:00Z"}, "spec": {"selector": {"app": "gannet-web"}},
        "status": {"loadBalancer": {"ingress": [{"hostname": "k8s-work-gannetwe-0a1b2c-d4e5f6.elb.us-east-1.amazonaws.com"}]}}}),
    record("elbv2:DescribeLoadBalancers", "arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/net/k8s-work-gannetwe-0a1b2c/d4e5f6",
           {"LoadBalancerName": "k8s-work-gannetwe-0a1b2c", "DNSName": "k8s-work-gannetwe-0a1b2c-d4e5f6.elb.us-east-1.amazonaws.com", "TargetGroups": []}),
    billed=[billed("AWSELB", "LoadBalancerUsage", "arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/net/k8s-work-gannetwe-0a1b2c/d4e5f6", 3.0)],
)  # fmt: skip


def test_a_services_load_balancer_belongs_to_the_pods_that_it_selects(paid: Paid) -> None:
    assert paid("k8s-work-gannetwe-0a1b2c/d4e5f6", "model, stage") == {("gannet", "networking"): 3}
