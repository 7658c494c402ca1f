"""Every service's file against the service models: operations, arguments, paths and ids all exist, and records come out.

Nothing here is hand-made but what a model cannot tell (JSON inside a text); answers are made up from output shapes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from mlcost_assets.collect.calls import page
from mlcost_assets.collect.engine import look_at
from mlcost_assets.collect.listing import Collection, Found, Listing
from mlcost_assets.collect.look import Look
from mlcost_assets.collect.places import AccountSession, Place
from mlcost_assets.collect.plain import plain
from mlcost_assets.collect.policy import allowed_operations
from mlcost_assets.collect.services import services
from mlcost_assets.config.settings import Account, Metadata
from mlcost_assets.metadata.kinds import known_kinds
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, PAGES, FakeAws

COLLECTIONS = [one for listed in services().values() for one in listed]
NOW = datetime(2026, 10, 5, 6, tzinfo=UTC)

# What docs/contract.md#metadata-records adds to an answer, and where Search tells more than the operation.
ADDED = {
    "sagemaker:ListPipelineExecutionSteps": {"PipelineExecutionArn"},
    "elbv2:DescribeLoadBalancers": {"TargetGroups"},
    "apigateway:GetRestApis": {"Integrations"},
    "apigatewayv2:GetApis": {"Integrations"},
    "cloudtrail:LookupEvents": {"CloudTrailEvent"},
    "elasticache:DescribeCacheClusters": {"ReplicationGroup"},
    "kafka:DescribeClusterV2": {"BootstrapBrokers"},
    "bedrock-agent:GetAgent": {"aliases", "knowledgeBases", "actionGroups"},
    "bedrock-agentcore-control:GetGateway": {"Targets"},
}
TOKENS = {"NextToken", "nextToken", "NextMarker", "Marker", "marker", "LastEvaluatedTableName"}
OF_SEARCH = {"Tags", "Parents", "RunName", "SourceDetail", "TrialComponentSummaries", "PipelineParameters",
             "PipelineVersionDisplayName"}  # fmt: skip
WITHOUT_SHAPE = {"s3:PrefixUsage", "cloudwatch:GetMetricData"}
SINGLE = {"organizations:DescribeAccount", "ecs:DescribeTaskDefinition"}
SERVICE_MODELS = {"tagging": "resourcegroupstaggingapi"}


@pytest.fixture
def answering(aws: FakeAws) -> FakeAws:
    """What output shapes cannot tell."""
    app = {"DomainId": "d", "SpaceName": "s", "AppType": "JupyterLab", "AppName": "default"}
    aws.answers |= {
        "sagemaker:ListApps": {"Apps": [app | {"Status": "InService"}, app | {"Status": "Deleted"}]},
        "organizations:DescribeOrganization": {"Organization": {"MasterAccountId": ACCOUNT}},
        "cloudtrail:LookupEvents": {
            "Events": [{"EventId": "e", "CloudTrailEvent": '{"userIdentity": {"type": "Root"}}'}]
        },
        "kms:DescribeKey": lambda asked: {"KeyMetadata": key(asked["KeyId"])},
        "s3:ListBucketInventoryConfigurations": {"IsTruncated": False},
        "s3:ListObjectsV2": {"Contents": [{"Key": "a/b", "Size": 5}]},
        "resourcegroupstaggingapi:GetResources": {
            "ResourceTagMappingList": [
                {
                    "ResourceARN": f"arn:aws:rds:us-east-1:{ACCOUNT}:db:features",
                    "Tags": [{"Key": "team", "Value": "risk"}],
                },
                {"ResourceARN": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:app/d/u/t/a", "Tags": []},
            ]
        },
        "cloudwatch:GetMetricData": lambda asked: {
            "MetricDataResults": [{"Id": asked["MetricDataQueries"][0]["Id"], "Timestamps": [NOW], "Values": [3.0]}]
        },
    }
    return aws


def key(id_: str) -> dict[str, Any]:
    return {"KeyId": id_, "Arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{id_}", "KeyManager": "CUSTOMER"}


def look(since: datetime | None = None) -> Look:
    session = AccountSession(Account(account_id=ACCOUNT, regions=["us-east-1"]), allowed_operations())
    return Look(Place(ACCOUNT, "us-east-1", session, "us-east-1"), Metadata(uri="nowhere"), NOW, since)


def found(collection: Collection, since: datetime | None = None) -> list[Found]:
    looking = look(since)
    things = list(look_at(collection, looking))
    assert looking.failures == []
    return things


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: str(one.kind))
def test_it_gives_records_with_ids_and_asks_for_just_what_it_declares(
    collection: Collection, answering: FakeAws
) -> None:
    things = found(collection)
    assert things
    for thing in things:
        assert re.fullmatch(r"[^{}]+", thing.id)
        assert plain(thing.body)
        assert thing.tags is None or isinstance(thing.tags, dict)
    declared = set(collection.operations) - ({"s3:GetObject"} if collection.kind == "s3:PrefixUsage" else set())
    tagging = {"resourcegroupstaggingapi:GetResources"}
    assert set(answering.calls) - tagging == declared - tagging
    assert set(answering.calls) <= allowed_operations()


@pytest.mark.parametrize(
    "collection", [one for one in COLLECTIONS if isinstance(one, Listing)], ids=lambda one: str(one.kind)
)
def test_all_pages_are_read(collection: Listing, answering: FakeAws) -> None:
    if f"{collection.service}:{collection.list}" in answering.answers:
        pytest.skip("answered by hand")
    ids = [thing.id for thing in found(collection)]
    pages = sum(name == f"{collection.service}:{collection.list}" for name, _ in answering.asked)
    assert pages >= pages_of(collection)
    assert len(ids) >= 2


def pages_of(collection: Listing) -> int:
    """How many pages a made-up answer has: an operation without a token (OpenSearch's ListDomainNames) tells all at once."""
    told = botocore.session.get_session().get_service_model(collection.service).operation_model(collection.list)
    more = {name for name in told.output_shape.members if name.lower() in PAGES or name.endswith("Truncated")}
    return 2 if more else 1


@pytest.mark.parametrize(
    "collection", [one for one in COLLECTIONS if isinstance(one, Listing)], ids=lambda one: str(one.kind)
)
def test_the_calls_of_the_documented_count_are_those_that_are_made(collection: Listing, answering: FakeAws) -> None:
    asked = {f"{collection.service}:{collection.list}"} | set(collection.operations)
    if asked & set(answering.answers) or callable(collection.describe):
        pytest.skip("answered by hand, or described by several calls")
    items = len(found(collection))
    # Made-up answers have two pages where there are pages, of four parents where there are parents.
    parents = 4 if collection.within else 1
    as_made_up = replace(
        collection,
        page=items // (pages_of(collection) * parents * len(collection.each)),
        within=collection.within and replace(collection.within, page=2),
    )
    calls = sum(number for name, number in answering.calls.items() if not name.startswith("resourcegroupstagging"))
    each = items // len(collection.each)
    assert calls == as_made_up.expected_calls(each, parents) + (items - each if collection.describe else 0)


def test_the_documented_count_is_the_codes() -> None:
    docs = Path(__file__).parents[2] / "docs" / "collect-calls.md"
    assert docs.read_text(encoding="utf-8").splitlines() == list(page())


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: str(one.kind))
def test_a_body_has_the_fields_of_the_kinds_operation(collection: Collection, answering: FakeAws) -> None:
    if collection.kind in WITHOUT_SHAPE:
        pytest.skip("a shape of the contract's own, see test_usage.py")
    shape = answer_shape(collection)
    allowed = set(shape.members) | ADDED.get(collection.kind, set())
    if isinstance(collection, Listing) and collection.list == "Search":
        allowed |= OF_SEARCH
    for thing in found(collection):
        assert set(thing.body) <= allowed


