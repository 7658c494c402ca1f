"""Required tags, contradictions and drift: records and charges in, what a person has to mend out."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets_tests.exports import ACCOUNT, PAYER, Row, charge, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CREATED = {"CreationTime": "2026-10-01T00:00:00Z"}
RULES = """
workloads:
  - {model: churn, team: growth}
  - {model: ranker, team: search, valid: {to: 2026-10-01}}
  - {model: ranker, team: discovery, valid: {from: 2026-10-01}}
"""
SETTINGS = "attribution: {rules: rules.yaml, required_tags: [model, team, cost_center]}\n"


def described(kind: str, resource: str, tags: dict[str, str] | None = None, **body: object) -> Record:
    return record(f"sagemaker:Describe{kind}", arn(resource), CREATED | body, tags=tags)


def served(name: str, model: str) -> list[Record]:
    """An endpoint's configuration, of one model."""
    variant = {"VariantName": "one", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return [
        described("EndpointConfig", f"endpoint-config/{name}", EndpointConfigName=name, ProductionVariants=[variant])
    ]


def endpoint(name: str, tags: dict[str, str] | None = None, config: str | None = None) -> Record:
    return described("Endpoint", f"endpoint/{name}", tags, EndpointName=name, EndpointConfigName=config or name)


def hosted(name: str, cost: float, **tags: str) -> Row:
    return sagemaker(
        "Host:ml.m5.large", f"endpoint/{name}", cost, resource_tags={f"user_{k}": v for k, v in tags.items()}
    )


def machine(name: str, day: int, **tags: str) -> Row:
    return charge(
        at=f"2026-10-{day:02}T14:00:00",
        line_item_resource_id=name,
        resource_tags={f"user_{key}": value for key, value in tags.items()},
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("tag-reports"))
    world.rules(RULES)
    world.configure(SETTINGS)
    world.bill(
        [
            hosted("right", 30, model="churn", team="growth", cost_center="4711"),
            hosted("placeholder", 5, model="churn", team="tbd"),
            hosted("unseen", 7),
            hosted("otherwise", 4, model="churn", team="web"),
            hosted("two-faced", 3, model="churn"),
            hosted("child", 9, model="churn"),
            hosted("copied", 6, model="churn"),
            sagemaker("Train:ml.m5.large", "training-job/parent", 2, resource_tags={"user_model": "ranker"}),
            charge(cost=11, line_item_resource_id="i-0a", line_item_usage_type="BoxUsage:g5.24xlarge"),
            charge("Tax", 4, line_item_resource_id="", line_item_product_code="AmazonSageMaker",
                   product_servicecode="AmazonSageMaker", line_item_usage_type="", line_item_operation=""),
            machine("i-1", 3, team="alpha"), machine("i-1", 20, team="beta"),
            machine("i-2", 3), machine("i-2", 9, squad="growth"), machine("i-2", 21, team="growth"),
        ]
    )  # fmt: skip
    world.land(
        endpoint("right", {"Model": "churn", "Team": "growth"}),
        endpoint("placeholder", {"Model": "churn", "Team": "tbd"}),
        endpoint("unseen", {"Model": "churn", "owning-team": "growth"}),
        endpoint("two-faced", {"Model": "ranker"}),
        described("TrainingJob", "training-job/parent", {"Model": "ranker"}, TrainingJobName="parent",
                  TrainingEndTime="2026-10-02T00:00:00Z", ModelArtifacts={"S3ModelArtifacts": "s3://m/parent/model.tar.gz"}),
        described("Model", "model/child", ModelName="child", PrimaryContainer={"ModelDataUrl": "s3://m/parent/model.tar.gz"}),
        *served("child", "child"),
        endpoint("child", {"Model": "churn"}),
        described("ModelPackageGroup", "model-package-group/ranker", ModelPackageGroupName="ranker"),
        described("ModelPackage", "model-package/ranker/1", ModelPackageGroupName="ranker", ModelPackageArn=arn("model-package/ranker/1")),
        described("Model", "model/copied", ModelName="copied", PrimaryContainer={"ModelPackageName": arn("model-package/ranker/1")}),
        *served("copied", "copied"),
        endpoint("copied", {"Model": "churn"}),
    )  # fmt: skip
    world.refresh()
    return world


STATES = [
    ("right", "model", "compliant", None),
    ("right", "team", "compliant", None),
    ("right", "cost_center", "compliant", None),
    ("placeholder", "team", "wrong", "it is a placeholder"),
    ("placeholder", "cost_center", "missing", None),
    ("unseen", "team", "not in the bill", None),
    ("unseen", "model", "not in the bill", None),
    ("two-faced", "model", "compliant", None),
    ("child", "model", "compliant", None),
    ("child", "team", "missing", None),
]


@pytest.mark.parametrize(("name", "tag", "state", "why"), STATES)
def test_a_required_tag_is_there_rightly_wrongly_or_not_at_all(
    world: World, name: str, tag: str, state: str, why: str | None
) -> None:
    sql = "SELECT state, why FROM tag_states WHERE resource_id = $id AND tag = $tag"
    assert world.query(sql, id=arn(f"endpoint/{name}"), tag=tag) == [(state, why)]


def test_a_machine_with_a_gpu_counts_though_nobody_knows_whose_it_is(world: World) -> None:
    rows = world.query("SELECT state, effective_cost FROM tag_states WHERE service_group = 'EC2 GPU' AND tag = 'team'")
    assert rows == [("missing", Decimal(11))]


def test_compliance_counts_and_adds_up(world: World) -> None:
    (row,) = world.dicts(
        "SELECT sum(resources) AS resources, sum(effective_cost) AS cost, sum(compliant_cost) AS compliant, sum(wrong_cost) AS wrong,"
        " sum(missing_cost) AS missing, sum(unactivated_cost) AS unactivated, sum(untaggable_cost) > 0 AS untaggable"
        " FROM tag_compliance WHERE tag = 'team'"
    )
    assert row == {
        "resources": 9, "cost": Decimal(77), "compliant": Decimal(30), "wrong": Decimal(9), "missing": Decimal(38),
        "unactivated": Decimal(7), "untaggable": True,
    }  # fmt: skip


def test_what_is_in_scope_and_what_can_carry_no_tag_are_all_of_ml_and_the_gpus(world: World) -> None:
    ((off,),) = world.query(
        "SELECT (SELECT sum(effective_cost + untaggable_cost) FROM tag_compliance WHERE tag = 'team') - 11"
        " - (SELECT sum(effective_cost) FROM attributed_costs WHERE is_ml)"
    )
    assert off == 0


CONFLICTS = [
    ("two-faced", "model", "bill and resource", "churn", "ranker", 3),
    ("child", "model", "related resources", "churn", "ranker", 9),
    ("copied", "model", "tag and lineage", "ranker", "churn", 6),
    ("otherwise", "team", "tag and model", "growth", "web", 4),
]


@pytest.mark.parametrize(("name", "dimension", "kind", "winner", "loser", "cost"), CONFLICTS)
def test_a_contradiction_is_listed_with_both_sides_and_its_dollars(
    world: World, name: str, dimension: str, kind: str, winner: str, loser: str, cost: int
) -> None:
    rows = world.dicts(
        "FROM tag_conflicts WHERE resource_id = $id AND dimension = $of", id=arn(f"endpoint/{name}"), of=dimension
    )
    said = {(row["kind"], row["winning_value"], row["losing_value"], row["effective_cost"]) for row in rows}
    assert (kind, winner, loser, Decimal(cost)) in said
    assert all(row["winning_source"] and row["losing_source"] and row["why"] for row in rows)


DRIFT = [
    ("value renamed", "bill", "alpha", "beta", 1),
    ("key changed", "bill", "growth", "growth", 1),
    ("tag came late", "bill", None, "growth", 1),
    ("not in the bill yet", "api", None, "growth", 1),
    ("team reorganised", "rules.yaml", "search", "discovery", 1),
]


@pytest.mark.parametrize(("kind", "place", "before", "value", "resources"), DRIFT)
def test_what_changed_over_time_is_told(
    world: World, kind: str, place: str, before: str | None, value: str, resources: int
) -> None:
    rows = world.query(
        "SELECT resources FROM tag_drift WHERE kind = $kind AND seen_in = $place AND dimension = 'team'"
        " AND value_before IS NOT DISTINCT FROM $before AND value = $value",
        kind=kind, place=place, before=before, value=value,
    )  # fmt: skip
    assert rows == [(resources,)]


def run(world: World, *arguments: str) -> str:
    done = CliRunner().invoke(cli, [*arguments, "--config", str(world.folder / "mlcost.yaml")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_an_audit_names_the_dearest_first_and_the_mend(world: World) -> None:
    found: list[dict[str, Any]] = json.loads(run(world, "tags", "audit", "--format", "json"))
    costs = [Decimal(row["effective_cost"]) for row in found]
    assert costs == sorted(costs, reverse=True)
    mends = {row["tag_key"]: row["mend"] for row in found if row["finding"] == "not activated"}
    assert mends["owning-team"] == "activate owning-team for cost allocation in the paying account"
    report = run(world, "tags", "audit", "--format", "md")
    assert report.startswith("# Required tags, 2026-10")
    assert "| EC2 GPU |" in report


def test_an_audit_writes_files_that_the_aws_command_line_takes(world: World, tmp_path: Path) -> None:
    run(world, "tags", "audit", "--format", "csv", "--output", str(tmp_path))
    calls = [json.loads(file.read_text()) for file in tmp_path.glob(f"tag-resources/{ACCOUNT}/us-east-1/*.json")]
    assert all(0 < len(call["ResourceARNList"]) <= 20 and set(call) == {"ResourceARNList", "Tags"} for call in calls)
    tagged = {resource: call["Tags"] for call in calls for resource in call["ResourceARNList"]}
    assert tagged[arn("endpoint/child")]["Team"] == "growth"
    # A wrong tag is written anew under the key that the resource has; what has ended is left alone.
    assert tagged[arn("endpoint/placeholder")]["Team"] == "growth"
    assert tagged[arn("endpoint/copied")]["Model"] == "ranker"
    assert arn("training-job/parent") not in tagged
    (activation,) = tmp_path.glob("activate-tags-*.json")
    keys = {one["TagKey"] for one in json.loads(activation.read_text())["CostAllocationTagsStatus"]}
    assert "owning-team" in keys
    assert (tmp_path / "report.md").exists()
    assert PAYER not in (tmp_path / "resources.csv").read_text()


def test_nothing_in_doubt_is_said(world: World) -> None:
    assert run(world, "tags", "review", "--format", "json") == "[]\n"
    assert run(world, "tags", "review", "--format", "yaml") == ""
