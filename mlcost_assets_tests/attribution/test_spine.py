"""The first sentences of attribution: who pays for what, with the evidence."""

from decimal import Decimal

import pytest

from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

ARTIFACT = "s3://models/churn/output/churn-1/output/model.tar.gz"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("spine"))
    world.rules(
        """
        workloads:
          - {model: fraud-detection, aliases: [fraud_model_v2], project: fraud, team: risk, business_function: payments}
        rules:
          - {name: legacy-gpu, when: {resource_id: "i-0abc*", usage_type: "*BoxUsage:p3*"}, set: {model: ranker}}
          - {name: ended, when: {resource_id: "i-0abc*"}, set: {team: nobody}, valid: {to: 2026-01-01}}
        """
    )
    world.bill(
        [
            # A tag in the bill, written as an alias of the registry's name.
            sagemaker(
                "Train:ml.g5.xlarge",
                "training-job/fraud-1",
                10.0,
                resource_tags={"user_project_model": "x", "user_model": "Fraud_Model_v2"},
            ),
            # Untagged, but its artifact is what a tagged endpoint's model loads.
            sagemaker("Train:ml.g5.xlarge", "training-job/churn-1", 20.0),
            sagemaker(
                "Host:ml.m5.large",
                "endpoint/churn",
                30.0,
                resource_tags={"user_ModelName": "churn", "user_team": "growth"},
            ),
            # A rule that looks at the usage type, and one that is no longer valid.
            charge(cost=40.0, line_item_resource_id="i-0abcdef0123456789", line_item_usage_type="BoxUsage:p3.2xlarge"),
            # Nobody says whose this is.
            sagemaker("Host:ml.m5.large", "endpoint/mystery", 50.0),
            # A web server: not ML, and its owner is known.
            charge(cost=100.0, line_item_resource_id="i-0fed", resource_tags={"user_team": "web"}),
            # Tax on the account is shared by what was spent there.
            charge(
                "Tax",
                7.0,
                line_item_resource_id="",
                line_item_usage_type=None,
                line_item_operation=None,
                line_item_product_code="AmazonSageMaker",
                product_servicecode="AmazonSageMaker",
            ),
        ]
    )
    world.land(
        record(
            "sagemaker:DescribeTrainingJob",
            arn("training-job/churn-1"),
            {
                "TrainingJobName": "churn-1",
                "CreationTime": "2026-10-01T00:00:00Z",
                "ModelArtifacts": {"S3ModelArtifacts": ARTIFACT},
            },
        ),
        record(
            "sagemaker:DescribeModel",
            arn("model/churn"),
            {
                "ModelName": "churn",
                "CreationTime": "2026-10-01T00:00:00Z",
                "PrimaryContainer": {"ModelDataUrl": ARTIFACT},
            },
        ),
        record(
            "sagemaker:DescribeEndpointConfig",
            arn("endpoint-config/churn"),
            {
                "EndpointConfigName": "churn",
                "CreationTime": "2026-10-01T00:00:00Z",
                "ProductionVariants": [
                    {"VariantName": "a", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
                ],
            },
        ),
        record(
            "sagemaker:DescribeEndpoint",
            arn("endpoint/churn"),
            {"EndpointName": "churn", "EndpointConfigName": "churn", "CreationTime": "2026-10-01T00:00:00Z"},
        ),
    )
    world.refresh()
    return world


def owner(world: World, resource: str) -> list[tuple[object, ...]]:
    return world.query(
        "SELECT model, project, team, method, is_ml, effective_cost FROM attributed_costs WHERE ends_with(resource_id, $resource)",
        resource=resource,
    )


def test_a_tag_means_what_the_registry_says_and_the_registry_fills_the_rest(world: World) -> None:
    assert owner(world, "fraud-1") == [("fraud-detection", "fraud", "risk", "tag", True, Decimal("10"))]


def test_an_untagged_job_belongs_to_the_model_that_its_artifact_became(world: World) -> None:
    assert owner(world, "churn-1") == [("churn", None, "growth", "lineage", True, Decimal("20"))]


def test_a_rule_beats_everything_while_it_is_valid(world: World) -> None:
    assert owner(world, "i-0abcdef0123456789") == [("ranker", None, None, "rule", True, Decimal("40"))]


def test_what_nobody_owns_stays_without_an_owner(world: World) -> None:
    assert owner(world, "mystery") == [(None, None, None, "none", True, Decimal("50"))]


def test_what_is_not_ml_stays_so_with_its_owner(world: World) -> None:
    assert owner(world, "i-0fed") == [(None, None, "web", "tag", False, Decimal("100"))]


def test_tax_is_shared_by_the_cost_of_the_taxed_product_and_nobody_pays_for_the_unknown(world: World) -> None:
    shared = world.query(
        "SELECT model, method, effective_cost FROM attributed_costs WHERE charge_category = 'Tax' ORDER BY model NULLS LAST"
    )
    # 10 + 20 + 30 + 50 of SageMaker are fraud-detection's, churn's, churn's and nobody's.
    assert shared == [
        ("churn", "proportional", Decimal("3.1818181818")),
        ("fraud-detection", "proportional", Decimal("0.6363636364")),
        (None, "none", Decimal("3.1818181818")),
    ]
    assert sum(cost for _, _, cost in shared) == 7


def test_every_row_has_evidence_that_can_be_printed(world: World) -> None:
    without = world.query(
        "SELECT count(*) FROM attributed_costs WHERE evidence_id NOT IN (SELECT evidence_id FROM attribution_evidence)"
    )
    assert without == [(0,)]
    reasons = world.query(
        """
        SELECT DISTINCT dimension, value, statement FROM attribution_evidence
        JOIN attributed_costs USING (evidence_id)
        WHERE ends_with(resource_id, 'churn-1') AND dimension = 'model'
        """
    )
    assert len(reasons) == 1
    assert "tagged ModelName = churn in the bill" in reasons[0][2]


def test_all_four_costs_of_every_table_are_the_bills(world: World) -> None:
    bill = world.query(
        "SELECT sum(billed_cost), sum(effective_cost), sum(list_cost), sum(contracted_cost) FROM line_items"
    )
    assert bill == world.query(
        "SELECT sum(billed_cost), sum(effective_cost), sum(list_cost), sum(contracted_cost) FROM attributed_costs"
    )
    assert bill[0][0] == Decimal("257")
