"""What a thousand predictions cost."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

DAY = "2026-10-05T00:00:00Z"


def invocations(
    endpoint: str, variant: str, *values: float, at: str = "2026-10-06T06:00:00Z", component: str | None = None
) -> Record:
    part = {"InferenceComponentName": component} if component else {}
    body = {
        "Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Stat": "Sum", "Period": 86400,
        "Dimensions": {"EndpointName": endpoint, "VariantName": variant} | part,
        "Timestamps": [DAY] * len(values), "Values": list(values),
    }  # fmt: skip
    series = "/".join(["AWS/SageMaker/Invocations", endpoint, variant, component or ""])
    return record("cloudwatch:GetMetricData", series, body, at=at)


def component(name: str) -> Record:
    body = {"EndpointName": "parts", "Specification": {"ModelName": name}, "CreationTime": "2026-10-01T00:00:00Z"}
    of = arn(f"inference-component/{name}")
    return record("sagemaker:DescribeInferenceComponent", of, body | {"InferenceComponentName": name})


def served(endpoint: str, *models: str, shadow: str | None = None) -> list[Record]:
    created = {"CreationTime": "2026-10-01T00:00:00Z"}
    variants, shadows = (
        [
            {"VariantName": name, "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
            for name, model in named
        ]
        for named in ([(model, model) for model in models], [(shadow, models[0])] if shadow else [])
    )
    return [
        record(
            "sagemaker:DescribeEndpoint",
            arn(f"endpoint/{endpoint}"),
            created | {"EndpointName": endpoint, "EndpointConfigName": endpoint},
        ),
        record(
            "sagemaker:DescribeEndpointConfig",
            arn(f"endpoint-config/{endpoint}"),
            created
            | {"EndpointConfigName": endpoint, "ProductionVariants": variants, "ShadowProductionVariants": shadows},
        ),
        *(
            record(
                "sagemaker:DescribeModel", arn(f"model/{model}"), created | {"ModelName": model}, tags={"model": model}
            )
            for model in models
        ),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("units"))
    world.bill(
        [
            sagemaker("Host:ml.m5.large", "endpoint/churn", 3.0, pricing_public_on_demand_cost=4.0),
            sagemaker("Train:ml.m5.large", "training-job/churn", 7.0, resource_tags={"user_model": "churn"}),
            sagemaker("Host:ml.m5.large", "endpoint/pair", 5.0),
            sagemaker("Host:ml.m5.large", "endpoint/silent", 2.0),
            sagemaker("Host:ml.m5.large", "endpoint/parts", 6.0),
            sagemaker("Host:ml.m5.large", "endpoint/shadowed", 8.0),
            sagemaker("Host:ml.m5.large", "endpoint/half", 1.0),
            sagemaker("Host:ml.m5.large", "endpoint/half-too", 1.0),
            sagemaker("Train:ml.m5.large", "training-job/young", 1.0, resource_tags={"user_model": "young"}),
            charge(
                cost=4.0,
                line_item_product_code="AmazonBedrock",
                product_servicecode="AmazonBedrock",
                line_item_usage_type="USE1-Nova-pro-input-tokens",
                line_item_operation="InvokeModelInference",
                line_item_resource_id="arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abc",
                product={"product_name": "Amazon Bedrock"},
                resource_tags={"user_model": "edge"},
            ),
        ]
    )
    world.land(
        *served("churn", "churn"), *served("pair", "left", "right"), *served("silent", "silent"),
        # Collected twice, the second time more complete.
        invocations("churn", "churn", 900.0), invocations("churn", "churn", 1500.0, at="2026-10-07T06:00:00Z"),
        invocations("pair", "left", 1000.0), invocations("pair", "right", 250.0),
        *served("shadowed", "seen", shadow="next"),
        invocations("shadowed", "seen", 400.0), invocations("shadowed", "next", 400.0),
        *served("half", "halved"), *served("half-too", "halved")[:2], invocations("half", "halved", 10.0),
        # The endpoint's own series counts what its components answered.
        *served("parts", "one", "two")[:1], *served("parts", "one", "two")[2:], component("one"), component("two"),
        invocations("parts", "AllTraffic", 700.0), invocations("parts", "AllTraffic", 500.0, component="one"),
        invocations("parts", "AllTraffic", 200.0, component="two"),
    )  # fmt: skip
    world.refresh()
    return world


def unit(world: World, model: str) -> tuple[object, ...]:
    sql = "SELECT requests, inference_cost, cost_per_1000, total_cost_per_1000, list_cost_per_1000 FROM unit_costs WHERE model = $model"
    (row,) = world.query(sql, model=model)
    return row


def test_inference_and_everything_else_per_thousand_requests(world: World) -> None:
    assert unit(world, "churn") == (1500, 3, 2, Decimal("6.6666666666"), Decimal("2.6666666666"))


def test_models_behind_one_endpoint_have_their_own_requests_and_their_own_part_of_its_cost(world: World) -> None:
    assert unit(world, "left")[:3] == (1000, Decimal("2.5"), Decimal("2.5"))
    assert unit(world, "right")[:3] == (250, Decimal("2.5"), 10)


def test_requests_of_an_inference_component_are_those_of_its_model_and_counted_once(world: World) -> None:
    requests = world.query("SELECT model, requests FROM unit_costs WHERE model IN ('one', 'two') ORDER BY model")
    assert requests == [("one", 500), ("two", 200)]


def test_copies_to_a_shadow_variant_are_no_requests(world: World) -> None:
    assert unit(world, "seen")[:3] == (400, 8, 20)


def test_without_requests_there_is_no_unit_cost(world: World) -> None:
    assert unit(world, "silent") == (None, 2, None, None, None)


def test_why_requests_are_not_known_is_said(world: World) -> None:
    said = dict(world.query("SELECT model, requests_unknown_because FROM unit_costs WHERE requests IS NULL"))
    assert said == {
        "silent": "no Invocations of its endpoints were collected for this day",
        "halved": "of a part of its endpoints no requests are known",
        "young": "nothing served it on this day",
        "edge": "served by Amazon Bedrock, where requests are not counted",
    }
    assert world.query(
        "SELECT count(*) FROM unit_costs WHERE (requests IS NULL) <> (requests_unknown_because IS NOT NULL)"
    ) == [(0,)]
