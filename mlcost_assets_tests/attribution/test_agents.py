"""Agents pay for the tokens that their role calls, for what AgentCore runs for them, and for what only they look things up in."""

import pytest

from mlcost_assets_tests.attribution.scenarios import Owners, Paid, billed, given
from mlcost_assets_tests.exports import ACCOUNT, Row
from mlcost_assets_tests.world import Record, record

R = f"us-east-1:{ACCOUNT}"
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
BEDROCK, CORE = f"arn:aws:bedrock:{R}", f"arn:aws:bedrock-agentcore:{R}"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/service-role/{name}"


def tokens(cost: float, caller: str, resource: str = NOVA) -> Row:
    """Tokens of a caller, whose name stands for the operation too, for no published table tells the caller of a charge."""
    principal = f"arn:aws:sts::{ACCOUNT}:assumed-role/{caller}/BedrockAgents-session"
    return billed(
        "AmazonBedrock",
        "USE1-NovaLite-input-tokens",
        resource,
        cost,
        operation=caller,
        line_item_iam_principal=principal,
    )


def calls(paid: Paid, caller: str, columns: str = "agent") -> Owners:
    return paid.of(f"operation = '{caller}' AND resource_id = '{NOVA}'", columns)


def core(cost: float, resource: str) -> Row:
    return billed("AmazonBedrockAgentCore", "USE1-Runtime-vCPU", f"{CORE}:{resource}", cost)


def agent(id_: str, name: str, runs_as: str, *bases: str, **more: object) -> Record:
    told = {
        "agentId": id_,
        "agentName": name,
        "agentResourceRoleArn": role(runs_as),
        "createdAt": "2026-09-01T00:00:00Z",
    }
    listed = {
        "aliases": [{"agentAliasId": f"{id_}AL"}],
        "knowledgeBases": [{"knowledgeBaseId": base} for base in bases],
        "actionGroups": [],
    }
    return record("bedrock-agent:GetAgent", f"{BEDROCK}:agent/{id_}", {"agent": told} | listed | more)


def base(id_: str, **stored: object) -> Record:
    told = {"knowledgeBaseId": id_, "name": f"kb-{id_}", "roleArn": role(f"kbr-{id_}"), "storageConfiguration": stored}
    return record("bedrock-agent:GetKnowledgeBase", f"{BEDROCK}:knowledge-base/{id_}", {"knowledgeBase": told})


def collection(id_: str) -> dict[str, object]:
    return {"opensearchServerlessConfiguration": {"collectionArn": f"arn:aws:aoss:{R}:collection/{id_}"}}


def ocu(id_: str, cost: float) -> Row:
    return billed("AmazonES", "USE1-SearchOCU", f"arn:aws:aoss:{R}:collection/{id_}", cost)


# An agent of Bedrock: its role calls models, its knowledge bases keep vectors in three kinds of store, its tool is a function.
given(
    agent("AG52010001", "heron-dev", "r-5201-dev"),
    agent("AG52010000", "heron-prod", "r-5201", "KB52010000", "KB52010001", "KB52010002",
          actionGroups=[{"actionGroupExecutor": {"lambda": f"arn:aws:lambda:{R}:function:fn-5201"}}]),
    base("KB52010000", **collection("c5201")),
    base("KB52010001", s3VectorsConfiguration={"indexArn": f"arn:aws:s3vectors:{R}:bucket/v5201/index/i"}),
    base("KB52010002", rdsConfiguration={"resourceArn": f"arn:aws:rds:{R}:cluster:pg-5201"}),
    record("rds:DescribeDBClusters", f"arn:aws:rds:{R}:cluster:pg-5201",
           {"DBClusterIdentifier": "pg-5201", "DbClusterResourceId": "cluster-X5201", "DBClusterMembers": [{"DBInstanceIdentifier": "pg-5201-a"}]}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-5201", {"Configuration": {"FunctionName": "fn-5201"}}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:front-5201", {"Configuration": {"FunctionName": "front-5201", "Environment": {"Variables": {"AGENT_ID": "AG52010000"}}}}),
    billed=[
        tokens(8.0, "r-5201"), tokens(9.0, "r-5201-dev"), tokens(1.0, "kbr-KB52010000"), ocu("c5201", 2.0),
        billed("AmazonS3Vectors", "USE1-Vectors-ByteHrs", f"arn:aws:s3vectors:{R}:bucket/v5201", 3.0),
        billed("AmazonRDS", "USE1-Aurora:ServerlessV2Usage", f"arn:aws:rds:{R}:db:pg-5201-a", 4.0),
        billed("AmazonRDS", "USE1-Aurora:StorageUsage", f"arn:aws:rds:{R}:cluster:cluster-X5201", 5.0),
        billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:fn-5201", 6.0),
        billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:front-5201", 7.0),
    ],
)  # fmt: skip


