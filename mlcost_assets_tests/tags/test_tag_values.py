"""Tags as written → the dimension they speak of and the name they mean."""

from typing import Any

import pytest

from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

WRITTEN = [
    # key and value as written in the bill → dimension, name, how
    ("user_project", "fraud-detection", "project", "fraud-detection", "exact"),
    ("user_Project", "FraudDetection", "project", "fraud-detection", "normal form"),
    ("user_model", "fraud_model_v2", "model", "fraud-detection", "registry alias"),
    ("user_ml_model", "ranker-v3", "model", "ranker", "version removed"),
    ("user_model_name", "ranker", "model", "ranker", "exact"),
    ("user_model_name_", "solo-v3", "model", "solo-v3", "known only here"),  # nobody writes solo without its version
    ("user_env", "PRD", "environment", "prod", "environment spelling"),
    ("user_stage", "development", "environment", "dev", "environment spelling"),
    ("user_squad", "Growth Team", "team", "growth-team", "normal form, known only here"),
    ("user_owner", "ada@example.com", "team", None, "a person, not a name of work"),
    ("user_team", "--", "team", None, "empty"),
    ("user_colour", "blue", None, None, "the key speaks of no dimension"),
    ("aws_cloudformation_stack_name", "x", None, None, "the key speaks of no dimension"),
]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[Any, ...]]:
    world = World(tmp_path_factory.mktemp("tags"))
    world.rules("workloads: [{model: fraud-detection, aliases: [fraud_model_v2]}]")
    world.bill(
        [
            charge(line_item_resource_id=f"i-{number}", resource_tags={key: value})
            for number, (key, value, *_) in enumerate(WRITTEN)
        ]
    )
    world.refresh()
    rows = world.query("SELECT tag_key, tag_value, dimension, canonical_value, how FROM tag_values")
    return {(key, value): tuple(rest) for key, value, *rest in rows}


@pytest.mark.parametrize(("key", "value", "dimension", "name", "how"), WRITTEN)
def test_a_tag_means(
    values: dict[tuple[str, str], tuple[Any, ...]],
    key: str,
    value: str,
    dimension: str | None,
    name: str | None,
    how: str,
) -> None:
    assert values[key.removeprefix("user_"), value] == (dimension, name, how)
