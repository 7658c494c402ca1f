"""Gateways: an API whose function calls an endpoint."""

from typing import Any

from mlcost_assets.demo.around.logs import INGESTION, log_group
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import daily
from mlcost_assets.demo.money.products import API_GATEWAY, LAMBDA
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, by_name, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import HostedEndpoint, Resource
from mlcost_assets.demo.world.world import World

STACK = "aws:cloudformation:stack-name"
COMPUTE = daily(LAMBDA, "Lambda-GB-Second", "Invoke", "0.0000166667", "Lambda-GB-Second")
INVOCATIONS = daily(LAMBDA, "Request", "Invoke", "0.0000002", "Requests")
REQUESTS = daily(API_GATEWAY, "ApiGatewayRequest", "ApiGatewayRequest", "0.0000035", "Requests")


def open_gateways(world: World) -> None:
    """Put an API and a function before some production endpoints."""
    production = [endpoint for endpoint in world.endpoints if endpoint.environment == "prod"]
    for number, endpoint in enumerate(production):
        if number == 0 or world.chance("gateway", endpoint.name).maybe(0.5):
            _open(world, endpoint)


def _open(world: World, endpoint: HostedEndpoint) -> None:
    chance = world.chance("api", endpoint.name)
    name = chance.one(
        (
            f"{endpoint.name}-invoke",
            f"predict-{chance.code(5)}",
            f"{endpoint.model.team.name}-gateway-{chance.code(4)}",
        )
    )
    function, clues = _deploy_function(world, endpoint, name)
    calls = chance.randrange(2, 40)
    world.bill(function, COMPUTE, calls * 40_000, clues=clues)
    world.bill(function, INVOCATIONS, calls * 100_000, clues=clues)
    group = f"/aws/lambda/{name}"
    logs = log_group(world, function.account, function.region, group, function.owner.at("monitoring"))
    world.bill(logs, INGESTION, calls, clues=through("log group of a function: ", clues))
    _open_api(world, endpoint, function, clues, calls)


def _deploy_function(world: World, endpoint: HostedEndpoint, name: str) -> tuple[Resource, tuple[Clue, ...]]:
    """Deploy the function that calls an endpoint, and say how it leads to the endpoint's model."""
    model, account, region = endpoint.model, endpoint.resource.account, endpoint.resource.region
    arn = world.arn("lambda", account, region, f"function:{name}")
    owner = of_model(model, endpoint.environment, "inference")
    stack = model.team.habit.resource(model.name, "api")
    tags = world.tags(arn, owner, {STACK: stack})
    body: dict[str, Any] = {
        "Configuration": {
            "FunctionName": name,
            "FunctionArn": arn,
            "Runtime": "python3.12",
            "Role": f"arn:aws:iam::{account.id}:role/{name}-role",
            "Handler": "app.handler",
            "MemorySize": 1024,
            "Timeout": 30,
            "LastModified": iso(world.before(15)),
            "Environment": {"Variables": {"ENDPOINT_NAME": endpoint.name}},
        },
        "Tags": tags.on(world.window.start),
    }
    function = world.create(
        "lambda:GetFunction", arn, account, region, owner, body, created=world.before(15), tags=tags
    )
    clues = through("function calls an endpoint: ", endpoint.clues, function.key)
    clues += by_name(endpoint.name, model, endpoint.environment, "function names an endpoint", function.key)
    if says(stack, model.name):
        billed = world.tagger.is_active(STACK, world.window.start)
        clues += (by_model(model, "CloudFormation stack", *(() if billed else (function.key,))),)
    return function, clues


def _open_api(world: World, endpoint: HostedEndpoint, function: Resource, clues: tuple[Clue, ...], calls: int) -> None:
    model, account, region = endpoint.model, function.account, function.region
    chance = world.chance("rest api", endpoint.name)
    api_id = chance.code(10)
    arn = f"arn:aws:apigateway:{region}::/restapis/{api_id}"
    uri = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function.id}/invocations"
    body = {
        "id": api_id,
        "name": chance.one((f"{model.team.name}-api", f"api-{chance.code(4)}")),
        "createdDate": iso(world.before(100)),
        "apiKeySource": "HEADER",
        "Integrations": [{"httpMethod": "POST", "path": "/predict", "type": "AWS_PROXY", "uri": uri}],
    }
    api = world.create(
        "apigateway:GetRestApis",
        arn,
        account,
        region,
        of_model(model, endpoint.environment, "networking"),
        body,
        created=world.before(100),
        billed_as=f"{arn}/stages/prod",
    )
    world.bill(api, REQUESTS, calls * 100_000, clues=through("gateway, ", clues, api.key))
