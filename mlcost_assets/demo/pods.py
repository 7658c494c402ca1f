"""Pods as the Kubernetes API shows them."""

from typing import Any

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.nodes import Cluster, Node, Pod
from mlcost_assets.demo.world import World


def record_pod(world: World, cluster: Cluster, node: Node, pod: Pod) -> None:
    """Record a pod; that of a job also after it has finished."""
    pod_id = f"{cluster.arn}/Pod/{pod.uid}"
    pod.key = f"k8s:Pod {pod_id}"
    running = pod_body(pod, node.name)
    versions = [(pod.start, running)]
    gone = pod.end
    if pod.finishes:
        done = pod_body(pod, node.name)
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
    world.record("k8s:Pod", pod_id, cluster.account, cluster.region, versions, gone=gone, tags=None)


_KINDS = {"Deployment": "ReplicaSet"}


def pod_body(pod: Pod, node_name: str) -> dict[str, Any]:
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
                    "kind": _KINDS.get(workload.controller, workload.controller),
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