def answer_shape(collection: Collection) -> Any:
    service, _, operation = collection.kind.partition(":")
    model = botocore.session.get_session().get_service_model(SERVICE_MODELS.get(service, service))
    shape = model.operation_model(operation).output_shape
    for name in items_of(collection, shape):
        shape = shape.members[name].member
    return shape


def items_of(collection: Collection, shape: Any) -> Iterator[str]:
    """Where the items stand in the answer of a kind whose operation lists; a single answer is itself."""
    if isinstance(collection, Listing) and collection.kind.endswith(f":{collection.list}"):
        for part in collection.items.split("."):
            yield re.sub(r"\[.*\]", "", part)
    elif not isinstance(collection, Listing) and collection.kind not in SINGLE:
        yield next(name for name, member in shape.members.items() if member.type_name == "list")


@pytest.mark.parametrize(
    "collection",
    [one for one in COLLECTIONS if isinstance(one, Listing) and one.since],
    ids=lambda one: str(one.kind),
)
def test_changes_alone_can_be_asked_for(collection: Listing, answering: FakeAws) -> None:
    since = NOW - timedelta(days=1)
    found(collection, since)
    listed = [asked for name, asked in answering.asked if name == f"{collection.service}:{collection.list}"]
    told = str(listed[0])
    assert "datetime.datetime(2026, 10" in told or "2026-10-04T05:00:00Z" in told


def test_every_kind_of_the_contract_that_aws_tells_is_collected() -> None:
    collected = {one.kind for one in COLLECTIONS}
    elsewhere = ("k8s:", "cicd:", "mlflow:", "litellm:", "openrouter:", "otel:", "mlcost:")
    understood = {kind for kind in known_kinds() if not kind.startswith(elsewhere)}
    # The collector asks for the second version, which tells the jobs of both; Bedrock writes its log into a bucket.
    assert understood - {"sagemaker:DescribeAutoMLJob", "bedrock:ModelInvocationLog"} == collected
