"""Every tag seen anywhere is an observation: key and value as written, where, when, how often, how many dollars; and
where an environment is read from."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/serving"


def pod(uid: str, namespace: str, **labels: str) -> Record:
    metadata = {
        "name": f"ranker-{uid}",
        "namespace": namespace,
        "uid": uid,
        "creationTimestamp": "2026-10-05T00:00:00Z",
    }
    body = {"metadata": metadata | {"labels": labels}, "status": {"startTime": "2026-10-05T00:00:00Z"}}
    return record("k8s:Pod", f"{CLUSTER}/Pod/{uid}", body)


LABELS = {"team": "Search", "app": "ranker", "topology.kubernetes.io/zone": "a"}
RUN = {
    "info": {"run_id": "r1"},
    "data": {"tags": [{"key": "team", "value": "search"}, {"key": "mlflow.user", "value": "ada"}]},
}
ACTIVE = {"TagKey": "Team", "Type": "UserDefined", "Status": "Active", "LastUpdatedDate": "2026-10-01T00:00:00Z"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("observations"))
    world.bill(
        [
            charge(cost=7.0, line_item_resource_id="i-1", resource_tags={"user_team": "Search"},
                   tags={"accountTag/env": "sbx", "iamPrincipal/squad": "Search"}, cost_category={"Team": "Search Inc"}),
            charge(cost=5.0, line_item_resource_id="i-2"),
            charge(line_item_resource_id="i-3", resource_tags={"user_deployment_env": "acme-UAT-eu"}),
            sagemaker("Host:ml.m5.large", "endpoint/ranker-prd"),
            sagemaker("Host:ml.m5.large", "endpoint/ranker"),
            charge(line_item_resource_id=f"arn:aws:eks:us-east-1:{ACCOUNT}:pod/serving/ranking-stg/ranker-2/2",
                   line_item_product_code="AmazonEKS", product_servicecode="AmazonEKS", line_item_operation="FargatePod",
                   line_item_usage_type="USE1-Fargate-vCPU-Hours:perCPU"),
        ]
    )  # fmt: skip
    world.land(
        record("ec2:DescribeInstances", "i-1", {"InstanceId": "i-1"}, tags={"Team": "Search"}),
        record("ec2:DescribeInstances", "i-2", {"InstanceId": "i-2"}, tags={"owning-team": "Search"}),
        record("organizations:DescribeAccount", ACCOUNT, {"Account": {"Name": "lab"}}, tags={"Environment": "Sandbox"}),
        pod("1", "search", **LABELS),
        pod("2", "ranking-stg"),
        record("mlflow:Run", "r1", RUN),
        record("mlflow:RegisteredModel", "ranker", {"name": "ranker"}),
        record("cicd:Deployment", "d1", {"provider": "github", "occurred_at": "2026-10-04T00:00:00Z", "team": "search", "ref": "refs/heads/production",
                                          "resources": [arn("endpoint/ranker")]}),
        record("sagemaker:DescribePipeline", arn("pipeline/rank"), {"PipelineName": "rank"}),
        record("ce:ListCostAllocationTags", "111111111111/cost-allocation-tag/UserDefined/Team", ACTIVE),
    )  # fmt: skip
    world.refresh()
    return world


SEEN = [
    ("bill", "team", "Search", 1, 7, 7, "2026-10-05"),
    ("account", "accountTag/env", "sbx", 1, 7, 7, "2026-10-05"),
    ("iam principal", "iamPrincipal/squad", "Search", 1, 7, 7, "2026-10-05"),
    ("cost category", "costCategory/Team", "Search Inc", 1, 0, 7, "2026-10-05"),
    ("api", "Team", "Search", 1, 0, 7, "2026-10-05"),
    ("api", "owning-team", "Search", 1, 0, 5, "2026-10-05"),
    ("account", "Environment", "Sandbox", 1, 0, 16, "2026-10-05"),
    ("kubernetes", "label/team", "Search", 1, 0, 0, "2026-10-05"),
    ("kubernetes", "kubernetes:Namespace", "search", 1, 0, 0, "2026-10-05"),
    ("mlflow", "mlflow/team", "search", 1, 0, 0, "2026-10-05"),
    ("ci", "cicd:team", "search", 1, 0, 0, "2026-10-05"),
    ("name", "sagemaker:PipelineName", "rank", 1, 0, 0, "2026-10-05"),
    ("name", "mlflow:RegisteredModel", "ranker", 1, 0, 0, "2026-10-05"),
]


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: seen[1])
def test_a_tag_is_counted_where_it_stands(world: World, seen: tuple[str, str, str, int, int, int, str]) -> None:
    place, key, value, carriers, billed, cost, day = seen
    rows = world.query(
        "SELECT resources, effective_cost, carrier_cost, first_seen FROM tag_observations"
        " WHERE seen_in = $place AND tag_key = $key AND tag_value = $value",
        place=place, key=key, value=value,
    )  # fmt: skip
    assert rows == [(carriers, Decimal(billed), Decimal(cost), day)]


KEYS = [
    ("team", "team", "known key", True),
    ("Team", "team", "known key", True),
    ("owning-team", "team", "known key", None),
    ("costCategory/Team", "team", "known key", None),
    ("iamPrincipal/squad", "team", "known key", None),
    ("label/team", "team", "known key", None),
    ("label/app", None, "names a workload of Kubernetes", None),
    ("kubernetes:Namespace", None, "names a workload of Kubernetes", None),
    ("label/topology.kubernetes.io/zone", None, "set by a service", None),
    ("mlflow/mlflow.user", None, "set by a service", None),
    ("mlflow:RegisteredModel", "model", "known key", None),
    ("accountTag/env", "environment", "known key", None),
]


@pytest.mark.parametrize(("key", "dimension", "how", "activated"), KEYS)
def test_the_decision_for_a_key_is_shown(
    world: World, key: str, dimension: str | None, how: str, activated: bool | None
) -> None:
    rows = world.query("SELECT dimension, how, activated FROM tag_keys WHERE tag_key = $key", key=key)
    assert rows == [(dimension, how, activated)]


def test_all_mean_one_team(world: World) -> None:
    names = world.query(
        "SELECT DISTINCT canonical_value FROM tag_values WHERE dimension = 'team' AND tag_value ILIKE 'search'"
    )
    assert names == [("search",)]


@pytest.mark.parametrize(("key", "value"), [("accountTag/env", "sbx"), ("Environment", "Sandbox")])
def test_a_sandbox_is_development(world: World, key: str, value: str) -> None:
    sql = "SELECT canonical_value, how FROM tag_values WHERE tag_key = $key AND tag_value = $value"
    assert world.query(sql, key=key, value=value) == [("dev", "environment spelling")]


ENVIRONMENTS = [
    ("tag", "i-3", "staging"),
    ("account", "i-1", "dev"),
    ("name", arn("endpoint/ranker-prd"), "prod"),
    ("namespace", f"arn:aws:eks:us-east-1:{ACCOUNT}:pod/serving/ranking-stg/ranker-2/2", "staging"),
    ("branch", arn("endpoint/ranker"), "prod"),
]


@pytest.mark.parametrize(("source", "resource", "environment"), ENVIRONMENTS)
def test_an_environment_is_read_from(world: World, source: str, resource: str, environment: str) -> None:
    rows = world.query("SELECT DISTINCT environment FROM attributed_costs WHERE resource_id = $id", id=resource)
    assert rows == [(environment,)], source
