"""What runs in clusters, from a real HTTPS server that answers as the Kubernetes API does."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mlcost_assets_tests.collect.conftest import Collecting
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, FakeAws, denied
from mlcost_assets_tests.collect.local_server import Asked, LocalServer

ARN = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/prod"


def pod(uid: str) -> dict[str, Any]:
    return {
        "metadata": {"uid": uid, "name": f"pod-{uid}", "namespace": "ml", "managedFields": [{"manager": "kubelet"}]},
        "spec": {"containers": [{"name": "main", "env": [{"name": "API_KEY", "value": "hush"}]}]},
    }


class Cluster:
    """Two pages of pods and one of everything else."""

    def __init__(self) -> None:
        self.refused: set[str] = set()

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        _, path, given, _ = asked
        kind = path.rpartition("/")[2]
        if kind in self.refused:
            return 403, {"kind": "Status", "message": f"{kind} is forbidden"}
        if kind == "pods" and "continue" not in given:
            return 200, {"metadata": {"continue": "next"}, "items": [pod("a"), pod("b")]}
        items = [pod("c")] if kind == "pods" else [{"metadata": {"uid": kind, "name": kind}}]
        return 200, {"metadata": {}, "items": items}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def server(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    server = LocalServer(cluster, tls=tmp_path_factory.mktemp("tls"))
    yield server
    server.stop()


@pytest.fixture
def looking(aws: FakeAws, installed: Collecting, server: LocalServer) -> Collecting:
    """An installation with two clusters, of which one is looked into."""
    aws.made_up = False
    listed = {"name": "prod", "arn": ARN, "status": "ACTIVE", "endpoint": server.url,
              "certificateAuthority": {"data": server.authority}}  # fmt: skip
    aws.answers |= {
        "eks:ListClusters": {"clusters": ["prod", "sandbox"]},
        "eks:DescribeCluster": lambda asked: {"cluster": listed | {"name": asked["name"]}},
    }
    installed.configure()
    file = installed.folder / "mlcost.yaml"
    file.write_text(file.read_text().replace("kubernetes: []", "kubernetes: [pro*]"))
    return installed


def test_objects_of_all_pages_land_by_cluster_and_uid(looking: Collecting) -> None:
    assert looking.collect("k8s").failures == []
    assert [one["id"] for one in looking.records("k8s:Pod")] == [f"{ARN}/Pod/{uid}" for uid in "abc"]
    for kind in ("Node", "Namespace", "PersistentVolume", "Service"):
        (one,) = looking.records(f"k8s:{kind}")
        assert one["body"]["kind"] == kind
    (first, *_) = looking.records("k8s:Pod")
    assert first["tags"] is None
    assert first["body"]["apiVersion"] == "v1"
    assert "managedFields" not in first["body"]["metadata"]
    assert first["body"]["spec"]["containers"][0]["env"] == [{"name": "API_KEY", "value": "***"}]


def test_a_look_into_a_cluster_speaks_of_that_cluster_only(looking: Collecting) -> None:
    looking.collect("k8s")
    looks = [one["body"] for one in looking.records("mlcost:Snapshot")]
    assert {(look["kind"], look["scope"], look["complete"]) for look in looks} == {
        (f"k8s:{kind}", ARN, True) for kind in ("Pod", "Node", "Namespace", "PersistentVolume", "Service")
    }


def test_the_token_is_a_signed_request_that_names_the_cluster(looking: Collecting, server: LocalServer) -> None:
    looking.collect("k8s")
    (token,) = {headers["Authorization"] for *_, headers in server.asked}
    scheme, _, text = token.partition(" ")
    assert scheme == "Bearer"
    assert text.startswith("k8s-aws-v1.")
    packed = text.removeprefix("k8s-aws-v1.")
    url = urlsplit(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode())
    signed = parse_qs(url.query)
    assert url.netloc == "sts.us-east-1.amazonaws.com"
    assert signed["Action"] == ["GetCallerIdentity"]
    assert "x-k8s-aws-id" in signed["X-Amz-SignedHeaders"][0]


def test_what_the_role_may_not_list_leaves_the_rest(looking: Collecting, cluster: Cluster) -> None:
    cluster.refused = {"nodes"}
    outcome = looking.collect("k8s")
    assert len(outcome.failures) == 1
    assert f"{ARN} k8s:Node" in outcome.failures[0]
    assert len(looking.records("k8s:Pod")) == 3


def test_a_cluster_that_cannot_be_reached_or_trusted_is_reported(
    looking: Collecting, aws: FakeAws, server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = LocalServer(lambda _: (200, {}), tls=tmp_path_factory.mktemp("other"))
    known = {"name": "prod", "arn": ARN, "status": "ACTIVE", "certificateAuthority": {"data": other.authority}}
    other.stop()
    for endpoint in (server.url, other.url):
        aws.answers["eks:DescribeCluster"] = {"cluster": known | {"endpoint": endpoint}}
        outcome = looking.collect("k8s")
        assert len(outcome.failures) == 5
        assert all("k8s:" in line for line in outcome.failures)
    assert looking.records("k8s:Pod") == []


def test_clusters_that_cannot_be_listed_are_reported(looking: Collecting, aws: FakeAws) -> None:
    aws.answers["eks:ListClusters"] = denied()
    (failure,) = looking.collect("k8s").failures
    assert failure.startswith(f"{ACCOUNT} us-east-1 k8s: ListClusters is denied")


def test_no_cluster_is_looked_into_where_none_is_wanted(
    looking: Collecting, server: LocalServer, tmp_path: Path
) -> None:
    file = looking.folder / "mlcost.yaml"
    file.write_text(file.read_text().replace("[pro*]", "[]"))
    assert looking.collect("k8s").snapshots == []
    assert server.asked == []
