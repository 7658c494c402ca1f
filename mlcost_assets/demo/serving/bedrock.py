"""Bedrock: application inference profiles, calls by role, and models that are billed through the Marketplace."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import BEDROCK, HAIKU
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.organisation.regions import REGIONS
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import MODEL, Clue, by_environment, by_model, by_name, by_person, by_team
from mlcost_assets.demo.truth.owners import Owner, of_model, of_team
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

MARKETPLACE = {
    "bill_billing_entity": "AWS Marketplace",
    "line_item_legal_entity": "Anthropic, PBC",
    "bill_invoicing_entity": "Amazon Web Services, Inc.",
}
FOUNDATION = "amazon.nova-lite-v1:0"
# Usage type, price of a thousand tokens, thousands of tokens an hour.
NOVA = (("NovaLite-input-tokens", "0.00006", 90_000), ("NovaLite-output-tokens", "0.00024", 15_000))
# Usage type, price of a million tokens, millions of tokens an hour.
HAIKU_TOKENS = (("InputTokenCount-Units", "1.1", "6.5"), ("OutputTokenCount-Units", "5.5", "1.4"))


def call_bedrock(world: World) -> None:
    """Let some models be applications of foundation models, and some people call Bedrock by hand."""
    chance = world.chance("bedrock")
    by_profile, by_role, through_marketplace = chance.some(world.organisation.models, 3)
    _call_by_profile(world, by_profile)
    _call_by_role(world, by_role)
    _call_through_marketplace(world, through_marketplace)
    for team in chance.some(world.organisation.teams, 2):
        _call_by_hand(world, team, chance)


def _call(
    world: World, resource: Resource, principal: str, scale: float, clues: Iterable[Clue], *, logs: bool = False
) -> None:
    """Call a foundation model of Amazon's in working hours; with `logs`, requests say for which model they are."""
    tags = _principal_tags(world, resource.owner, principal)
    clues = (*clues, by_team("tag of the IAM principal")) if tags else tuple(clues)
    for day in world.window.days():
        if day.weekday() >= 5:
            continue
        told = clues + _log_request(world, resource, principal, day + 9 * HOUR) if logs else clues
        for usage, rate, amount in NOVA:
            text = f"${rate} per 1K tokens for {usage}"
            world.bill(
                resource,
                Meter(BEDROCK, usage, "InvokeModelInference", Decimal(rate), "1K tokens", text),
                int(amount * scale),
                day + 9 * HOUR,
                day + 17 * HOUR,
                clues=told,
                extra={"line_item_iam_principal": principal},
                account_tags=tags,
            )


def _log_request(world: World, resource: Resource, principal: str, at: datetime) -> tuple[Clue, ...]:
    """Record a request in the log of invocations, and give what its metadata tells of the day."""
    owner, request = resource.owner, world.chance("request", principal, at).uuid()
    body = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": iso(at),
        "accountId": resource.account.id,
        "identity": {"arn": principal},
        "region": resource.region,
        "requestId": request,
        "operation": "Converse",
        "modelId": FOUNDATION,
        "requestMetadata": {"model": owner.model, "team": owner.team},
    }
    kind = "bedrock:ModelInvocationLog"
    key = world.record(kind, request, resource.account, resource.region, body, created=at, is_event=True, tags=None)
    text = "metadata of the requests"
    return Clue(text, frozenset({MODEL}), (key,)), by_team(text, key)


def _principal_tags(world: World, owner: Owner, principal: str) -> dict[str, str]:
    """Give the tags of the calling role, where people have tagged it."""
    carries = world.chance("principal tags", principal).random() < world.tagger.compliance
    return {"iamPrincipal/team": owner.team} if carries and owner.team else {}


def _call_by_hand(world: World, team: Team, chance: Chance) -> None:
    """People call from their own sessions: the session is named after the person."""
    account = world.organisation.ml_account("dev")
    person = chance.one(team.members)
    principal = f"arn:aws:sts::{account.id}:assumed-role/AWSReservedSSO_DataScientist_{chance.hex(16)}/{person}"
    resource = world.resource("", account, world.home, of_team(team, "dev", "inference"))
    _call(world, resource, principal, 0.4, [by_person(person, "IAM principal is a person of the team")])