def test_the_tokens_of_an_agents_own_role_are_the_agents_whatever_its_environment(paid: Paid) -> None:
    assert calls(paid, "r-5201", "agent, is_ml, stage") == {("heron", True, "inference"): 8}
    assert calls(paid, "r-5201-dev") == {"heron": 9}


def test_and_those_by_which_only_its_knowledge_base_embeds(paid: Paid) -> None:
    assert calls(paid, "kbr-KB52010000") == {"heron": 1}


@pytest.mark.parametrize(
    ("store", "cost"),
    [("collection/c5201", 2), ("bucket/v5201", 3), ("db:pg-5201-a", 4), ("cluster:cluster-X5201", 5)],
)
def test_a_store_of_vectors_that_one_agent_uses_is_that_agents(paid: Paid, store: str, cost: float) -> None:
    assert paid(store, "agent, is_ml") == {("heron", True): cost}


def test_so_are_its_tool_and_the_function_in_front_of_it(paid: Paid) -> None:
    assert paid("fn-5201", "agent, is_ml") == {("heron", True): 6}
    assert paid("front-5201", "agent, is_ml") == {("heron", True): 7}


def test_the_evidence_names_the_record_of_the_agent(paid: Paid) -> None:
    (told,) = paid.evidence("collection/c5201", "value, statement, sources[-1]", "dimension = 'agent'")
    assert told[:2] == ("heron", "is the agent heron-prod")
    assert told[2].startswith("records.jsonl:")


# Two agents run as one role and share a knowledge base.
given(
    agent("AG52020000", "stork", "r-5202", "KB52020000"),
    agent("AG52020001", "crane", "r-5202", "KB52020000"),
    base("KB52020000", **collection("c5202")),
    billed=[tokens(8.0, "r-5202"), tokens(1.0, "kbr-KB52020000"), ocu("c5202", 2.0)],
)


def test_of_a_role_that_two_agents_share_nobody_knows_the_agent(paid: Paid) -> None:
    assert calls(paid, "r-5202") == {None: 8}


def test_nor_of_a_knowledge_base_that_two_use(paid: Paid) -> None:
    assert calls(paid, "kbr-KB52020000") == {None: 1}
    assert paid("collection/c5202", "agent") == {None: 2}


# A function that is of no agent looks things up in the same store.
given(
    agent("AG52030000", "egret", "r-5203", "KB52030000"),
    base("KB52030000", **collection("c5203")),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-5203", {"Configuration": {"FunctionName": "fn-5203", "Environment": {"Variables": {"KNOWLEDGE_BASE_ID": "KB52030000"}}}}),
    billed=[ocu("c5203", 2.0), tokens(1.0, "kbr-KB52030000")],
)  # fmt: skip


def test_nor_of_one_that_somebody_else_uses_too(paid: Paid) -> None:
    assert paid("collection/c5203", "agent") == {None: 2}
    assert calls(paid, "kbr-KB52030000") == {None: 1}


