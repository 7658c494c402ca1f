"""What attribution must get right, a sentence each: records and charges in, owners out."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CREATED = {"CreationTime": "2026-09-01T00:00:00Z"}
CLUSTER = f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/shared"


def described(
    kind: str, resource: str, tags: dict[str, str] | None = None, at: str = "2026-10-01T06:00:00Z", **body: object
) -> Record:
    return record(f"sagemaker:Describe{kind}", arn(resource), CREATED | body, tags=tags, at=at)


def model(name: str, **container: str) -> Record:
    return described("Model", f"model/{name}", ModelName=name, PrimaryContainer=container)


def config(name: str, *models: str) -> Record:
    variants = [
        {"VariantName": one, "ModelName": one, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        for one in models
    ]
    return described("EndpointConfig", f"endpoint-config/{name}", EndpointConfigName=name, ProductionVariants=variants)


def component(name: str, endpoint: str, of: str, accelerators: int) -> Record:
    return described(
        "InferenceComponent", f"inference-component/{name}", InferenceComponentName=name, EndpointName=endpoint,
        EndpointArn=arn(f"endpoint/{endpoint}"), RuntimeConfig={"CurrentCopyCount": 1},
        Specification={"ModelName": of, "ComputeResourceRequirements": {"NumberOfAcceleratorDevicesRequired": accelerators}},
    )  # fmt: skip


def pod(name: str, cpu: str, app: str) -> Record:
    body = {
        "metadata": {"name": name, "namespace": "serving", "uid": name, "labels": {"app.kubernetes.io/name": app},
                     "creationTimestamp": "2026-10-05T00:00:00Z", "ownerReferences": [{"kind": "ReplicaSet", "name": name}]},
        "spec": {"nodeName": "ip-10-0-0-1", "containers": [{"image": "web:1", "resources": {"requests": {"cpu": cpu}}}]},
        "status": {"startTime": "2026-10-05T00:00:00Z"},
    }  # fmt: skip
    return record("k8s:Pod", f"{CLUSTER}/Pod/{name}", body, at="2026-10-06T06:00:00Z")


def prefix(path: str, size: int) -> Record:
    body = {"Bucket": "data", "Prefix": path, "Date": "2026-10-01", "Bytes": size, "Objects": 1}
    return record("s3:PrefixUsage", f"arn:aws:s3:::data/{path}", body)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("scenarios"))
    world.rules(
        """
        workloads:
          - {model: fraud-detection, team: risk}
          - {model: churn, team: growth}
          - {model: ranker, team: search}
        """
    )
    world.land(
        # A registry says what the endpoint serves; its tag was copied from a template.
        described("ModelPackageGroup", "model-package-group/fraud-detection", ModelPackageGroupName="fraud-detection"),
        described("ModelPackage", "model-package/fraud-detection/1", ModelPackageGroupName="fraud-detection",
                  InferenceSpecification={"Containers": [{"ModelDataUrl": "s3://m/fraud/model.tar.gz"}]}),
        model("fd", ModelDataUrl="s3://m/fraud/model.tar.gz"),
        config("copied", "fd"),
        described("Endpoint", "endpoint/copied", {"model": "churn"}, EndpointName="copied", EndpointConfigName="copied"),
        # An endpoint moved from one model to another at noon.
        model("churn", ModelDataUrl="s3://m/churn/model.tar.gz"),
        config("before", "churn"), config("after", "fd"),
        described("Endpoint", "endpoint/moved", EndpointName="moved", EndpointConfigName="before", LastModifiedTime="2026-09-01T00:00:00Z"),
        described("Endpoint", "endpoint/moved", at="2026-10-05T18:00:00Z", EndpointName="moved", EndpointConfigName="after",
                  LastModifiedTime="2026-10-05T12:00:00Z"),
        # Components share an endpoint's accelerators.
        described("EndpointConfig", "endpoint-config/hub", EndpointConfigName="hub",
                  ProductionVariants=[{"VariantName": "a", "InstanceType": "ml.g5.12xlarge", "InitialInstanceCount": 1}]),
        described("Endpoint", "endpoint/hub", EndpointName="hub", EndpointConfigName="hub"),
        component("one", "hub", "fd", 3), component("two", "hub", "churn", 1),
        # A node without any tag runs pods of a model and of the web.
        record("ec2:DescribeInstances", "i-0aaaaaaaaaaaaaaaa",
               {"InstanceId": "i-0aaaaaaaaaaaaaaaa", "PrivateDnsName": "ip-10-0-0-1", "LaunchTime": "2026-10-01T00:00:00Z"}),
        pod("ranker-7d9", "3", "ranker"), pod("shop-5c1", "1", "shop"),
        # A disk of that node.
        record("ec2:DescribeVolumes", "vol-0bbbbbbbbbbbbbbbb",
               {"VolumeId": "vol-0bbbbbbbbbbbbbbbb", "CreateTime": "2026-10-01T00:00:00Z", "Attachments": [{"InstanceId": "i-0aaaaaaaaaaaaaaaa"}]}),
        # A bucket by its prefixes.
        prefix("artifacts/churn", 300), prefix("features/ranker", 100),
    )  # fmt: skip
    world.bill(
        [
            sagemaker("Host:ml.m5.large", "endpoint/copied", 10.0),
            sagemaker("Host:ml.m5.large", "endpoint/moved", 4.0, at="2026-10-05T10:00:00"),
            sagemaker("Host:ml.m5.large", "endpoint/moved", 6.0, at="2026-10-05T14:00:00"),
            sagemaker("Host:ml.g5.12xlarge", "endpoint/hub", 8.0),
            charge(cost=40.0, line_item_resource_id="i-0aaaaaaaaaaaaaaaa"),
            charge(cost=4.0, line_item_resource_id="vol-0bbbbbbbbbbbbbbbb", line_item_usage_type="EBS:VolumeUsage.gp3"),
            charge(cost=8.0, line_item_resource_id="data", line_item_product_code="AmazonS3", product_servicecode="AmazonS3",
                   line_item_usage_type="TimedStorage-ByteHrs", line_item_operation="StandardStorage"),
            sagemaker("Train:ml.m5.large", "training-job/churn-retrain-2026-10-05", 3.0),
            sagemaker("Train:ml.m5.large", "training-job/job-17", 5.0),
        ]
    )  # fmt: skip
    assert not world.refresh().failures
    return world


def models(world: World, resource: str) -> dict[str | None, Decimal]:
    return dict(
        world.query(
            "SELECT model, sum(effective_cost) FROM attributed_costs WHERE ends_with(resource_id, $resource) GROUP BY 1",
            resource=resource,
        )
    )


def test_a_tag_copied_from_a_template_loses_to_the_registry(world: World) -> None:
    assert models(world, "endpoint/copied") == {"fraud-detection": 10}


def test_the_lost_tag_stands_in_the_evidence(world: World) -> None:
    others = world.query(
        "SELECT unnest(others) FROM attribution_evidence WHERE dimension = 'model' AND value = 'fraud-detection'"
    )
    assert any("churn" in str(other) for (other,) in others)


def test_an_endpoint_that_moved_belongs_to_each_model_in_its_time(world: World) -> None:
    assert models(world, "endpoint/moved") == {"churn": 4, "fraud-detection": 6}


def test_inference_components_share_by_accelerators(world: World) -> None:
    assert models(world, "endpoint/hub") == {"fraud-detection": 6, "churn": 2}


def test_a_node_without_tags_is_divided_by_what_its_pods_request(world: World) -> None:
    assert models(world, "i-0aaaaaaaaaaaaaaaa") == {"ranker": 30, None: 10}


def test_the_web_on_a_shared_node_is_not_ml(world: World) -> None:
    assert world.query(
        "SELECT is_ml, sum(effective_cost) FROM attributed_costs WHERE resource_id = 'i-0aaaaaaaaaaaaaaaa' GROUP BY 1 ORDER BY 1"
    ) == [(False, 10), (True, 30)]


def test_a_disk_goes_where_its_node_goes(world: World) -> None:
    assert models(world, "vol-0bbbbbbbbbbbbbbbb") == {"ranker": 3, None: 1}


def test_a_bucket_is_divided_by_the_bytes_of_its_prefixes(world: World) -> None:
    assert models(world, "data") == {"churn": 6, "ranker": 2}


def test_a_known_name_among_ordinary_words_says_whose_a_job_is(world: World) -> None:
    assert models(world, "churn-retrain-2026-10-05") == {"churn": 3}


def test_a_name_that_says_nothing_leaves_a_job_without_a_model(world: World) -> None:
    assert models(world, "job-17") == {None: 5}


def test_team_follows_the_model_that_the_registry_gives_to_it(world: World) -> None:
    assert world.query("SELECT DISTINCT model, team FROM attributed_costs WHERE model IS NOT NULL ORDER BY 1") == [
        ("churn", "growth"),
        ("fraud-detection", "risk"),
        ("ranker", "search"),
    ]
