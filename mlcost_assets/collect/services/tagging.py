"""AWS Resource Groups Tagging API: tags of resources of the services that have no file of their own here."""

import re
from collections.abc import Iterator
from functools import cache

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Look
from mlcost_assets.metadata.kinds import known_kinds


@cache
def _collected() -> frozenset[str]:
    """What has a file of its own: how its ARNs begin, `service` or `service:type`."""
    return frozenset(how["arn"] for how in known_kinds().values() if "arn" in how)


def _tagged(look: Look) -> Iterator[Found]:
    for arn, tags in look.tags().items():
        _, _, service, _, _, resource = arn.split(":", 5)
        if not _collected() & {service, f"{service}:{re.split('[/:]', resource)[0]}"}:
            yield Found(arn, {"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}, tags)


COLLECTIONS = [Gathering("tagging:GetResources", _tagged, calls=("resourcegroupstaggingapi:GetResources",))]
