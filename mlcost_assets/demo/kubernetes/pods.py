"""Pods as the Kubernetes API shows them, and as split cost allocation data counts them."""

import re
from typing import Any

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.kubernetes.cluster import Cluster, Node, Pod
from mlcost_assets.demo.money.ledger import Placement
from mlcost_assets.demo.world.world import World

# A deployment's pods belong to its replica set; other pods belong to what made them.
_OWNER_KINDS = {"Deployment": "ReplicaSet"}


def record_pod(world: World, cluster: Cluster, node: Node, pod: Pod) -> None:
    """Record a pod; that of a job also after it has finished."""
    pod_id = f"{cluster.arn}/Pod/{pod.uid}"
    versions = [(pod.start, _object(pod, node.name))]
    gone = pod.end
    if pod.finishes:
        done = _object(pod, node.name)
        started, finished = iso(pod.start), iso(pod.end)
        done["status"] = {
            "phase": "Succeeded",
            "startTime": started,
            "containerStatuses": [
                {
                    "name": "main",
                    "state": {"terminated": {"exitCode": 0, "startedAt": started, "finishedAt": finished}},
                }
            ],
        }
        versions.append((pod.end, done))
        gone = min(pod.end + DAY, node.end)
    pod.key = world.record("k8s:Pod", pod_id, cluster.account, cluster.region, versions, gone=gone, tags=None)


def _object(pod: Pod, node_name: str) -> dict[str, Any]:
    """Write a pod as the Kubernetes API does."""
    workload = pod.workload
    requests = {"cpu": f"{int(workload.vcpu * 1000)}m", "memory": f"{int(workload.memory * 1024)}Mi"}
    if workload.gpus:
        requests["nvidia.com/gpu"] = str(workload.gpus)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": pod.name,
            "namespace": workload.namespace,
            "uid": pod.uid,
            "labels": dict(workload.labels),
            "creationTimestamp": iso(pod.start),
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "kind": _OWNER_KINDS.get(workload.controller, workload.controller),
                    "name": pod.name.rsplit("-", 1)[0],
                    "controller": True,
                }
            ],
        },
        "spec": {
            "nodeName": node_name,
            "serviceAccountName": workload.name,
            "containers": [
                {
                    "name": "main",
                    "image": workload.image,
                    "resources": {"requests": requests, "limits": requests},
                }
            ],
            "volumes": [{"name": "cache", "persistentVolumeClaim": {"claimName": workload.claim}}]
            if workload.claim
            else [],
        },
        "status": {"phase": "Running", "startTime": iso(pod.start)},
    }


def split_cost(world: World, cluster: Cluster, node: Node) -> None:
    """Place the pods of a node for split cost allocation data."""
    for pod in node.pods:
        workload = pod.workload
        start, end = world.window.clip(pod.start, pod.end)
        if end <= start:
            continue
        name = f"pod/{cluster.name}/{workload.namespace}/{pod.name}/{pod.uid}"
        world.ledger.placements.append(
            Placement(
                node.instance_id,
                world.arn("eks", cluster.account, cluster.region, name),
                start,
                end,
                workload.vcpu,
                workload.memory,
                workload.gpus,
                tuple(_billed_tags(world, cluster, node, pod).items()),
            )
        )


def _billed_tags(world: World, cluster: Cluster, node: Node, pod: Pod) -> dict[str, str]:
    workload = pod.workload
    tags = {
        "aws_eks_cluster_name": cluster.name,
        "aws_eks_namespace": workload.namespace,
        "aws_eks_node": node.name,
        "aws_eks_workload_name": workload.name,
        "aws_eks_workload_type": workload.controller,
    }
    if workload.controller == "Deployment":
        tags["aws_eks_deployment"] = workload.name
    if world.imports_labels:
        tags |= {f"user_{re.sub('[/.-]', '_', key)}": value for key, value in workload.labels}
    return tags