# AgentCore bills runtime, memory, gateway, tools by their ARNs, and no caller.
given(
    record("bedrock-agentcore-control:GetAgentRuntime", f"{CORE}:runtime/ibis-a1B2c3D4e5", {
        "agentRuntimeId": "ibis-a1B2c3D4e5", "agentRuntimeName": "ibis", "roleArn": role("r-5204"), "createdAt": "2026-09-01T00:00:00Z",
        "environmentVariables": {"MEMORY_ID": "mem_5204-a1B2c3D4e5", "GATEWAY_URL": "https://gw-5204-a1b2c3d4e5.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp",
                                 "INTERPRETER": "ci_5204-a1B2c3D4e5", "MODEL": f"{BEDROCK}:application-inference-profile/aip5204"},
    }, tags={"team": "waders"}),
    record("bedrock-agentcore-control:GetMemory", f"{CORE}:memory/mem_5204-a1B2c3D4e5", {"memory": {"id": "mem_5204-a1B2c3D4e5", "name": "mem_5204"}}),
    record("bedrock-agentcore-control:GetGateway", f"{CORE}:gateway/gw-5204-a1b2c3d4e5",
           {"gatewayId": "gw-5204-a1b2c3d4e5", "gatewayUrl": "https://gw-5204-a1b2c3d4e5.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp", "name": "gw-5204", "Targets": []}),
    record("bedrock-agentcore-control:GetCodeInterpreter", f"{CORE}:code-interpreter-custom/ci_5204-a1B2c3D4e5", {"codeInterpreterId": "ci_5204-a1B2c3D4e5", "name": "ci_5204"}),
    record("bedrock-agentcore-control:GetBrowser", f"{CORE}:browser-custom/br_5204-a1B2c3D4e5", {"browserId": "br_5204-a1B2c3D4e5", "name": "br_5204"}, tags={"agent": "ibis"}),
    record("bedrock-agentcore-control:GetBrowser", f"{CORE}:browser-custom/br_5205-a1B2c3D4e5", {"browserId": "br_5205-a1B2c3D4e5", "name": "br_5205"}),
    record("bedrock:GetInferenceProfile", f"{BEDROCK}:application-inference-profile/aip5204", {"inferenceProfileName": "p-5204"}),
    billed=[
        core(1.0, "runtime/ibis-a1B2c3D4e5/runtime-endpoint/DEFAULT"), core(2.0, "memory/mem_5204-a1B2c3D4e5"), core(3.0, "gateway/gw-5204-a1b2c3d4e5"),
        core(4.0, "code-interpreter-custom/ci_5204-a1B2c3D4e5"), core(5.0, "browser-custom/br_5204-a1B2c3D4e5"), core(6.0, "browser-custom/br_5205-a1B2c3D4e5"),
        tokens(7.0, "r-5204"), tokens(8.0, "r-5204", f"{BEDROCK}:application-inference-profile/aip5204"),
        billed("AmazonCloudWatch", "USE1-DataProcessing-Bytes", f"arn:aws:logs:{R}:log-group:/aws/bedrock-agentcore/runtimes/ibis-a1B2c3D4e5-DEFAULT", 9.0),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "cost"),
    [
        ("runtime-endpoint/DEFAULT", 1), ("memory/mem_5204-a1B2c3D4e5", 2), ("gateway/gw-5204-a1b2c3d4e5", 3),
        ("code-interpreter-custom/ci_5204-a1B2c3D4e5", 4), ("browser-custom/br_5204-a1B2c3D4e5", 5),
        ("application-inference-profile/aip5204", 8), ("runtimes/ibis-a1B2c3D4e5-DEFAULT", 9),
    ],
)  # fmt: skip
def test_what_agentcore_bills_belongs_to_the_runtime_that_names_it_or_to_its_tag(
    paid: Paid, resource: str, cost: float
) -> None:
    assert paid(resource, "agent") == {"ibis": cost}


def test_tokens_of_a_runtimes_role_are_its_agents(paid: Paid) -> None:
    assert calls(paid, "r-5204", "agent, team") == {("ibis", "waders"): 7}


def test_of_a_browser_that_nothing_names_nobody_knows_the_agent(paid: Paid) -> None:
    assert paid("br_5205-a1B2c3D4e5", "agent, is_ml, stage") == {(None, True, "inference"): 6}


# A flow is an agent by its name; a rule wins over every record.
given(
    record("bedrock-agent:GetFlow", f"{BEDROCK}:flow/FL52060000", {"id": "FL52060000", "name": "avocet", "executionRoleArn": role("r-5206"), "createdAt": "2026-09-01T00:00:00Z"}),
    record("bedrock-agentcore-control:GetMemory", f"{CORE}:memory/mem_5206-a1B2c3D4e5", {"memory": {"id": "mem_5206-a1B2c3D4e5", "name": "mem_5206"}}, tags={"agent": "ibis"}),
    billed=[tokens(3.0, "r-5206"), core(4.0, "memory/mem_5206-a1B2c3D4e5")],
    rules="rules: [{name: r-agent, when: {resource_id: '*mem_5206-*'}, set: {agent: plover}}]",
)  # fmt: skip


def test_a_flow_pays_for_what_its_role_calls(paid: Paid) -> None:
    assert calls(paid, "r-5206") == {"avocet": 3}


def test_a_rule_wins(paid: Paid) -> None:
    assert paid("memory/mem_5206-a1B2c3D4e5", "agent, method") == {("plover", "rule"): 4}


def test_what_agents_cost_is_the_ml_spend_to_the_last_digit(paid: Paid) -> None:
    costs = paid.query("SELECT sum(effective_cost), sum(billed_cost), sum(list_cost) FROM agent_costs")
    assert costs == paid.query(
        "SELECT sum(effective_cost), sum(billed_cost), sum(list_cost) FROM attributed_costs WHERE is_ml"
    )
    heron = paid.query(
        "SELECT service_code, sum(effective_cost) FROM agent_costs WHERE agent = 'heron' GROUP BY ALL ORDER BY ALL"
    )
    assert heron == [
        ("AWSLambda", 13),
        ("AmazonBedrock", 18),
        ("AmazonES", 2),
        ("AmazonRDS", 9),
        ("AmazonS3Vectors", 3),
    ]
