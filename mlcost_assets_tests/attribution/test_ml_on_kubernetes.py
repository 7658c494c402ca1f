"""Models that only Kubernetes knows: no tag, no registry and no SageMaker resource names them."""

from typing import Any

import pytest

from mlcost_assets_tests.exports import ACCOUNT, charge
from mlcost_assets_tests.world import Record, World, record

CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/main"


def node(number: int) -> Record:
    instance = f"i-0{number:016}"
    body = {"InstanceId": instance, "PrivateDnsName": f"ip-10-0-0-{number}", "LaunchTime": "2026-10-01T00:00:00Z"}
    return record("ec2:DescribeInstances", instance, body)


def pod(name: str, on: int, owner: tuple[str, str], *, image: str, gpu: str = "", **labels: str) -> Record:
    requests: dict[str, Any] = {"cpu": "4", "memory": "8Gi"} | ({"nvidia.com/gpu": gpu} if gpu else {})
    body = {
        "metadata": {"name": name, "namespace": "work", "uid": name, "labels": labels, "creationTimestamp": "2026-10-05T00:00:00Z",
                     "ownerReferences": [{"kind": owner[0], "name": owner[1]}]},
        "spec": {"nodeName": f"ip-10-0-0-{on}", "containers": [{"image": f"reg/{image}:1", "resources": {"requests": requests}}]},
        "status": {"startTime": "2026-10-05T00:00:00Z"},
    }  # fmt: skip
    return record("k8s:Pod", f"{CLUSTER}/Pod/{name}", body, at="2026-10-06T06:00:00Z")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("kubernetes"))
    world.land(
        *[node(number) for number in range(1, 7)],
        pod("ranker-train-20261005-w0", 1, ("PyTorchJob", "ranker-train-20261005"), image="ml/ranker", gpu="1", team="search"),
        pod("ranker-6f7c9d-abcde", 2, ("ReplicaSet", "ranker-6f7c9d"), image="ml/ranker", app="ranker"),
        pod("checkout-5d8f-xyzzy", 3, ("ReplicaSet", "checkout-5d8f"), image="web/checkout", app="checkout"),
        pod("lena-try-7", 4, ("PyTorchJob", "lena-try-7"), image="lib/pytorch", gpu="1", team="search"),
        pod("iris-predictor-77c-q", 5, ("ReplicaSet", "iris-predictor-77c"), image="lib/sklearn",
            **{"serving.kserve.io/inferenceservice": "iris"}),
        *[pod(f"otter-train-x7k2p-{part}", 6, ("PyTorchJob", f"otter-train-x7k2p-{part}"), image="lib/pytorch", gpu="1", app="otter-train-x7k2p")
          for part in ("master", "worker")],
    )  # fmt: skip
    world.bill([charge(cost=10.0 * number, line_item_resource_id=f"i-0{number:016}") for number in range(1, 7)])
    world.refresh()
    return world


def owner(world: World, number: int) -> tuple[Any, ...]:
    return world.query(
        "SELECT model, team, is_ml, stage FROM attributed_costs WHERE resource_id = $instance GROUP BY ALL",
        instance=f"i-0{number:016}",
    )[0]


def test_a_job_of_a_training_operator_names_its_model_when_its_image_says_the_same(world: World) -> None:
    assert owner(world, 1) == ("ranker", "search", True, "training")


def test_what_serves_under_that_name_is_the_model_too(world: World) -> None:
    assert owner(world, 2) == ("ranker", "search", True, "inference")


def test_a_web_server_is_no_model(world: World) -> None:
    assert owner(world, 3) == (None, None, False, "other")


def test_a_job_that_somebody_tries_out_is_ml_work_but_names_no_model(world: World) -> None:
    assert owner(world, 4) == (None, "search", True, "training")


def test_an_inference_service_is_called_like_its_model(world: World) -> None:
    assert owner(world, 5)[0] == "iris"


def test_the_generated_name_of_one_run_is_no_model(world: World) -> None:
    assert owner(world, 6) == (None, None, True, "training")