def application_profile(world: World, model: Model, foundation: str = FOUNDATION) -> tuple[Resource, tuple[Clue, ...]]:
    """Make the application inference profile of one model's application, and say what its name tells."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("inference profile", model.name)
    profile_id = chance.code(12)
    arn = world.arn("bedrock", account, world.home, f"application-inference-profile/{profile_id}")
    habit = model.team.habit
    name = chance.one((habit.resource(model.name, "llm", environment="prod"), habit.resource(model.name)))
    owner = of_model(model, "prod", "inference")
    body = {
        "inferenceProfileName": name,
        "createdAt": iso(world.before(90)),
        "updatedAt": iso(world.before(90)),
        "inferenceProfileArn": arn,
        "models": [{"modelArn": f"arn:aws:bedrock:{world.home}::foundation-model/{foundation}"}],
        "inferenceProfileId": profile_id,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }
    tags = world.tags(arn, owner)
    profile = world.create(
        "bedrock:GetInferenceProfile", arn, account, world.home, owner, body, created=world.before(90), tags=tags
    )
    return profile, by_name(name, model, "prod", "name of the inference profile", profile.key)


def _call_by_profile(world: World, model: Model) -> None:
    """Call through an application inference profile of one model's application."""
    profile, clues = application_profile(world, model)
    chance = world.chance("instance that calls", model.name)
    principal = f"arn:aws:sts::{profile.account.id}:assumed-role/app-{chance.code(6)}/i-{chance.hex(17)}"
    _call(world, profile, principal, 1.6, clues)


def _role(model: Model, account: Account, chance: Chance, part: str) -> str:
    """Name the role of an application: mostly after the model, else after the team."""
    name = f"{model.name}-{part}" if chance.maybe(0.75) else f"{model.team.name}-{part}"
    return name if account.environment is not None else f"{name}-prod"


def _role_clues(model: Model, role: str) -> list[Clue]:
    clues = []
    if says(role, model.name):
        clues.append(by_model(model, "IAM principal names the model"))
    if says(role, model.team.name):
        clues.append(by_team("IAM principal names the team"))
    if says_environment(role, "prod"):
        clues.append(by_environment("IAM principal names the environment"))
    return clues


def _call_by_role(world: World, model: Model) -> None:
    """Call without a profile: only the role that calls tells for what."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("bedrock role", model.name)
    role = _role(model, account, chance, "app")
    principal = f"arn:aws:sts::{account.id}:assumed-role/{role}/{chance.code(8)}"
    resource = world.resource("", account, world.home, of_model(model, "prod", "inference"))
    _call(world, resource, principal, 1.0, _role_clues(model, role), logs=True)


def _call_through_marketplace(world: World, model: Model) -> None:
    """Call a third party's model, which AWS bills as a Marketplace product."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("marketplace", model.name)
    role = _role(model, account, chance, "worker")
    principal = f"arn:aws:sts::{account.id}:assumed-role/{role}/{chance.code(8)}"
    place = REGIONS[world.second]
    arn = world.arn(
        "bedrock",
        account,
        world.second,
        f"inference-profile/{place.geography}.anthropic.claude-haiku-4-5-20251001-v1:0",
    )
    owner = of_model(model, "prod", "inference")
    resource = world.resource(arn, account, world.second, owner)
    tags = _principal_tags(world, owner, principal)
    clues = _role_clues(model, role)
    if tags:
        clues.append(by_team("tag of the IAM principal"))
    for day in world.window.days():
        for usage, rate, amount in HAIKU_TOKENS:
            text = f"AWS Marketplace software usage|{world.second}|{place.prefix}_{usage}"
            world.bill(
                resource,
                Meter(HAIKU, f"MP:{place.prefix}_{usage}", "Usage", Decimal(rate), "Units", text),
                Decimal(amount) * Decimal(f"{chance.uniform(0.6, 1.4):.4f}"),
                day + 8 * HOUR,
                day + 16 * HOUR,
                clues=tuple(clues),
                extra={**MARKETPLACE, "line_item_iam_principal": principal},
                account_tags=tags,
            )
