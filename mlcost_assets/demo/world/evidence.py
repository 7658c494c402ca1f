"""Evidence that lies in every resource itself: what its name and its tags tell about its owner."""

from dataclasses import replace
from datetime import datetime

from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.truth.clues import (
    ENVIRONMENT,
    MODEL,
    TEAM,
    Clue,
    Share,
    by_environment,
    by_team,
    named,
    team_of,
)
from mlcost_assets.demo.truth.judge import Facts
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import COMPLIANT, Tagger


def with_name(resource: Resource, share: Share) -> Share:
    """Add what the name of the resource tells about an owner."""
    owner, clues = share.owner, []
    if owner.model and says(resource.id, owner.model):
        clues.append(Clue("name of the resource", also=(named(owner.model),)))
    if owner.team and says(resource.id, owner.team):
        clues.append(by_team("team in the name of the resource"))
    if owner.environment and says_environment(resource.id, owner.environment):
        clues.append(by_environment("environment in the name of the resource"))
    return replace(share, clues=(*share.clues, *clues))


def with_tags(tagger: Tagger, resource: Resource, share: Share, moment: datetime) -> Share:
    """Add what the tags of the resource tell at a moment, in the bill or else in its record."""
    tags = resource.tags
    if tags.since and moment < tags.since:
        return share
    clues = []
    for dimension in (MODEL, TEAM, ENVIRONMENT):
        written = tags.user.get(dimension)
        if not written or not written.resolvable or not _is_about(dimension, resource.owner, share.owner):
            continue
        also = (named(share.owner.model or ""),) if dimension == MODEL and written.state != COMPLIANT else ()
        if tagger.is_active(written.key, moment):
            clues.append(Clue("tag in the bill", frozenset({dimension}), also=also))
        elif resource.key:
            clues.append(Clue("tag on the resource", frozenset({dimension}), (resource.key,), also))
    return replace(share, clues=(*clues, *share.clues))


def _is_about(dimension: str, tagged: Owner, owner: Owner) -> bool:
    """Tell whether a tag that was written for one owner is true of another."""
    value = getattr(owner, dimension)
    return value is not None and value == getattr(tagged, dimension)


def learn(facts: Facts, tagger: Tagger, resource: Resource, window: Window) -> None:
    """Note what the tags of a resource teach about its model: its name, and its team."""
    owner, written = resource.owner, resource.tags.user
    if not owner.model or MODEL not in written or not written[MODEL].resolvable:
        return
    in_bill = tagger.is_active(written[MODEL].key, window.end)
    if not in_bill and not resource.key:
        return
    needs = () if in_bill else (resource.key,)
    if written[MODEL].state == COMPLIANT:
        facts.add(named(owner.model), needs)
    if TEAM in written and written[TEAM].state == COMPLIANT:
        team_in_bill = tagger.is_active(written[TEAM].key, window.end)
        if team_in_bill or resource.key:
            facts.add(team_of(owner.model), needs if team_in_bill else (resource.key,))
