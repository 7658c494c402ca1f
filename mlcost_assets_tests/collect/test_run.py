"""A snapshot: what lands, what a failure costs, what a look says of itself, and that nothing is ever called but to read."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from mlcost_assets.collect import services as service_files
from mlcost_assets.collect.landing import looked_before
from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Look
from mlcost_assets.collect.run import collect_now
from mlcost_assets.errors import ConfigError
from mlcost_assets.lake.stores import open_store
from mlcost_assets_tests.collect.conftest import Collecting
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, FakeAws, denied, error

CREATED = datetime(2026, 10, 1, 5, tzinfo=UTC)


def arn(resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:sagemaker:us-east-1:{account}:{resource}"


def endpoints(*names: str) -> dict[str, Any]:
    listed = [{"EndpointName": name, "EndpointArn": arn(f"endpoint/{name}"), "CreationTime": CREATED,
               "LastModifiedTime": CREATED, "EndpointStatus": "InService"} for name in names]  # fmt: skip
    return {"Endpoints": listed}


def endpoint(asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["EndpointName"]
    return {"EndpointName": name, "EndpointArn": arn(f"endpoint/{name}"), "EndpointConfigName": "c",
            "EndpointStatus": "InService", "CreationTime": CREATED, "LastModifiedTime": CREATED}  # fmt: skip


@pytest.fixture
def aws(aws: FakeAws) -> FakeAws:
    """Nothing exists but two endpoints, of which one is tagged."""
    aws.made_up = False
    aws.answers |= {
        "sagemaker:ListEndpoints": endpoints("churn", "fraud"),
        "sagemaker:DescribeEndpoint": endpoint,
        "resourcegroupstaggingapi:GetResources": {
            "ResourceTagMappingList": [
                {"ResourceARN": arn("endpoint/churn"), "Tags": [{"Key": "team", "Value": "risk"}]}
            ]
        },
    }
    return aws


def test_records_land_as_the_contract_has_them(aws: FakeAws, installed: Collecting) -> None:
    outcome = installed.collect("sagemaker")
    assert outcome.failures == []
    assert outcome.records == 2
    churn, fraud = installed.records("sagemaker:DescribeEndpoint")
    assert list(churn) == ["collected_at", "account_id", "region", "kind", "id", "tags", "body"]
    assert (churn["id"], churn["account_id"], churn["region"]) == (arn("endpoint/churn"), ACCOUNT, "us-east-1")
    assert (churn["tags"], fraud["tags"]) == ({"team": "risk"}, {})
    assert churn["body"]["CreationTime"] == "2026-10-01T05:00:00Z"
    assert "ResponseMetadata" not in churn["body"]
    assert datetime.fromisoformat(churn["collected_at"]).tzinfo is not None


def test_files_are_only_ever_added(aws: FakeAws, installed: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.collect("sagemaker")
    store = open_store(str(installed.folder / "landing"))
    before = {entry.key: entry.etag for entry in store.list()}
    assert all(key.startswith(f"{ACCOUNT}/{datetime.now(UTC):%Y}-") and key.endswith(".jsonl.gz") for key in before)
    assert {key.rpartition("/")[2].partition("-")[0] for key in before} == {"sagemaker", "snapshots"}
    wait_a_second(monkeypatch)
    installed.collect("sagemaker")
    after = {entry.key: entry.etag for entry in store.list()}
    assert len(after) == 2 * len(before)
    assert before.items() <= after.items()


def wait_a_second(monkeypatch: pytest.MonkeyPatch, seconds: float = 1) -> None:
    """Lets the clock of collections go on."""
    from mlcost_assets.collect import run

    class Later(datetime):
        @classmethod
        def now(cls, zone: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(zone) + timedelta(seconds=seconds)

    monkeypatch.setattr(run, "datetime", Later)


def test_every_look_says_whether_it_was_complete(aws: FakeAws, installed: Collecting) -> None:
    installed.collect("sagemaker")
    look = installed.snapshots()["us-east-1", "sagemaker:DescribeEndpoint"]
    assert (look["complete"], look["incremental"], look["records"], look["error"]) == (True, False, 2, None)
    lines = gzip.decompress((installed.folder / "landing" / look["file"]).read_bytes()).splitlines()
    assert sum(json.loads(line)["kind"] == look["kind"] for line in lines) == look["records"]
    # Nothing there is an answer too.
    nothing = installed.snapshots()["us-east-1", "sagemaker:DescribeModel"]
    assert (nothing["complete"], nothing["records"]) == (True, 0)


def test_what_is_denied_is_listed_with_how_to_mend_it_and_costs_nothing_else(
    aws: FakeAws, installed: Collecting
) -> None:
    aws.answers["sagemaker:ListModels"] = denied()
    outcome = installed.collect("sagemaker")
    assert outcome.failures == [
        f"{ACCOUNT} us-east-1 sagemaker:DescribeModel: ListModels is denied:"
        " let the role do this (deploy/iam/collector-policy.json)"
    ]
    assert outcome.records == 2
    looks = installed.snapshots()
    assert [kind for (_, kind), look in looks.items() if not look["complete"]] == ["sagemaker:DescribeModel"]


def test_an_item_that_fails_leaves_the_others_and_the_look_partial(aws: FakeAws, installed: Collecting) -> None:
    def answer(asked: dict[str, Any]) -> Any:
        return error("InternalFailure") if asked["EndpointName"] == "churn" else endpoint(asked)

    aws.answers["sagemaker:DescribeEndpoint"] = answer
    outcome = installed.collect("sagemaker")
    assert [one["id"] for one in installed.records("sagemaker:DescribeEndpoint")] == [arn("endpoint/fraud")]
    assert not installed.snapshots()["us-east-1", "sagemaker:DescribeEndpoint"]["complete"]
    assert "1 of its items failed, the first: DescribeEndpoint failed with InternalFailure" in outcome.failures[0]


@pytest.mark.parametrize(
    "gone", [error("ResourceNotFound"), error("ValidationException", 'Could not find endpoint "churn".')], ids=["code", "text"]
)  # fmt: skip
def test_what_is_deleted_between_list_and_describe_does_not_exist(
    aws: FakeAws, installed: Collecting, gone: Exception
) -> None:
    aws.answers["sagemaker:DescribeEndpoint"] = lambda asked: (
        gone if asked["EndpointName"] == "churn" else endpoint(asked)
    )
    assert installed.collect("sagemaker").failures == []
    assert installed.snapshots()["us-east-1", "sagemaker:DescribeEndpoint"]["complete"]
    assert len(installed.records("sagemaker:DescribeEndpoint")) == 1


def test_a_validation_error_of_another_kind_is_a_failure(aws: FakeAws, installed: Collecting) -> None:
    aws.answers["sagemaker:DescribeEndpoint"] = error("ValidationException", "1 validation error detected")
    assert len(installed.collect("sagemaker").failures) == 1


def test_without_the_tagging_api_tags_are_unknown_and_that_is_said_once(aws: FakeAws, installed: Collecting) -> None:
    aws.answers["resourcegroupstaggingapi:GetResources"] = denied()
    outcome = installed.collect("sagemaker", "tagging")
    assert [one["tags"] for one in installed.records("sagemaker:DescribeEndpoint")] == [None, None]
    assert [line.split(": ")[0] for line in outcome.failures] == [f"{ACCOUNT} us-east-1 tagging:GetResources"]
    assert aws.calls["resourcegroupstaggingapi:GetResources"] == 1


def test_the_second_snapshot_asks_for_changes_where_it_can(
    aws: FakeAws, installed: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.collect("sagemaker")
    aws.asked.clear()
    wait_a_second(monkeypatch, 3600)
    installed.collect("sagemaker")
    looks = installed.snapshots()
    assert not looks["us-east-1", "sagemaker:DescribeEndpoint"]["incremental"]
    assert looks["us-east-1", "sagemaker:DescribeProcessingJob"]["incremental"]
    (asked,) = [asked for name, asked in aws.asked if name == "sagemaker:ListProcessingJobs"]
    assert timedelta(0) < datetime.now(UTC) - asked["LastModifiedTimeAfter"] < timedelta(hours=2)
    searched = [asked for name, asked in aws.asked if name == "sagemaker:Search" and asked["Resource"] == "TrainingJob"]
    assert searched[0]["SearchExpression"]["Filters"][0]["Name"] == "LastModifiedTime"


def test_after_a_week_everything_is_asked_for_again(
    aws: FakeAws, installed: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (0, 1, 7, 8):
        wait_a_second(monkeypatch, days * 86400)
        installed.collect("sagemaker")
    jobs = [
        one["body"] for one in installed.records("mlcost:Snapshot") if one["body"]["kind"].endswith("ProcessingJob")
    ]
    assert [one["incremental"] for one in sorted(jobs, key=lambda one: one["started_at"])] == [False, True, False, True]


def test_a_look_that_failed_is_no_ground_to_ask_for_less(aws: FakeAws, installed: Collecting) -> None:
    aws.answers["sagemaker:ListProcessingJobs"] = denied()
    installed.collect("sagemaker")
    now = datetime.now(UTC)
    before = looked_before(open_store(str(installed.folder / "landing")), ACCOUNT, now, timedelta(days=7))
    since = [before.since(kind, "us-east-1", "", now, timedelta(days=7))
             for kind in ("sagemaker:DescribeProcessingJob", "sagemaker:DescribeTransformJob")]  # fmt: skip
    assert since[0] is None
    assert since[1] is not None


def test_a_snapshot_file_that_cannot_be_read_asks_for_more_not_less(aws: FakeAws, installed: Collecting) -> None:
    installed.collect("sagemaker")
    for file in (installed.folder / "landing").rglob("snapshots-*"):
        file.write_bytes(file.read_bytes()[:40])
    now = datetime.now(UTC)
    store = open_store(str(installed.folder / "landing"))
    assert looked_before(store, ACCOUNT, now, timedelta(days=7)).looks == {}


def test_each_account_is_entered_through_its_role(aws: FakeAws, installed: Collecting) -> None:
    roles = [f"arn:aws:iam::{account}:role/reader" for account in ("111111111111", "222222222222")]
    listed = [f'{{account_id: "{role.split(":")[4]}", regions: [us-east-1, eu-west-1], role_arn: "{role}", external_id: x7}}' for role in roles]  # fmt: skip
    installed.configure(f"[{', '.join(listed)}]")
    assert installed.collect("ec2").failures == []
    assumed = [asked for name, asked in aws.asked if name == "sts:AssumeRole"]
    assert sorted(one["RoleArn"] for one in assumed) == roles
    assert {(one["RoleSessionName"], one["ExternalId"]) for one in assumed} == {("mlcost-collect", "x7")}
    looked = {(one["account_id"], one["region"]) for one in installed.records("mlcost:Snapshot")}
    assert looked == {(account, region) for account in ("111111111111", "222222222222") for region in ("us-east-1", "eu-west-1")}  # fmt: skip


def test_an_account_that_cannot_be_entered_is_listed_and_the_others_go_on(aws: FakeAws, installed: Collecting) -> None:
    role = "arn:aws:iam::111111111111:role/reader"
    installed.configure(
        f'[{{account_id: "111111111111", regions: [us-east-1], role_arn: "{role}"}},'
        f' {{account_id: "222222222222", regions: [us-east-1]}}, {{account_id: "{ACCOUNT}", regions: [us-east-1]}}]'
    )
    aws.answers["sts:AssumeRole"] = error("AccessDenied")
    outcome = installed.collect("sagemaker")
    assert outcome.records == 2
    first, second = sorted(outcome.failures)
    assert first.startswith("account 111111111111: AssumeRole is denied")
    assert second == (
        f"account 222222222222: the credentials are of account {ACCOUNT}; give it a role_arn in metadata.accounts"
    )


def test_one_account_or_service_can_be_named(aws: FakeAws, installed: Collecting) -> None:
    installed.collect("ec2")
    assert {name.partition(":")[0] for name in aws.calls} <= {"ec2", "sts", "resourcegroupstaggingapi"}
    with pytest.raises(ConfigError, match=r"--account 999999999999: not in metadata.accounts"):
        installed.collect(accounts=["999999999999"])
    with pytest.raises(ConfigError, match=r"--service ec3: known are .*sagemaker"):
        installed.collect("ec3")


def test_without_accounts_there_is_nothing_to_collect(installed: Collecting) -> None:
    installed.configure(accounts="[]")
    (installed.folder / "landing").mkdir()
    with pytest.raises(ConfigError, match=r"metadata.accounts: names no account"):
        collect_now(installed.config)


def test_a_call_outside_the_policy_never_leaves(
    aws: FakeAws, installed: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deletes(look: Look) -> Iterator[Found]:
        look.call("sagemaker:DeleteEndpoint", EndpointName="churn")
        yield Found("x", {}, None)

    rogue = Gathering("sagemaker:DeleteEndpoint", deletes, calls=())
    patched = {**service_files.services(), "sagemaker": (rogue,)}
    monkeypatch.setattr("mlcost_assets.collect.run.services", lambda: patched)
    outcome = installed.collect("sagemaker")
    assert "sagemaker:DeleteEndpoint" not in aws.calls
    assert "not in the collector's policy and was not called" in outcome.failures[0]


def test_a_service_that_a_region_does_not_have_says_nothing_about_what_exists(
    aws: FakeAws, installed: Collecting
) -> None:
    nowhere = EndpointConnectionError(endpoint_url="https://fsx.mx-nowhere-1.amazonaws.com")
    installed.configure(f'[{{account_id: "{ACCOUNT}", regions: [us-east-1, mx-nowhere-1]}}]')
    aws.answers["fsx:DescribeFileSystems"] = nowhere
    outcome = installed.collect("fsx")
    # Where the service is known to be, the same is a failure.
    assert [line.split(": ")[0] for line in outcome.failures] == [f"{ACCOUNT} us-east-1 fsx:DescribeFileSystems"]
    assert set(installed.snapshots()) == {("us-east-1", "fsx:DescribeFileSystems")}


def test_accounts_and_activated_tags_are_asked_of_the_payer_only(aws: FakeAws, installed: Collecting) -> None:
    activated = {"TagKey": "team", "Type": "UserDefined", "Status": "Active", "LastUpdatedDate": "2026-09-01T00:00:00Z"}
    aws.answers |= {
        "organizations:DescribeOrganization": {"Organization": {"MasterAccountId": "999999999999"}},
        "organizations:ListAccounts": {"Accounts": [{"Id": "444455556666", "Name": "ml"}]},
        "organizations:ListTagsForResource": {"Tags": [{"Key": "env", "Value": "prod"}]},
        "ce:ListCostAllocationTags": {"CostAllocationTags": [activated]},
    }
    assert installed.collect("organizations", "ce").records == 0
    assert installed.snapshots() == {}
    aws.answers["organizations:DescribeOrganization"] = {"Organization": {"MasterAccountId": ACCOUNT}}
    assert installed.collect("organizations", "ce").failures == []
    (account,) = installed.records("organizations:DescribeAccount")
    assert (account["id"], account["tags"], account["region"]) == ("444455556666", {"env": "prod"}, "")
    assert account["body"] == {"Account": {"Id": "444455556666", "Name": "ml"}}
    (tag,) = installed.records("ce:ListCostAllocationTags")
    assert tag["body"] == activated
