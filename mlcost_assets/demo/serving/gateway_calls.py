"""Calls through a gateway that keeps a log of what it thinks they cost: LiteLLM, before a profile of Bedrock.

Its estimate differs from the bill for reasons that the truth knows. It prices cached tokens as full input; until
somebody updated its price table, input cost more there than Amazon asks; on Mondays a call fails that it charges and
Bedrock does not; on Wednesdays somebody calls past it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import BEDROCK, HAIKU
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.bedrock import application_profile
from mlcost_assets.demo.world.resources import Estimate, Resource
from mlcost_assets.demo.world.world import World

# What Amazon asks for a thousand tokens, and what the gateway's table has for input until it is updated.
FOUNDATION_CALLED = "amazon.nova-pro-v1:0"
INPUT, CACHED, OUTPUT = Decimal("0.0008"), Decimal("0.0002"), Decimal("0.0032")
OLD_INPUT = Decimal("0.001")
_METERS = (
    ("NovaPro-input-tokens", INPUT),
    ("NovaPro-cache-read-input-token-count", CACHED),
    ("NovaPro-output-tokens", OUTPUT),
)
_FIRST_HOUR, _CALLS = 10, 2
_MONDAY, _WEDNESDAY, _SATURDAY = 0, 2, 5


@dataclass(frozen=True)
class _Call:
    """A call: when it was made, and its tokens in thousands."""

    at: datetime
    input: Decimal
    cached: Decimal
    output: Decimal

    def cost(self, input_price: Decimal, cached_price: Decimal) -> Decimal:
        """Price its tokens."""
        return self.input * input_price + self.cached * cached_price + self.output * OUTPUT


def call_through_gateway(world: World) -> None:
    """Let a model that calls no foundation model otherwise call one through a gateway, a few times a day."""
    calls_already = {
        share.owner.model
        for line in world.ledger.lines
        if line.meter.product in (BEDROCK, HAIKU)
        for share in line.shares
    }
    chance = world.chance("gateway of models")
    model = chance.one([one for one in world.organisation.alive() if one.name not in calls_already])
    account = world.organisation.account_of(model.team, "prod")
    profile, clues = application_profile(world, model, FOUNDATION_CALLED)
    updated = world.window.at(0.6).replace(hour=0)
    gateway = f"arn:aws:sts::{account.id}:assumed-role/litellm-{chance.code(6)}/gateway"
    past_it = f"arn:aws:sts::{account.id}:assumed-role/notebook-{chance.code(6)}/{chance.one(model.team.members)}"
    for day in world.window.days():
        if day.weekday() >= _SATURDAY:
            continue
        calls = list(_calls(chance, day))
        missed = list(_calls(chance, day + 6 * HOUR))[:1] if day.weekday() == _WEDNESDAY else []
        failed = list(_calls(chance, day + 6 * HOUR))[:1] if day.weekday() == _MONDAY else []
        for call, caller in [*((one, gateway) for one in calls), *((one, past_it) for one in missed)]:
            _bill(world, profile, call, caller, clues)
        price = OLD_INPUT if day < updated else INPUT
        for call in calls + failed:
            _log(world, model, profile, call, price, chance, failed=call in failed)
        world.estimates.append(_told(model, day, calls, failed, missed, price))


def _calls(chance: Chance, day: datetime) -> Iterator[_Call]:
    """Long documents, of which most is the same each time and so comes from the cache."""
    for number in range(_CALLS):
        at = day + (_FIRST_HOUR + number) * HOUR + timedelta(minutes=chance.randrange(50))
        tokens = (
            chance.randrange(60_000, 120_000),
            chance.randrange(100_000, 180_000),
            chance.randrange(8_000, 20_000),
        )
        yield _Call(at, *(Decimal(count) / 1000 for count in tokens))


def _bill(world: World, profile: Resource, call: _Call, caller: str, clues: Any) -> None:
    begin = call.at.replace(minute=0)
    for (usage, rate), quantity in zip(_METERS, (call.input, call.cached, call.output), strict=True):
        meter = Meter(BEDROCK, usage, "InvokeModelInference", rate, "1K tokens", f"${rate} per 1K tokens for {usage}")
        told = {"line_item_iam_principal": caller}
        world.bill(profile, meter, quantity, begin, begin + HOUR, clues=clues, extra=told)


def _log(
    world: World, model: Model, profile: Resource, call: _Call, price: Decimal, chance: Chance, *, failed: bool
) -> None:
    """Record a row of LiteLLM_SpendLogs; what it tells of the cache stands in the usage that it passed on."""
    request = chance.uuid()
    tokens, cached = int((call.input + call.cached) * 1000), int(call.cached * 1000)
    body = {
        "request_id": request,
        "startTime": iso(call.at),
        "endTime": iso(call.at + timedelta(seconds=40)),
        "model": f"bedrock/converse/{profile.id}",
        "custom_llm_provider": "bedrock",
        "status": "failure" if failed else "success",
        "cache_hit": "False",
        "prompt_tokens": tokens,
        "completion_tokens": int(call.output * 1000),
        "spend": float(call.cost(price, price)),
        "metadata": {
            "user_api_key_alias": model.name,
            "user_api_key_team_alias": model.team.name,
            "usage_object": {"cache_read_input_tokens": cached},
        },
    }
    world.record(
        "litellm:SpendLog",
        request,
        profile.account,
        profile.region,
        body,
        created=call.at + DAY,
        is_event=True,
        tags=None,
        collector="litellm",
    )


def _told(
    model: Model, day: datetime, calls: list[_Call], failed: list[_Call], missed: list[_Call], price: Decimal
) -> Estimate:
    """What the gateway estimates of a day and why that is not the list price, in dollars."""
    return Estimate(
        day=day,
        model=model.name,
        calls=len(calls) + len(failed),
        estimated=sum((call.cost(price, price) for call in calls + failed), Decimal(0)),
        price=sum(((call.input + call.cached) * (price - INPUT) for call in calls), Decimal(0)),
        cache_tokens=sum((call.cached * (INPUT - CACHED) for call in calls), Decimal(0)),
        retries=sum((call.cost(price, price) for call in failed), Decimal(0)),
        missing_calls=-sum((call.cost(INPUT, CACHED) for call in missed), Decimal(0)),
    )
