"""How other houses name, tag and connect their things; hardly one has a model registry that says what a resource is."""

from collections.abc import Iterable
from typing import Any

import pytest

from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/house"


def described(kind: str, resource: str, tags: dict[str, str] | None = None, **body: Any) -> Record:
    return record(
        f"sagemaker:Describe{kind}", arn(resource), {"CreationTime": "2026-10-01T00:00:00Z"} | body, tags=tags
    )


def training(name: str, artifact: str, tags: dict[str, str] | None = None, image: str = "lib/pytorch") -> Record:
    return described(
        "TrainingJob", f"training-job/{name}", tags, TrainingJobName=name,
        ModelArtifacts={"S3ModelArtifacts": artifact},
        AlgorithmSpecification={"TrainingImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/{image}:1"},
    )  # fmt: skip


def served(
    name: str, model: str, artifact: str, tags: dict[str, str] | None = None, model_tags: dict[str, str] | None = None
) -> Iterable[Record]:
    yield described("Model", f"model/{model}", model_tags, ModelName=model, PrimaryContainer={"ModelDataUrl": artifact})
    variant = {"VariantName": "all", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    yield described("EndpointConfig", f"endpoint-config/{name}", EndpointConfigName=name, ProductionVariants=[variant])
    yield described("Endpoint", f"endpoint/{name}", tags, EndpointName=name, EndpointConfigName=name)


def pod(name: str, owner: tuple[str, str], image: str, **labels: str) -> Iterable[Record]:
    instance = f"i-{name.encode().hex():0>17}"[:2] + f"{name.encode().hex():0>17}"[-17:]
    yield record("ec2:DescribeInstances", instance, {"InstanceId": instance, "PrivateDnsName": f"host-{name}",
                                                     "LaunchTime": "2026-10-01T00:00:00Z"})  # fmt: skip
    body = {
        "metadata": {"name": name, "namespace": "work", "uid": name, "labels": labels, "creationTimestamp": "2026-10-05T00:00:00Z",
                     "ownerReferences": [{"kind": owner[0], "name": owner[1]}]},
        "spec": {"nodeName": f"host-{name}", "containers": [{"image": f"reg/{image}:1", "resources": {"requests": {"cpu": "4", "nvidia.com/gpu": "1"}}}]},
        "status": {"startTime": "2026-10-05T00:00:00Z"},
    }  # fmt: skip
    yield record("k8s:Pod", f"{CLUSTER}/Pod/{name}", body, at="2026-10-06T06:00:00Z")


def host(name: str) -> str:
    return f"i-{name.encode().hex():0>17}"[:2] + f"{name.encode().hex():0>17}"[-17:]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("houses"))
    churn, fraud = {"model": "churn-forecast"}, {"model": "fraud-rules"}
    world.land(
        # Two models that several things are tagged with; an endpoint of one carries the other's tag.
        training("churn-forecast-2026-10-01", "s3://house/churn-forecast/1/model.tar.gz", churn),
        training("fraud-rules-2026-10-01", "s3://house/fraud-rules/1/model.tar.gz", fraud),
        training("fraud-rules-2026-10-02", "s3://house/fraud-rules/2/model.tar.gz", fraud),
        *served("churn-forecast-live", "churn-forecast-1", "s3://house/churn-forecast/1/model.tar.gz", fraud),
        # A tag that only the name contradicts stands: people rename models and keep endpoints.
        *served("fraud-rules-old", "m-9f31c2", "s3://elsewhere/x/y/model.tar.gz", churn),
        # Jobs called by a UUID, tied to their model by the artifact alone.
        training("3f2b9c1e-1111-4222-8333-444455556666", "s3://house/runs/3f2b/model.tar.gz"),
        *served("tmp-77", "fraud-rules-canary", "s3://house/runs/3f2b/model.tar.gz"),
        # The model in the middle of the name, in camel case, behind its team.
        training("riskTeam-FraudRules-Trainer-eu", "s3://house/t/1/model.tar.gz"),
        # Tags with the wrong case and trailing blanks.
        training("job-a", "s3://house/a/1/model.tar.gz", {"Model": "Churn_Forecast "}),
        # Words of another language.
        training("betrugserkennung-training-7", "s3://maison/betrugserkennung/7/model.tar.gz", {"modell": "-", "model": "betrugserkennung"}),
        training("betrugserkennung-training-8", "s3://maison/betrugserkennung/8/model.tar.gz", {"model": "betrugserkennung"}),
        *served("prod-betrugserkennung", "betrugserkennung-8", "s3://maison/betrugserkennung/8/model.tar.gz"),
        # A folder called after the team whose it is.
        training("job-b", "s3://house/harbour/1/model.tar.gz", {"team": "harbour"}),
        training("job-c", "s3://house/harbour/2/model.tar.gz", {"team": "harbour"}),
        *served("harbour-prod", "m-77ab01", "s3://house/harbour/9/model.tar.gz"),
        # A registry that keeps a second version as a model of its own, under words of the house.
        *(described("ModelPackageGroup", f"model-package-group/{name}", ModelPackageGroupName=name) for name in ("maison-garden-light", "maison-garden-light-v2")),
        described("ModelPackage", "model-package/maison-garden-light-v2/1", ModelPackageGroupName="maison-garden-light-v2", ModelPackageVersion=1,
                  InferenceSpecification={"Containers": [{"ModelDataUrl": "s3://garden/2/model.tar.gz"}]}),
        training("job-d", "s3://garden/1/model.tar.gz", {"model": "garden-light"}),
        training("job-e", "s3://garden/3/model.tar.gz", {"model": "garden-light-v2"}),
        *served("lamp", "m-77ab02", "s3://garden/2/model.tar.gz"),
        # Kubernetes: what serves is called for what it does besides; runs carry names made for each.
        *pod("churn-1", ("ReplicaSet", "churn-forecast-predictor-6d8"), "lib/base", app="churn-forecast-predictor"),
        *pod("churn-2", ("Workflow", "churn-forecast-train-hahis"), "house/churn-forecast", app="churn-forecast-train-hahis"),
        *pod("try-1", ("Job", "lena-quick-xkcdq"), "lib/base", app="lena-quick-xkcdq"),
    )  # fmt: skip
    jobs = ("3f2b9c1e-1111-4222-8333-444455556666", "riskTeam-FraudRules-Trainer-eu", "job-a")
    world.bill(
        [sagemaker("Host:ml.m5.large", f"endpoint/{name}", 10.0)
         for name in ("churn-forecast-live", "fraud-rules-old", "tmp-77", "prod-betrugserkennung", "harbour-prod", "lamp")]
        + [sagemaker("Train:ml.m5.large", f"training-job/{name}", 5.0) for name in jobs]
        + [charge(cost=7.0, line_item_resource_id=host(name)) for name in ("churn-1", "churn-2", "try-1")]
    )  # fmt: skip
    world.refresh()
    return world


