"""What Kubernetes writes: quantities, accelerators by the names of their plugins, what a pod reserves, when it ended."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from mlcost_assets.attribution.knowledge import provide_knowledge
from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.engine import connect
from mlcost_assets.tags.vocabulary import provide_vocabulary

Json = dict[str, Any]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    provide_vocabulary(connection, Rules())
    provide_knowledge(connection, Rules())
    yield connection
    connection.close()


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Any:
    row = connection.execute(sql, list(values)).fetchone()
    assert row
    return row[0] if len(row) == 1 else row


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4), ("500m", 0.5), ("1.5", 1.5), (".5", 0.5), ("2.", 2), ("+1", 1), ("100n", 1e-7), ("250u", 2.5e-4), ("1e3", 1000), ("12E2", 1200), ("2E", 2e18), ("1k", 1000),
        ("1Ki", 1024), ("512Mi", 2**29), ("1.5Gi", 1.5 * 2**30), ("1Ti", 2**40), ("1Pi", 2**50), ("1Ei", 2**60), ("3M", 3e6), ("3G", 3e9), ("3T", 3e12), ("3P", 3e15),
        ("", None), ("lots", None), ("1gb", None), ("1 Gi", None), ("Gi", None), (None, None),
    ],
)  # fmt: skip
def test_a_quantity_is_read_by_its_whole_grammar(
    connection: duckdb.DuckDBPyConnection, text: str, number: float
) -> None:
    assert one(connection, "SELECT quantity(?)", text) == (number if number is None else pytest.approx(number))


@pytest.mark.parametrize(
    ("requests", "accelerators"),
    [
        ({"cpu": "4", "memory": "8Gi", "vpc.amazonaws.com/efa": "4", "hugepages-2Mi": "1Gi"}, 0),
        ({"nvidia.com/gpu": "2"}, 2),
        ({"nvidia.com/gpu.shared": "1"}, 1),
        ({"nvidia.com/mig-3g.20gb": "1"}, 3 / 7),
        ({"nvidia.com/mig-1g.10gb.me": "2"}, 2 / 7),
        ({"nvidia.com/mig-1c.3g.20gb": "1"}, 3 / 7),
        ({"nvidia.com/mig-7g.40gb": "1"}, 1),
        ({"nvidia.com/gpu": "1", "nvidia.com/gpucores": "25", "nvidia.com/gpumem": "4000"}, 0.25),
        ({"nvidia.com/gpu": "2", "nvidia.com/gpumem-percentage": "50"}, 1),
        ({"volcano.sh/vgpu-number": "1", "volcano.sh/vgpu-cores": "30"}, 0.3),
        ({"aws.amazon.com/neuron": "1"}, 1),
        ({"aws.amazon.com/neurondevice": "1"}, 1),
        ({"aws.amazon.com/neuroncore": "4"}, 2),
        ({"habana.ai/gaudi": "8"}, 8),
        ({"amd.com/gpu": "1"}, 1),
        ({"gpu.intel.com/i915": "1"}, 1),
        ({"qualcomm.com/qaic": "2"}, 2),
        ({"k8s.amazonaws.com/vgpu": "5"}, 0.5),
        ({"nvidia.com/gpu": "many"}, 0),
        ({'nvidia.com/"gpu': "1"}, 0),
    ],
)
def test_an_accelerator_counts_under_the_name_of_its_plugin_and_a_slice_as_a_slice(
    connection: duckdb.DuckDBPyConnection, requests: Json, accelerators: float
) -> None:
    assert one(connection, "SELECT accelerators(CAST(? AS JSON))", json.dumps(requests)) == pytest.approx(accelerators)


def container(stays: bool = False, **requests: str) -> Json:
    return {"resources": {"requests": requests}} | ({"restartPolicy": "Always"} if stays else {})


@pytest.mark.parametrize(
    ("spec", "reserved"),
    [
        ({"containers": [container(cpu="1", memory="1Gi"), container(cpu="500m")]}, (0, 1.5, 1)),
        ({"containers": [container()]}, (0, 0, 0)),
        ({"containers": [{}], "initContainers": None}, (0, 0, 0)),
        # A limit stands for the request that is missing.
        ({"containers": [{"resources": {"limits": {"cpu": "2", "nvidia.com/gpu": "1"}, "requests": {"cpu": "1"}}}]}, (1, 1, 0)),
        # An init container that needs more than all that comes after it.
        ({"containers": [container(cpu="1")], "initContainers": [container(cpu="4"), container(cpu="2")]}, (0, 4, 0)),
        # A sidecar stays, and is beside the init containers after it.
        ({"containers": [container(cpu="1")], "initContainers": [container(True, cpu="2")]}, (0, 3, 0)),
        ({"containers": [container(cpu="1")], "initContainers": [container(True, cpu="2"), container(cpu="4")]}, (0, 6, 0)),
        ({"containers": [container(cpu="1")], "initContainers": [container(cpu="4"), container(True, cpu="2")]}, (0, 4, 0)),
        # What the pod asks for as a whole, and what its runtime takes besides.
        ({"containers": [container(False, cpu="1", **{"nvidia.com/gpu": "1"})], "resources": {"requests": {"cpu": "3"}}}, (1, 3, 0)),
        ({"containers": [container(cpu="1")], "overhead": {"cpu": "250m", "memory": "1Gi"}}, (0, 1.25, 1)),
        # A device that is claimed (DRA), however many containers use it.
        ({"containers": [container(cpu="1")], "resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": "one"}]}, (1, 1, 0)),
    ],
)  # fmt: skip
def test_a_pod_reserves_what_kubernetes_reserves_for_it(
    connection: duckdb.DuckDBPyConnection, spec: Json, reserved: tuple[float, ...]
) -> None:
    assert requests_of(connection, {"spec": spec}) == pytest.approx(reserved)


def test_a_part_of_a_gpu_that_a_scheduler_gives_is_that_part(connection: duckdb.DuckDBPyConnection) -> None:
    body = {"metadata": {"annotations": {"gpu-fraction": "0.25"}}, "spec": {"containers": [container(cpu="1")]}}
    assert requests_of(connection, body) == pytest.approx((0.25, 1, 0))


def requests_of(connection: duckdb.DuckDBPyConnection, body: Json) -> Any:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE resource_history AS SELECT 'k8s:Pod' AS kind, 'pod' AS resource_key,"
        " TIMESTAMP '2026-10-01' AS valid_from, ? AS body",
        [json.dumps(body)],
    )
    return one(connection, "SELECT accelerators, cores, gibibytes FROM pod_requests('resource_history')")


def done(at: str) -> Json:
    return {"state": {"terminated": {"finishedAt": at}}}


RUNNING: Json = {"state": {"running": {"startedAt": "2026-10-01T00:00:00Z"}}}


@pytest.mark.parametrize(
    ("status", "deleted", "ended"),
    [
        ({"phase": "Running", "containerStatuses": [RUNNING]}, None, None),
        # The first container of several is done; one that was killed starts anew.
        ({"phase": "Running", "containerStatuses": [done("2026-10-02T00:00:00Z"), RUNNING]}, None, None),
        ({"phase": "Running", "containerStatuses": [done("2026-10-02T00:00:00Z")]}, None, None),
        ({"phase": "Succeeded", "containerStatuses": [done("2026-10-02T00:00:00Z"), done("2026-10-03T00:00:00Z")]}, None, "2026-10-03"),
        ({"phase": "Failed", "initContainerStatuses": [done("2026-10-02T00:00:00Z")]}, None, "2026-10-02"),
        ({"phase": "Succeeded", "startTime": "2026-10-01T00:00:00Z"}, None, None),
        # Evicted, and no container of it is told.
        ({"phase": "Failed", "reason": "Evicted", "conditions": [{"lastTransitionTime": "2026-10-04T00:00:00Z"}]}, None, "2026-10-04"),
        ({"phase": "Failed", "reason": "Evicted", "startTime": "2026-10-01T00:00:00Z"}, None, "2026-10-01"),
        ({"phase": "Running", "containerStatuses": [RUNNING]}, "2026-10-05T00:00:00Z", "2026-10-05"),
        ({"phase": "Succeeded", "containerStatuses": [done("2026-10-02T00:00:00Z")]}, "2026-10-05T00:00:00Z", "2026-10-02"),
        # Records without a phase: when all containers are done.
        ({"containerStatuses": [done("2026-10-02T00:00:00Z"), done("2026-10-03T00:00:00Z")]}, None, "2026-10-03"),
        ({"containerStatuses": [done("2026-10-02T00:00:00Z"), RUNNING]}, None, None),
        ({}, None, None),
    ],
)  # fmt: skip
def test_a_pod_ends_with_its_last_container_and_only_when_it_is_over(
    connection: duckdb.DuckDBPyConnection, status: Json, deleted: str | None, ended: str | None
) -> None:
    body = {"metadata": {"deletionTimestamp": deleted} if deleted else {}, "status": status}
    assert one(connection, "SELECT strftime(pod_ended(?), '%Y-%m-%d')", json.dumps(body)) == ended
