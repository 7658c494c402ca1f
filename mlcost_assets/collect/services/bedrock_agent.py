"""Amazon Bedrock Agents: agents with what they are connected to, knowledge bases and flows."""

from collections.abc import Iterator
from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look

_DRAFT = "DRAFT"  # what is being worked on, behind no alias but the test alias


def _connected(look: Look, agent: Any) -> Body:
    """The agent, with its aliases[], and of the versions that these serve the knowledgeBases[] and actionGroups[]."""
    of_agent = {"agentId": agent["agentId"]}
    aliases = list(_listed(look, "ListAgentAliases", "agentAliasSummaries", of_agent))
    routed = {route.get("agentVersion") for alias in aliases for route in alias.get("routingConfiguration", [])}
    body: Body = {"agent": look.call("bedrock-agent:GetAgent", **of_agent)["agent"], "aliases": aliases}
    body |= {"knowledgeBases": [], "actionGroups": []}
    for version in sorted({_DRAFT, *filter(None, routed)}):
        of_version = of_agent | {"agentVersion": version}
        for base in _listed(look, "ListAgentKnowledgeBases", "agentKnowledgeBaseSummaries", of_version):
            body["knowledgeBases"].append(base | {"agentVersion": version})
        for group in _listed(look, "ListAgentActionGroups", "actionGroupSummaries", of_version):
            asked = of_version | {"actionGroupId": group["actionGroupId"]}
            told = look.call("bedrock-agent:GetAgentActionGroup", **asked)["agentActionGroup"]
            # What people wrote for the model is nobody's cost.
            kept = ("actionGroupId", "actionGroupName", "actionGroupExecutor", "actionGroupState")
            body["actionGroups"].append(of_version | {name: told[name] for name in kept if name in told})
    return body


def _listed(look: Look, operation: str, member: str, arguments: dict[str, str]) -> Iterator[Any]:
    for page in look.pages(f"bedrock-agent:{operation}", arguments):
        yield from page[member]


COLLECTIONS = [
    Listing(
        "bedrock-agent:GetAgent", "ListAgents", "agentSummaries[]", "{agent[agentArn]}",
        describe=_connected, page=1000, limit="maxResults",
        calls=(
            "bedrock-agent:GetAgent", "bedrock-agent:ListAgentAliases", "bedrock-agent:ListAgentKnowledgeBases",
            "bedrock-agent:ListAgentActionGroups", "bedrock-agent:GetAgentActionGroup",
        ),
    ),
    Listing(
        "bedrock-agent:GetKnowledgeBase", "ListKnowledgeBases", "knowledgeBaseSummaries[]",
        "{knowledgeBase[knowledgeBaseArn]}",
        describe={"knowledgeBaseId": "knowledgeBaseId"}, page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock-agent:GetFlow", "ListFlows", "flowSummaries[]", "{arn}",
        describe={"flowIdentifier": "id"}, page=1000, limit="maxResults",
    ),
]  # fmt: skip
