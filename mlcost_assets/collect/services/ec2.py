"""Amazon EC2: what runs, its disks and their snapshots, network interfaces, NAT gateways."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "ec2:DescribeInstances", "DescribeInstances", "Reservations[].Instances[]", "{InstanceId}",
        tags="Tags", page=1000,
    ),
    Listing("ec2:DescribeVolumes", "DescribeVolumes", "Volumes[]", "{VolumeId}", tags="Tags", page=500),
    Listing(
        "ec2:DescribeSnapshots", "DescribeSnapshots", "Snapshots[]", "{SnapshotId}", tags="Tags", page=1000,
        arguments={"OwnerIds": ["self"]},
    ),
    Listing(
        "ec2:DescribeNetworkInterfaces", "DescribeNetworkInterfaces", "NetworkInterfaces[]", "{NetworkInterfaceId}",
        tags="TagSet", page=1000,
    ),
    Listing(
        "ec2:DescribeNatGateways", "DescribeNatGateways", "NatGateways[]", "{NatGatewayId}", tags="Tags", page=1000
    ),
]  # fmt: skip
