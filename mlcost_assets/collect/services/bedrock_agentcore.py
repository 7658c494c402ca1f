"""Amazon Bedrock AgentCore: runtimes of agents, their memories and gateways, and own code interpreters and browsers.

What AWS made for everybody (aws.codeinterpreter.v1, aws.browser.v1) is left out: it is of no agent.
"""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look

_API = "bedrock-agentcore-control"


def _with_targets(look: Look, gateway: Any) -> Body:
    """The gateway, with Targets[]: the tools behind it."""
    of_gateway = {"gatewayIdentifier": gateway["gatewayId"]}
    told = look.call(f"{_API}:GetGateway", **of_gateway)
    body: Body = {name: value for name, value in told.items() if name != "ResponseMetadata"}
    listed = [one for page in look.pages(f"{_API}:ListGatewayTargets", of_gateway) for one in page["items"]]
    targets = [look.call(f"{_API}:GetGatewayTarget", **of_gateway, targetId=one["targetId"]) for one in listed]
    kept = ("targetId", "name", "targetConfiguration")
    return body | {"Targets": [{name: one[name] for name in kept if name in one} for one in targets]}


COLLECTIONS = [
    Listing(
        f"{_API}:GetAgentRuntime", "ListAgentRuntimes", "agentRuntimes[]", "{agentRuntimeArn}",
        describe={"agentRuntimeId": "agentRuntimeId"}, limit="maxResults",
    ),
    Listing(
        f"{_API}:GetMemory", "ListMemories", "memories[]", "{memory[arn]}",
        describe={"memoryId": "id"}, limit="maxResults",
    ),
    Listing(
        f"{_API}:GetGateway", "ListGateways", "items[]", "{gatewayArn}",
        describe=_with_targets, page=1000, limit="maxResults",
        calls=(f"{_API}:GetGateway", f"{_API}:ListGatewayTargets", f"{_API}:GetGatewayTarget"),
    ),
    Listing(
        f"{_API}:GetCodeInterpreter", "ListCodeInterpreters", "codeInterpreterSummaries[]", "{codeInterpreterArn}",
        describe={"codeInterpreterId": "codeInterpreterId"}, arguments={"type": "CUSTOM"}, limit="maxResults",
    ),
    Listing(
        f"{_API}:GetBrowser", "ListBrowsers", "browserSummaries[]", "{browserArn}",
        describe={"browserId": "browserId"}, arguments={"type": "CUSTOM"}, limit="maxResults",
    ),
]  # fmt: skip
