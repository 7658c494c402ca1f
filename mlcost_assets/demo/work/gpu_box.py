"""A GPU box that somebody started by hand: no tag, no load balancer; only a rule of the registry knows its purpose."""

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import instance_hours
from mlcost_assets.demo.truth.clues import ENVIRONMENT, MODEL, TEAM, Clue, by_person
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

BOX = "g4dn.xlarge"


def start_gpu_box(world: World) -> None:
    """Run the box from before the window to its end; where there is a rule, it holds from some day within it."""
    chance = world.chance("gpu box")
    account = world.organisation.ml_account("dev")
    models = world.organisation.models
    model = chance.one([model for model in models if "rules" in model.anchors] or models)
    owner = of_model(model, "dev", "experimentation")
    instance_id = f"i-{chance.hex(17)}"
    begin = world.before(70)
    valid = world.window.at(chance.uniform(0.05, 0.3)).replace(hour=0)
    person = chance.one(model.team.members)
    role = world.chance("creator", person).code(21).upper()
    tags = Tags(
        system={"aws:createdBy": f"AssumedRole:{role}:{person}"},
        plain={} if world.tagger.compliance <= 0 else {"Name": "dont-delete"},
    )
    body = {
        "InstanceId": instance_id,
        "InstanceType": BOX,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(begin),
        "KeyName": person,
    }
    box = world.create("ec2:DescribeInstances", instance_id, account, world.home, owner, body, created=begin, tags=tags)
    hours = instance_hours(BOX, world.home)
    seen_in = () if world.tagger.is_active("aws:createdBy", world.window.start) else (box.key,)
    by_creator = by_person(person, "AWS's tag names the creator", *seen_in)
    if not world.organisation.keeps_registry:
        world.bill(box, hours, 1, clues=(by_creator,))
        return
    by_rule = Clue("rule of the registry", frozenset({MODEL, TEAM, ENVIRONMENT}))
    world.bill(box, hours, 1, world.window.start, valid, clues=(by_creator,))
    world.bill(box, hours, 1, valid, world.window.end, clues=(by_rule, by_creator))
    world.rules.append(
        {
            "name": "gpu-box",
            "when": {"resource_id": f"{instance_id[:12]}*", "usage_type": "*BoxUsage:g4dn*"},
            "set": {"model": model.name, "environment": "dev"},
            "valid": {"from": valid.date()},
        }
    )
