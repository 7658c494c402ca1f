"""Ownership holds for an interval: a charge of 14:00 belongs to whoever owned the resource at 14:00, also a year later."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    billed,
    endpoint,
    given,
    model,
    registered,
    sagemaker_record,
    variant,
)
from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import Record, record


def named(name: str) -> list[Record]:
    return [*registered(name, f"s3://time/{name}/model.tar.gz"), model(f"m-{name}", f"s3://time/{name}/model.tar.gz")]


given(*map(named, ["ferry", "tram"]), rules="workloads: [{model: ferry, team: water}, {model: tram, team: rails}]")

# An endpoint moved from one model to another at noon.
given(
    endpoint("ep-9001", variant("m-ferry"), config="ec-9001-a", at="2026-10-01T06:00:00Z", LastModifiedTime="2026-09-01T00:00:00Z"),
    endpoint("ep-9001", variant("m-tram"), config="ec-9001-b", at="2026-10-05T18:00:00Z", LastModifiedTime="2026-10-05T12:00:00Z"),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-9001", cost, at=at) for cost, at in (
        (1.0, "2026-10-01T10:00:00"), (2.0, "2026-10-05T11:00:00"), (4.0, "2026-10-05T12:00:00"), (8.0, "2026-10-31T23:00:00"))],
)  # fmt: skip


def test_an_endpoint_that_moved_belongs_to_each_model_in_its_time(paid: Paid) -> None:
    assert paid("ep-9001", "model, team") == {("ferry", "water"): 3, ("tram", "rails"): 12}


# A name that was used again: the first was deleted, another of the same name created.
given(
    endpoint("ep-9002", variant("m-ferry"), config="ec-9002-a", at="2026-10-01T06:00:00Z", created="2026-09-01T00:00:00Z"),
    endpoint("ep-9002", variant("m-tram"), config="ec-9002-b", at="2026-10-20T06:00:00Z", created="2026-10-15T00:00:00Z"),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-9002", 2.0, at="2026-10-03T10:00:00"), sagemaker("Host:ml.m5.large", "endpoint/ep-9002", 5.0, at="2026-10-16T10:00:00")],
)  # fmt: skip


def test_a_name_that_is_used_again_is_another_resource(paid: Paid) -> None:
    assert paid("ep-9002") == {"ferry": 2, "tram": 5}


# A month of a year ago, restated today: records of then say whose it was, those of today nothing.
given(
    endpoint("ep-9003", variant("m-ferry"), config="ec-9003-a", at="2025-10-01T06:00:00Z", created="2025-09-01T00:00:00Z"),
    endpoint("ep-9003", variant("m-tram"), config="ec-9003-b", at="2026-03-01T06:00:00Z", created="2025-09-01T00:00:00Z", LastModifiedTime="2026-03-01T00:00:00Z"),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-9003", 7.0, at="2025-10-05T14:00:00"), sagemaker("Host:ml.m5.large", "endpoint/ep-9003", 9.0, at="2026-10-05T14:00:00")],
)  # fmt: skip


def test_a_month_that_is_restated_later_belongs_to_its_owner_of_then(paid: Paid) -> None:
    assert paid("ep-9003", "billing_period, model") == {("2025-10", "ferry"): 7, ("2026-10", "tram"): 9}


# A disk that was moved from one machine to another.
def attached(to: str, at: str) -> Record:
    body = {
        "VolumeId": "vol-09000000009004",
        "CreateTime": "2026-09-01T00:00:00Z",
        "Attachments": [{"InstanceId": to, "State": "attached"}],
    }
    return record("ec2:DescribeVolumes", "vol-09000000009004", body, at=at)


given(
    attached("i-09000000009041", "2026-10-01T06:00:00Z"), attached("i-09000000009042", "2026-10-10T06:00:00Z"),
    billed=[
        charge(cost=1.0, line_item_resource_id="i-09000000009041", resource_tags={"user_model": "ferry"}), charge(cost=1.0, line_item_resource_id="i-09000000009042", resource_tags={"user_model": "tram"}),
        charge(cost=3.0, line_item_resource_id="vol-09000000009004", line_item_usage_type="EBS:VolumeUsage.gp3", at="2026-10-05T10:00:00"),
        charge(cost=4.0, line_item_resource_id="vol-09000000009004", line_item_usage_type="EBS:VolumeUsage.gp3", at="2026-10-15T10:00:00"),
    ],
)  # fmt: skip


def test_a_disk_goes_with_the_machine_that_it_was_attached_to(paid: Paid) -> None:
    assert paid("vol-09000000009004") == {"ferry": 3, "tram": 4}


# A tag that was changed in the middle of the month, in the bill and on the resource.
given(
    sagemaker_record("NotebookInstance", "notebook-instance/nb-9005", NotebookInstanceName="nb-9005", tags={"team": "water"}, at="2026-10-01T06:00:00Z"),
    sagemaker_record("NotebookInstance", "notebook-instance/nb-9005", NotebookInstanceName="nb-9005", tags={"team": "rails"}, at="2026-10-11T00:00:00Z"),
    billed=[
        *[sagemaker("Notebk:ml.t3.medium", "notebook-instance/nb-9005", cost, at=at) for cost, at in ((1.0, "2026-10-05T10:00:00"), (2.0, "2026-10-12T10:00:00"))],
        charge(cost=4.0, line_item_resource_id="i-09000000009006", at="2026-10-05T10:00:00", resource_tags={"user_team": "water"}),
        charge(cost=5.0, line_item_resource_id="i-09000000009006", at="2026-10-12T10:00:00", resource_tags={"user_team": "rails"}),
    ],
)  # fmt: skip


def test_a_tag_holds_until_it_is_changed(paid: Paid) -> None:
    assert paid("nb-9005", "team") == {"water": 1, "rails": 2}
    assert paid("i-09000000009006", "team") == {"water": 4, "rails": 5}


# A deployment holds until the next.
def deployed(model_: str, at: str) -> Record:
    body = {
        "provider": "github",
        "repository": "acme/serving",
        "occurred_at": at,
        "model": model_,
        "resources": ["i-09000000009007"],
    }
    return record("cicd:Deployment", f"github/acme/serving/{at}", body, at=at)


given(
    deployed("ferry", "2026-10-01T00:00:00Z"), deployed("tram", "2026-10-05T13:00:00Z"),
    billed=[charge(cost=cost, line_item_resource_id="i-09000000009007", at=at) for cost, at in ((1.0, "2026-10-05T12:00:00"), (2.0, "2026-10-05T13:00:00"))],
)  # fmt: skip


def test_a_deployment_holds_until_the_next(paid: Paid) -> None:
    assert paid("i-09000000009007") == {"ferry": 1, "tram": 2}


# What was deleted before the bill arrived is still known.
given(
    endpoint("ep-9008", variant("m-tram"), at="2026-10-02T06:00:00Z", created="2026-10-01T00:00:00Z"),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-9008", 6.0, at="2026-10-02T10:00:00"), billed("AmazonCloudWatch", "DataProcessing-Bytes", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/ep-9008", 1.0)],
)  # fmt: skip


def test_what_was_deleted_before_the_bill_came_is_still_known(paid: Paid) -> None:
    assert paid("endpoint/ep-9008") == {"tram": 6}
