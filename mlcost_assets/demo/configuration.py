"""The configuration with which the platform reads the simulated organisation, and its small registry of rules."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from mlcost_assets.demo.bill.cur2 import export_name
from mlcost_assets.demo.organisation.naming import spell
from mlcost_assets.demo.truth.clues import named, team_of
from mlcost_assets.demo.world.world import World


def write_configuration(world: World, folder: Path) -> None:
    """Write mlcost.yaml, and rules.yaml where the organisation keeps a registry."""
    organisation = world.organisation
    attribution: dict[str, Any] = {
        "required_tags": ["project", "model", "team", "environment"],
        "tag_compliance_threshold": 0.8,
        "unattributed_threshold": 0.05,
    }
    if organisation.keeps_registry:
        attribution["rules"] = "rules.yaml"
        (folder / "rules.yaml").write_text(_text(rules(world)))
    names = ["payer", *(export_name(payer) for payer in organisation.payers[1:])]
    settings: dict[str, Any] = {
        "home": ".mlcost",
        "lake": ".mlcost/lake",
        "billing": {
            "exports": [
                {"name": name, "uri": f"./billing/{export_name(payer)}", "format": "auto"}
                for name, payer in zip(names, organisation.payers, strict=True)
            ]
        },
        "metadata": {"uri": "./metadata"},
        "attribution": attribution,
        "forecast": {"horizon_days": 90},
    }
    (folder / "mlcost.yaml").write_text(_text(settings))


def know_rules(world: World) -> None:
    """Note what the registry teaches."""
    for model in world.organisation.models:
        if "rules" in model.anchors:
            world.facts.add(named(model.name))
            world.facts.add(team_of(model.name))


def rules(world: World) -> dict[str, Any]:
    """Make the registry: a few workloads, a rule that holds for a time, and one split."""
    names = {model.name for model in world.organisation.models}
    workloads = [
        {
            "model": model.name,
            "aliases": [spell(model.name, "pascal"), *_version_alias(model.name, names)],
            "project": model.project,
            "team": model.team.name,
            "business_function": model.business_function,
        }
        for model in world.organisation.models
        if "rules" in model.anchors
    ]
    sandbox = world.organisation.account("sandbox")
    found: list[dict[str, Any]] = []
    # Only where the account really is for development: a rule that is wrong would be the judge's own mistake.
    if sandbox.environment == "dev":
        found.append(
            {
                "name": "sandbox-account",
                "when": {"account_id": sandbox.id},
                "set": {"environment": "dev"},
                "valid": {"from": (world.window.start - timedelta(days=200)).date()},
            }
        )
    found += world.rules
    split = {
        "name": "shared-nat",
        "when": {"usage_type": "*NatGateway*"},
        "by": "proportional",
        "over": {"cost": "effective_cost", "within": ["account_id"]},
    }
    return {"workloads": workloads, "rules": found, "splits": [split]}


def _version_alias(name: str, names: set[str]) -> list[str]:
    """Give the spelling of a former version, unless another model is called so."""
    return [] if f"{name}-v2" in names else [f"{spell(name, 'snake')}_v2"]


def _text(document: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(document, sort_keys=False, width=110)
    return text
