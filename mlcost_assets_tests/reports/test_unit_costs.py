"""What a thousand predictions cost."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

DAY = "2026-10-05T00:00:00Z"


def invocations(endpoint: str, variant: str, *values: float, at: str = "2026-10-06T06:00:00Z") -> Record:
    body = {
        "Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Stat": "Sum", "Period": 86400,
        "Dimensions": {"EndpointName": endpoint, "VariantName": variant},
        "Timestamps": [DAY] * len(values), "Values": list(values),
    }  # fmt: skip
    return record("cloudwatch:GetMetricData", f"AWS/SageMaker/Invocations/{endpoint}/{variant}", body, at=at)


def served(endpoint: str, *models: str) -> list[Record]:
    created = {"CreationTime": "2026-10-01T00:00:00Z"}
    variants = [
        {"VariantName": model, "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        for model in models
    ]
    return [
        record(
            "sagemaker:DescribeEndpoint",
            arn(f"endpoint/{endpoint}"),
            created | {"EndpointName": endpoint, "EndpointConfigName": endpoint},
        ),
        record(
            "sagemaker:DescribeEndpointConfig",
            arn(f"endpoint-config/{endpoint}"),
            created | {"EndpointConfigName": endpoint, "ProductionVariants": variants},
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
        ]
    )
    world.land(
        *served("churn", "churn"), *served("pair", "left", "right"), *served("silent", "silent"),
        # Collected twice, the second time more complete.
        invocations("churn", "churn", 900.0), invocations("churn", "churn", 1500.0, at="2026-10-07T06:00:00Z"),
        invocations("pair", "left", 1000.0), invocations("pair", "right", 250.0),
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


def test_without_requests_there_is_no_unit_cost(world: World) -> None:
    assert unit(world, "silent") == (None, 2, None, None, None)
