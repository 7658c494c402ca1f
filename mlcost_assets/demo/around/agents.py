"""Agents: one of Bedrock Agents with its tool, and one that AgentCore runs with its memory."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.around.gateways import COMPUTE, INVOCATIONS
from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.money.meters import Meter, daily
from mlcost_assets.demo.money.products import AGENTCORE, BEDROCK
from mlcost_assets.demo.organisation import words
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.naming import says_environment
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.serving.bedrock import FOUNDATION, NOVA
from mlcost_assets.demo.truth.clues import Clue, by_agent, by_environment, by_team
from mlcost_assets.demo.truth.owners import Owner, of_team
from mlcost_assets.demo.world.world import World

# What AgentCore counts of a runtime and of a memory, and how much of it a day takes (aws.amazon.com/bedrock/agentcore).
RUNTIME = (
    (daily(AGENTCORE, "Runtime:Consumption-based:vCPU", "InvokeAgentRuntime", "0.0895", "vCPU-Hours"), 21),
    (daily(AGENTCORE, "Runtime:Consumption-based:Memory", "InvokeAgentRuntime", "0.00945", "GB-Hours"), 64),
)
EVENTS = daily(AGENTCORE, "Memory:Consumption-based:ShortTermMemory", "CreateEvent", "0.00025", "Events")


def run_agents(world: World) -> None:
    """Let two teams run an agent each."""
    chance = world.chance("agents")
    makers = chance.some(world.organisation.teams[:-1], 2)
    for name, team, run in zip(
        chance.some(words.AGENTS, 2), makers, (_run_bedrock_agent, _run_on_agentcore), strict=True
    ):
        run(world, _Agent(world, name, team))


class _Agent:
    """An agent in production, and the role of its own by which it calls models."""

    def __init__(self, world: World, name: str, team: Team):
        self.world, self.name = world, name
        self.account: Account = world.organisation.account_of(team, "prod")
        self.owner: Owner = of_team(team, "prod", "inference", agent=name)
        self.chance = world.chance("agent", name)
        self.role = f"{team.name}-{name}-agent" + ("" if self.account.environment else "-prod")
        self.created = world.before(self.chance.randrange(20, 80))

    @property
    def role_arn(self) -> str:
        """The ARN of its role."""
        return f"arn:aws:iam::{self.account.id}:role/{self.role}"

    def clues(self, text: str, *needs: str) -> tuple[Clue, ...]:
        """Give what the agent's record and the name of its role tell of something that is the agent's."""
        told: tuple[Clue, ...] = (by_agent(text, *needs), by_team(f"{text}: its role names the team", *needs))
        if says_environment(self.role, "prod"):
            told += (by_environment(f"{text}: its role names the environment", *needs),)
        return told

    def call_models(self, key: str, scale: float) -> None:
        """Call a foundation model for an hour of each working day, by the role alone."""
        world = self.world
        principal = f"arn:aws:sts::{self.account.id}:assumed-role/{self.role}/{self.chance.code(8)}"
        resource = world.resource("", self.account, world.home, self.owner)
        clues = self.clues("IAM principal is the role of an agent", key)
        for day in world.window.days():
            for usage, rate, amount in NOVA if day.weekday() < 5 else ():
                text = f"${rate} per 1K tokens for {usage}"
                meter = Meter(BEDROCK, usage, "InvokeModelInference", Decimal(rate), "1K tokens", text)
                begin = day + 11 * HOUR
                told = {"line_item_iam_principal": principal}
                world.bill(resource, meter, int(amount * scale), begin, begin + HOUR, clues=clues, extra=told)


def _run_bedrock_agent(world: World, agent: _Agent) -> None:
    """Run an agent of Bedrock Agents: an alias that serves a version, and a function as its tool."""
    account, chance, created = agent.account, agent.chance, agent.created
    agent_id, alias = chance.code(10).upper(), chance.code(10).upper()
    arn = world.arn("bedrock", account, world.home, f"agent/{agent_id}")
    tool = world.arn("lambda", account, world.home, f"function:tool-{chance.code(6)}")
    group = {
        "agentId": agent_id,
        "agentVersion": "1",
        "actionGroupId": chance.code(10).upper(),
        "actionGroupName": "lookup",
        "actionGroupExecutor": {"lambda": tool},
        "actionGroupState": "ENABLED",
    }
    body: dict[str, Any] = {
        "agent": {
            "agentId": agent_id,
            "agentName": agent.name,
            "agentArn": arn,
            "agentVersion": "DRAFT",
            "agentStatus": "PREPARED",
            "idleSessionTTLInSeconds": 600,
            "agentResourceRoleArn": agent.role_arn,
            "foundationModel": FOUNDATION,
            "createdAt": iso(created),
            "updatedAt": iso(created),
            "preparedAt": iso(created),
        },
        "aliases": [
            {
                "agentAliasId": alias,
                "agentAliasName": "live",
                "routingConfiguration": [{"agentVersion": "1"}],
                "agentAliasStatus": "PREPARED",
                "createdAt": iso(created + timedelta(hours=1)),
                "updatedAt": iso(created + timedelta(hours=1)),
            }
        ],
        "knowledgeBases": [],
        "actionGroups": [group],
    }
    tags = world.tags(arn, agent.owner)
    key = world.record("bedrock-agent:GetAgent", arn, account, world.home, body, created=created, tags=tags)
    agent.call_models(key, 3.0)
    _bill_tool(world, agent, tool, key)


def _bill_tool(world: World, agent: _Agent, arn: str, agent_key: str) -> None:
    name = arn.rsplit(":", 1)[1]
    configuration = {
        "FunctionName": name,
        "FunctionArn": arn,
        "Runtime": "python3.12",
        "Role": f"arn:aws:iam::{agent.account.id}:role/{name}-role",
        "Handler": "tool.handler",
        "MemorySize": 512,
        "LastModified": iso(agent.created),
    }
    function = world.create(
        "lambda:GetFunction",
        arn,
        agent.account,
        world.home,
        agent.owner,
        {"Configuration": configuration},
        created=agent.created,
    )
    clues = agent.clues("function is the tool of an agent", function.key, agent_key)
    world.bill(function, COMPUTE, 160_000, clues=clues)
    world.bill(function, INVOCATIONS, 300_000, clues=clues)


def _run_on_agentcore(world: World, agent: _Agent) -> None:
    """Run an agent on AgentCore, which bills its runtime and its memory by their ARNs and tells no caller."""
    account, chance, created = agent.account, agent.chance, agent.created
    runtime_id = f"{agent.name}-{chance.code(10)}"
    memory_id = f"mem_{chance.code(6)}-{chance.code(10)}"
    arn = world.arn("bedrock-agentcore", account, world.home, f"runtime/{runtime_id}")
    image = f"{account.id}.dkr.ecr.{world.home}.amazonaws.com/agents:{chance.hex(12)}"
    body: dict[str, Any] = {
        "agentRuntimeArn": arn,
        "agentRuntimeName": agent.name,
        "agentRuntimeId": runtime_id,
        "agentRuntimeVersion": "1",
        "createdAt": iso(created),
        "lastUpdatedAt": iso(created),
        "roleArn": agent.role_arn,
        "networkConfiguration": {"networkMode": "PUBLIC"},
        "status": "READY",
        "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": image}},
        "environmentVariables": {"MEMORY_ID": memory_id, "MODEL_ID": FOUNDATION},
    }
    runtime = world.create(
        "bedrock-agentcore-control:GetAgentRuntime",
        arn,
        account,
        world.home,
        agent.owner,
        body,
        created=created,
        tags=world.tags(arn, agent.owner),
        billed_as=f"{arn}/runtime-endpoint/DEFAULT",
    )
    for meter, quantity in RUNTIME:
        world.bill(runtime, meter, quantity, clues=agent.clues("runtime is an agent", runtime.key))
    memory_arn = world.arn("bedrock-agentcore", account, world.home, f"memory/{memory_id}")
    told = {"arn": memory_arn, "id": memory_id, "name": memory_id.rsplit("-", 1)[0], "eventExpiryDuration": 30}
    stamps = {"status": "ACTIVE", "createdAt": iso(created), "updatedAt": iso(created)}
    kind = "bedrock-agentcore-control:GetMemory"
    memory = world.create(
        kind, memory_arn, account, world.home, agent.owner, {"memory": told | stamps}, created=created
    )
    world.bill(memory, EVENTS, 14_000, clues=agent.clues("memory is an agent's", memory.key, runtime.key))
    agent.call_models(runtime.key, 2.0)