def model(world: World, resource: str) -> tuple[str | None, float]:
    return world.query(
        "SELECT model, max(confidence) FROM attributed_costs WHERE ends_with(resource_id, $resource) GROUP BY model",
        resource=resource,
    )[0]


def test_a_tag_that_all_around_contradicts_was_copied_and_loses(world: World) -> None:
    assert model(world, "endpoint/churn-forecast-live")[0] == "churn-forecast"


def test_the_copied_tag_stands_among_the_evidence(world: World) -> None:
    others = world.query("SELECT CAST(others AS VARCHAR) FROM attribution_evidence WHERE dimension = 'model'")
    assert any("fraud-rules" in other and "copied" in other for (other,) in others), others


def test_a_tag_that_only_a_name_contradicts_stands(world: World) -> None:
    assert model(world, "endpoint/fraud-rules-old")[0] == "churn-forecast"


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("endpoint/tmp-77", "fraud-rules"),
        ("training-job/3f2b9c1e-1111-4222-8333-444455556666", "fraud-rules"),
        ("training-job/riskTeam-FraudRules-Trainer-eu", "fraud-rules"),
        ("training-job/job-a", "churn-forecast"),
        ("endpoint/prod-betrugserkennung", "betrugserkennung"),
        ("endpoint/harbour-prod", None),
        ("endpoint/lamp", "garden-light-v2"),
        (host("churn-1"), "churn-forecast"),
        (host("churn-2"), "churn-forecast"),
        (host("try-1"), None),
    ],
)
def test_a_model_by_what_the_house_calls_it(world: World, resource: str, name: str | None) -> None:
    assert model(world, resource)[0] == name
