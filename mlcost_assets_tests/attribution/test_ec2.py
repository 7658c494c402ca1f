"""Machines of their own: by what balances, deploys or names them; disks, snapshots, addresses and reservations by their machine."""

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given, instance
from mlcost_assets_tests.exports import ACCOUNT, charge
from mlcost_assets_tests.world import Record, record

RESERVATION = f"arn:aws:ec2:us-east-1:{ACCOUNT}:capacity-reservation/cr-0e00000000000001"
BALANCER = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/app/warbler-inference/0a1b2c"

given(
    rules="""
    workloads:
      - {model: warbler, team: woods}
      - {model: nuthatch, team: woods}
    """
)

# A server that a balancer routes to.
given(
    instance("i-0e00000000000001"),
    record("elbv2:DescribeLoadBalancers", BALANCER, {"LoadBalancerName": "warbler-inference", "DNSName": "warbler-inference-123.us-east-1.elb.amazonaws.com",
           "TargetGroups": [{"TargetGroupName": "warbler-tg", "Targets": [{"Id": "i-0e00000000000001", "Port": 8080}]}]}),
    billed=[
        charge(cost=10.0, line_item_resource_id="i-0e00000000000001", line_item_usage_type="BoxUsage:g5.xlarge"),
        billed("AWSELB", "LoadBalancerUsage", BALANCER, 2.0),
    ],
)  # fmt: skip


def test_a_server_behind_a_models_balancer_is_its_inference(paid: Paid) -> None:
    assert paid("i-0e00000000000001", "model, team, stage, is_ml", "usage_type LIKE 'Box%'") == {
        ("warbler", "woods", "inference", True): 10
    }


def test_a_balancer_is_paid_by_what_it_routes_to(paid: Paid) -> None:
    assert paid("warbler-inference/0a1b2c", "model, stage") == {("warbler", "networking"): 2}


# By the Name tag, by the group that made it, by a deployment.
def deployed(to: str, **body: str) -> Record:
    told = {
        "provider": "github",
        "repository": "acme/serving",
        "occurred_at": "2026-10-01T00:00:00Z",
        "resources": [to],
    } | body
    return record("cicd:Deployment", f"github/acme/serving/{to}", told)


given(
    instance("i-0e00000000000002", tags={"Name": "nuthatch-server-prod"}),
    instance("i-0e00000000000003", tags={"aws:autoscaling:groupName": "nuthatch-asg"}),
    instance("i-0e00000000000004"),
    deployed("i-0e00000000000004", model="nuthatch", environment="staging"),
    instance("i-0e00000000000005", tags={"Name": "bastion"}),
    billed=[charge(cost=float(number), line_item_resource_id=f"i-0e0000000000000{number}") for number in (2, 3, 4, 5)],
)


def test_a_machine_may_be_named_after_its_model(paid: Paid) -> None:
    assert paid("i-0e00000000000002", "model, environment, is_ml") == {("nuthatch", "prod", True): 2}
    assert paid("i-0e00000000000003") == {"nuthatch": 3}


def test_a_machine_belongs_to_what_was_deployed_on_it(paid: Paid) -> None:
    assert paid("i-0e00000000000004", "model, environment") == {("nuthatch", "staging"): 4}


def test_a_machine_that_names_no_model_is_not_ml(paid: Paid) -> None:
    assert paid("i-0e00000000000005", "model, is_ml") == {(None, False): 5}


