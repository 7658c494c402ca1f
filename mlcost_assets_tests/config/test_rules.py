"""rules.yaml: every rule is checked before anything is touched."""

from pathlib import Path

import pytest

from mlcost_assets.config.rules import load_rules
from mlcost_assets.errors import ConfigError


def test_the_contracts_example_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(
        """
workloads:
  - {model: fraud-detection, aliases: [fraud_model_v2], project: fraud, team: risk, business_function: payments}
rules:
  - {name: sandbox-account, when: {account_id: "444455556666"}, set: {environment: dev, team: research}}
  - {name: legacy-gpu, when: {resource_id: "i-0abc*", usage_type: "*BoxUsage:p3*"}, set: {model: ranker}, valid: {from: 2026-01-01}}
splits:
  - {name: shared-nat, when: {usage_type: "*NatGateway*"}, by: proportional, over: {cost: effective_cost, within: [account_id]}}
  - {name: platform-team, when: {team: ml-platform}, by: fixed, to: {risk: 60, growth: 40}}
"""
    )
    rules = load_rules(file)
    assert [rule.name for rule in rules.rules] == ["sandbox-account", "legacy-gpu"]
    assert rules.splits[1].to == {"risk": 60, "growth": 40}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: [{name: a, when: {acount_id: x}, set: {team: t}}]", "rules[0].when.acount_id: unknown key; did you mean account_id?"),
        ("rules: [{name: a, when: {}, set: {team: t}}]", "would match everything"),
        ("rules: [{name: a, when: {account_id: 44445555666}, set: {team: t}}]", "044445555666"),
        ("rules: [{name: a, when: {operation: x}, set: {colour: t}}]", "rules[0].set.colour: unknown key"),
        ("rules: [{name: a, when: {operation: x}, set: {team: t}, valid: {from: 2026-02-01, to: 2026-01-01}}]", "before"),
        ("rules: [{name: a, when: {operation: x}, set: {}}, {name: a, when: {operation: x}, set: {}}]", "two rules are named 'a'"),
        ("splits: [{name: s, when: {team: t}, by: fixed, to: {a: 60, b: 30}}]", "sum to 90"),
        ("splits: [{name: s, when: {team: t}, by: proportional}]", "in proportion to what"),
        ("rules: [{name: a, when: {operation: x}, sett: {team: t}}]", "rules[0].sett: unknown key; did you mean set?"),
        ("splits: [{name: s, when: {team: t}, by: even, to: [a], valid: {form: 2026-01-01}}]", "did you mean from?"),
        ("splits: [{name: s, when: {team: t}, by: proportional, over: {costs: list_cost}}]", "splits[0].over.costs: unknown key; did you mean cost?"),
        ("workloads: [{team: t}]", "a model or a project"),
        ("tags: {keys: {tem: [squad]}}", "tags.keys.tem: unknown key; did you mean team?"),
        ("tags: {keys: {xyz: [squad]}}", "tags.keys.xyz: unknown key; known are model, "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_rules(file)
    assert said in str(raised.value)
