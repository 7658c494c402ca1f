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
    ("user_sdlc", "U", "environment", "staging", "environment spelling"),
    ("user_squad", "Ocean Team", "team", "ocean-team", "normal form, known only here"),
    ("user_owner", "ada@example.com", "team", None, "a person, not a name of work"),
    ("user_team", "--", "team", None, "empty"),
    ("user_colour", "blue", None, None, "the key speaks of no dimension"),
    ("aws_cloudformation_stack_name", "x", None, None, "the key speaks of no dimension"),
    ("user_team", "risk", "team", "risk", "exact"),
    ("user_team", "growth", "team", "growth", "known only here"),
    ("user_team", "research & development", "team", "research-development", "normal form, known only here"),
    # What templates, spreadsheets and forms leave.
    *(
        (f"user_{key}", value, key, None, "a placeholder")
        for key in ("team", "model")
        for value in (
            "${var.x}",
            "{{ .Values.x }}",
            "<x>",
            "$X",
            "%X%",
            "__X__",
            "[object Object]",
            "[your x]",
            "#REF!",
            "0",
            "-1",
            "NaN",
            "None,None",
            "TBD - ask Bob",
            "to be confirmed",
            "no tag",
            "n/a (shared)",
            "XXXX",
            "unknown",
            "not set",
        )
    ),
    ("user_team", "team", "team", None, "a placeholder"),
    ("user_team", "unknown-team", "team", None, "a placeholder"),
    ("user_team", "noteam", "team", None, "a placeholder"),
    ("user_model", "model", "model", None, "a placeholder"),
    ("user_env", "${env}", "environment", None, "a placeholder"),
    ("user_env", "n/a", "environment", None, "a placeholder"),
    ("user_env", "temp", "environment", "temp", "known only here"),
    # Several at once, and tables.
    *(
        ("user_team", value, "team", None, "several names")
        for value in (
            "risk,growth",
            "growth;risk",
            "risk|growth",
            "risk/growth",
            "risk+growth",
            "risk & growth",
            '["risk","growth"]',
            "risk:50,growth:50",
        )
    ),
    ("user_model", "fraud-detection,ranker", "model", None, "several names"),
    ("user_env", "prod,staging", "environment", None, "several names"),
    ("user_env", "prod/dev", "environment", None, "several names"),
    ("user_team", '{"team":"risk","cc":"12"}', "team", None, "a table"),
    ("user_team", "Team=risk;Env=prod", "team", None, "a table"),
    ("user_team", '["risk"]', "team", "risk", "normal form"),
    ("user_team", "risk,", "team", "risk", "normal form"),
    # Ids, addresses and people.
    ("user_owner", "arn:aws:iam::123456789012:user/jane", "team", None, "an ARN"),
    ("user_owner", "AROAEXAMPLEID123456:jane", "team", None, "a generated id"),
    ("user_project_id", "p-9z8y7x6w5v4u", "project", None, "a generated id"),
    ("user_project_id", "3f2a9c0d-11e2-4b7f-8a66-55443322110f", "project", None, "a generated id"),
    ("user_project_id", "p-forecasting", "project", "p-forecasting", "known only here"),
    ("user_owner", "ACME\\jdoe", "team", None, "a person, not a name of work"),
    ("user_owner", "jane.doe", "team", None, "a person, not a name of work"),
    ("user_owner", "e100871", "team", None, "a person, not a name of work"),
    ("user_owner", "https://wiki.acme.com/owners", "team", None, "an address"),
    # Known names, by their address.
    *(
        ("user_owner", value, "team", "risk", "normal form")
        for value in ("risk@acme.com", "risk-team@acme.com", "@acme/risk", "@risk", "#risk")
    ),
    *(
        ("user_model", value, "model", "ranker", "normal form")
        for value in (
            "models:/ranker@champion",
            "models:/ranker/4",
            "models:/ranker/Production",
            "ranker:1.2.3",
            "lakehouse.search.ranker",
            "s3://bucket/models/ranker/",
        )
    ),
    ("user_model", "s3://bucket/other/thing/", "model", None, "an address"),
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
