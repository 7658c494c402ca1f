"""Bedrock: application inference profiles, calls by role, and models that are billed through the Marketplace."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import BEDROCK
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.ledger import Product
from mlcost_assets.demo.organisation import EUROPE, US, Model
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, TEAM, Clue, named, of_model, of_team
from mlcost_assets.demo.world import World, environment_in, flat

MARKETPLACE = Product("7g37zhparap7eesm9k78jrzqc", "Claude Haiku 4.5 (Amazon Bedrock Edition)")
MARKETPLACE_EXTRA = {
    "bill_billing_entity": "AWS Marketplace",
    "line_item_legal_entity": "Anthropic, PBC",
    "bill_invoicing_entity": "Amazon Web Services, Inc.",
}
FOUNDATION = "amazon.nova-lite-v1:0"
NOVA = (
    ("NovaLite-input-tokens", Decimal("0.00006"), 90_000),
    ("NovaLite-output-tokens", Decimal("0.00024"), 15_000),
)
HAIKU = (
    ("InputTokenCount-Units", Decimal("1.1"), Decimal("6.5")),
    ("OutputTokenCount-Units", Decimal("5.5"), Decimal("1.4")),
)


def call_bedrock(world: World) -> None:
    """Let some models be applications of foundation models, and some people call Bedrock by hand."""
    chance = world.chance("bedrock")
    for number, model in enumerate(chance.some(world.organisation.models, 3)):
        if number == 0:
            _profile(world, model)
        elif number == 1:
            _by_role(world, model)
        else:
            _marketplace(world, model)
    for team in chance.some(world.organisation.teams, 2):
        account = world.organisation.ml_account("dev")
        person = chance.one(team.members)
        principal = f"arn:aws:sts::{account.id}:assumed-role/AWSReservedSSO_DataScientist_{chance.hex(16)}/{person}"
        owner = of_team(team, "dev", "inference")
        clue = Clue("IAM principal is a person of the team", frozenset({TEAM}), (), (f"team of {person}",))
        _calls(world, "", account.id, US, owner, (clue,), principal, 0.4)


def _calls(
    world: World,
    billing_id: str,
    account_id: str,
    region: str,
    owner: Any,
    clues: tuple[Clue, ...],
    principal: str,
    scale: float,
    tags: Any = None,
    key: str = "",
) -> None:
    account = next(account for account in world.organisation.accounts if account.id == account_id)
    resource = world.resource(billing_id, account, region, owner, key=key, tags=tags)
    account_tags = _principal_tags(world, owner, principal)
    if account_tags.get("iamPrincipal/team"):
        clues += (Clue("tag of the IAM principal", frozenset({TEAM})),)
    for day in world.window.days():
        if day.weekday() >= 5:
            continue
        for usage, rate, amount in NOVA:
            world.bill(
                resource,
                BEDROCK,
                usage,
                "InvokeModelInference",
                day + 9 * HOUR,
                day + 17 * HOUR,
                quantity=int(amount * scale),
                rate=rate,
                unit="1K tokens",
                clues=clues,
                description=f"${rate} per 1K tokens for {usage}",
                extra={"line_item_iam_principal": principal},
                account_tags=account_tags,
            )


def _principal_tags(world: World, owner: Any, principal: str) -> dict[str, str]:
    """Give the tags of the calling role, where people have tagged it."""
    carries = world.chance("principal tags", principal).random() < world.tagger.compliance
    return {"iamPrincipal/team": owner.team} if carries else {}


def _profile(world: World, model: Model) -> None:
    """An application inference profile of one model's application."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("inference profile", model.name)
    profile_id = chance.code(12)
    arn = world.arn("bedrock", account, US, f"application-inference-profile/{profile_id}")
    name = chance.one(
        (
            model.team.habit.resource(model.name, "llm", environment="prod"),
            model.team.habit.resource(model.name),
        )
    )
    owner = of_model(model, "prod", "inference")
    tags = world.tags(arn, owner)
    body = {
        "inferenceProfileName": name,
        "createdAt": iso(world.before(90)),
        "updatedAt": iso(world.before(90)),
        "inferenceProfileArn": arn,
        "models": [{"modelArn": f"arn:aws:bedrock:{US}::foundation-model/{FOUNDATION}"}],
        "inferenceProfileId": profile_id,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }
    key = world.record("bedrock:GetInferenceProfile", arn, account, US, body, created=world.before(90), tags=tags)
    clues = []
    if flat(model.name) in flat(name):
        clues.append(Clue("name of the inference profile", frozenset({MODEL}), (key,), (named(model.name),)))
    if environment_in(name, "prod"):
        clues.append(Clue("name of the inference profile", frozenset({ENVIRONMENT}), (key,)))
    principal = f"arn:aws:sts::{account.id}:assumed-role/app-{chance.code(6)}/i-{chance.hex(17)}"
    _calls(world, arn, account.id, US, owner, tuple(clues), principal, 1.6, tags, key)


def _role_name(world: World, model: Model, chance: Chance, part: str) -> str:
    """Name the role of an application: mostly after the model, else after the team."""
    name = f"{model.name}-{part}" if chance.maybe(0.75) else f"{model.team.name}-{part}"
    separate = world.organisation.ml_account("prod").environment is not None
    return name if separate else f"{name}-prod"


def _role_clues(model: Model, role: str) -> tuple[Clue, ...]:
    clues = []
    if flat(model.name) in flat(role):
        clues.append(Clue("IAM principal names the model", frozenset({MODEL}), (), (named(model.name),)))
    if flat(model.team.name) in flat(role):
        clues.append(Clue("IAM principal names the team", frozenset({TEAM})))
    if environment_in(role, "prod"):
        clues.append(Clue("IAM principal names the environment", frozenset({ENVIRONMENT})))
    return tuple(clues)


def _by_role(world: World, model: Model) -> None:
    """Calls without a profile: only the role that calls tells for what."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("bedrock role", model.name)
    role = _role_name(world, model, chance, "app")
    principal = f"arn:aws:sts::{account.id}:assumed-role/{role}/{chance.code(8)}"
    owner = of_model(model, "prod", "inference")
    _calls(world, "", account.id, US, owner, _role_clues(model, role), principal, 1.0)


def _marketplace(world: World, model: Model) -> None:
    """A third party's model, which AWS bills as a Marketplace product."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("marketplace", model.name)
    role = _role_name(world, model, chance, "worker")
    principal = f"arn:aws:sts::{account.id}:assumed-role/{role}/{chance.code(8)}"
    arn = world.arn("bedrock", account, EUROPE, "inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0")
    owner = of_model(model, "prod", "inference")
    resource = world.resource(arn, account, EUROPE, owner)
    account_tags = _principal_tags(world, owner, principal)
    clues = _role_clues(model, role)
    if account_tags:
        clues += (Clue("tag of the IAM principal", frozenset({TEAM})),)
    for day in world.window.days():
        for usage, rate, amount in HAIKU:
            world.bill(
                resource,
                MARKETPLACE,
                f"MP:EU_{usage}",
                "Usage",
                day + 8 * HOUR,
                day + 8 * HOUR + timedelta(hours=8),
                quantity=(Decimal(amount) * Decimal(f"{chance.uniform(0.6, 1.4):.4f}")),
                rate=rate,
                unit="Units",
                clues=clues,
                description=f"AWS Marketplace software usage|{EUROPE}|EU_{usage}",
                extra={**MARKETPLACE_EXTRA, "line_item_iam_principal": principal},
                account_tags=account_tags,
            )