# Disks, snapshots and addresses.
given(
    record("ec2:DescribeVolumes", "vol-0e00000000000001", {"VolumeId": "vol-0e00000000000001", "CreateTime": "2026-10-01T00:00:00Z",
           "Attachments": [{"InstanceId": "i-0e00000000000001", "State": "attached"}]}),
    record("ec2:DescribeVolumes", "vol-0e00000000000001", {"VolumeId": "vol-0e00000000000001", "CreateTime": "2026-10-01T00:00:00Z", "Attachments": []},
           at="2026-10-08T06:00:00Z"),
    record("ec2:DescribeSnapshots", f"arn:aws:ec2:us-east-1:{ACCOUNT}:snapshot/snap-0e00000000000001",
           {"SnapshotId": "snap-0e00000000000001", "VolumeId": "vol-0e00000000000001", "StartTime": "2026-10-02T00:00:00Z"}),
    record("ec2:DescribeNetworkInterfaces", "eni-0e00000000000001", {"NetworkInterfaceId": "eni-0e00000000000001", "Attachment": {"InstanceId": "i-0e00000000000001"}}),
    billed=[
        charge(cost=1.0, line_item_resource_id="vol-0e00000000000001", line_item_usage_type="EBS:VolumeUsage.gp3"),
        charge(cost=2.0, line_item_resource_id="vol-0e00000000000001", line_item_usage_type="EBS:VolumeUsage.gp3", at="2026-10-20T00:00:00"),
        charge(cost=3.0, line_item_resource_id=f"arn:aws:ec2:us-east-1:{ACCOUNT}:snapshot/snap-0e00000000000001", line_item_usage_type="EBS:SnapshotUsage", at="2026-10-25T00:00:00"),
        billed("AmazonVPC", "USE1-PublicIPv4:InUseAddress", f"arn:aws:ec2:us-east-1:{ACCOUNT}:network-interface/eni-0e00000000000001", 4.0),
        billed("AmazonEC2", "DataTransfer-Out-Bytes", "i-0e00000000000001", 5.0, product_servicecode="AWSDataTransfer"),
    ],
)  # fmt: skip


def test_a_disk_goes_with_its_machine_and_stays_its_when_it_is_left_over(paid: Paid) -> None:
    assert paid("vol-0e00000000000001", "model, stage") == {("warbler", "storage"): 3}


def test_a_snapshot_goes_with_the_life_of_its_volume(paid: Paid) -> None:
    assert paid("snap-0e00000000000001", "model, stage") == {("warbler", "storage"): 3}


def test_a_public_address_goes_with_the_machine_it_is_on(paid: Paid) -> None:
    assert paid("eni-0e00000000000001", "model, stage") == {("warbler", "networking"): 4}


def test_what_a_machine_sends_is_paid_by_its_owner(paid: Paid) -> None:
    assert paid("i-0e00000000000001", "model, stage, method", "usage_type LIKE 'DataTransfer%'") == {
        ("warbler", "networking", "lineage"): 5
    }


# Capacity that is held: its unused part goes to the machines that draw on it.
given(
    instance("i-0e00000000000006", tags={"model": "nuthatch"}, CapacityReservationId="cr-0e00000000000001"),
    billed=[
        charge(cost=6.0, line_item_resource_id="i-0e00000000000006", line_item_usage_type="BoxUsage:p5.48xlarge"),
        charge(cost=8.0, line_item_resource_id=RESERVATION, line_item_usage_type="UnusedBox:p5.48xlarge",
               capacity_reservation_capacity_reservation_arn=RESERVATION, capacity_reservation_capacity_reservation_status="Unused"),
    ],
)  # fmt: skip


def test_reserved_capacity_that_stood_idle_is_paid_by_those_who_draw_on_it(paid: Paid) -> None:
    assert paid("cr-0e00000000000001", "model, stage") == {("nuthatch", "commitment"): 8}


# A capacity block that a tag names, bought in advance.
given(
    billed=[
        charge("Fee", 9.0, line_item_resource_id=f"arn:aws:ec2:us-east-1:{ACCOUNT}:capacity-reservation/cr-0e00000000000002",
               line_item_usage_type="USE1-CapacityBlock:p5.48xlarge", resource_tags={"user_model": "nuthatch"}),
    ],
)  # fmt: skip


def test_a_tagged_capacity_block_is_its_models(paid: Paid) -> None:
    assert paid("cr-0e00000000000002", "model, is_ml") == {("nuthatch", True): 9}
