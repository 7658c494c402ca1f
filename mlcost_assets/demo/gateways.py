"""Gateways: an API whose function calls an endpoint."""

from typing import Any

from mlcost_assets.demo.catalogue import (
    API_GATEWAY,
    LAMBDA,
)
from mlcost_assets.demo.charges import bill_daily
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, Clue, named, of_model
from mlcost_assets.demo.world import HostedEndpoint, World, environment_in, flat

SYSTEM_STACK = "aws:cloudformation:stack-name"


def open_gateways(world: World) -> None:
    """Put an API and a function before some production endpoints."""
    production = [endpoint for endpoint in world.endpoints if endpoint.environment == "prod"]
    for number, endpoint in enumerate(production):
        if number == 0 or world.chance("gateway", endpoint.name).maybe(0.5):
            _gateway(world, endpoint)


def _gateway(world: World, endpoint: HostedEndpoint) -> None:
    """An API whose function calls the endpoint."""
    model, account, region = endpoint.model, endpoint.resource.account, endpoint.resource.region
    chance = world.chance("api", endpoint.name)
    function = chance.one(
        (
            f"{endpoint.name}-invoke",
            f"predict-{chance.code(5)}",
            f"{model.team.name}-gateway-{chance.code(4)}",
        )
    )
    function_arn = world.arn("lambda", account, region, f"function:{function}")
    owner = of_model(model, endpoint.environment, "inference")
    system = {SYSTEM_STACK: model.team.habit.resource(model.name, "api")}
    tags = world.tags(function_arn, owner, system)
    body: dict[str, Any] = {
        "Configuration": {
            "FunctionName": function,
            "FunctionArn": function_arn,
            "Runtime": "python3.12",
            "Role": f"arn:aws:iam::{account.id}:role/{function}-role",
            "Handler": "app.handler",
            "MemorySize": 1024,
            "Timeout": 30,
            "LastModified": iso(world.before(15)),
            "Environment": {"Variables": {"ENDPOINT_NAME": endpoint.name}},
        },
        "Tags": tags.on(world.window.start),
    }
    key = world.record("lambda:GetFunction", function_arn, account, region, body, created=world.before(15), tags=tags)
    clues = tuple(
        Clue(f"function calls an endpoint: {clue.text}", clue.tells, (key, *clue.needs), clue.also)
        for clue in endpoint.clues
    )
    if flat(model.name) in flat(endpoint.name):
        clues += (Clue("function names an endpoint", frozenset({MODEL}), (key,), (named(model.name),)),)
    if environment_in(endpoint.name, endpoint.environment):
        clues += (Clue("function names an endpoint", frozenset({ENVIRONMENT}), (key,)),)
    if flat(model.name) in flat(system[SYSTEM_STACK]):
        billed = world.tagger.is_active(SYSTEM_STACK, world.window.start)
        clues += (Clue("CloudFormation stack", frozenset({MODEL}), () if billed else (key,), (named(model.name),)),)
    resource = world.resource(function_arn, account, region, owner, key=key, tags=tags)
    calls = chance.randrange(2, 40)
    bill_daily(
        world,
        resource,
        LAMBDA,
        "Lambda-GB-Second",
        "Invoke",
        calls * 40_000,
        "0.0000166667",
        "Lambda-GB-Second",
        clues,
    )
    bill_daily(world, resource, LAMBDA, "Request", "Invoke", calls * 100_000, "0.0000002", "Requests", clues)
    _rest_api(world, endpoint, function_arn, clues, calls)


def _rest_api(world: World, endpoint: HostedEndpoint, function_arn: str, clues: tuple[Clue, ...], calls: int) -> None:
    model, account, region = endpoint.model, endpoint.resource.account, endpoint.resource.region
    chance = world.chance("rest api", endpoint.name)
    api_id = chance.code(10)
    arn = f"arn:aws:apigateway:{region}::/restapis/{api_id}/stages/prod"
    owner = of_model(model, endpoint.environment, "networking")
    uri = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    body = {
        "id": api_id,
        "name": chance.one((f"{model.team.name}-api", f"api-{chance.code(4)}")),
        "createdDate": iso(world.before(100)),
        "apiKeySource": "HEADER",
        "Integrations": [{"httpMethod": "POST", "path": "/predict", "type": "AWS_PROXY", "uri": uri}],
    }
    api_arn = f"arn:aws:apigateway:{region}::/restapis/{api_id}"
    key = world.record("apigateway:GetRestApis", api_arn, account, region, body, created=world.before(100))
    on = tuple(Clue(f"gateway, {clue.text}", clue.tells, (key, *clue.needs), clue.also) for clue in clues)
    resource = world.resource(arn, account, region, owner, key=key)
    bill_daily(
        world,
        resource,
        API_GATEWAY,
        "ApiGatewayRequest",
        "ApiGatewayRequest",
        calls * 100_000,
        "0.0000035",
        "Requests",
        on,
    )
