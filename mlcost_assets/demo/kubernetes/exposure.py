"""What makes a service reachable: a load balancer before it, and the public address of its interface."""

from decimal import Decimal

from mlcost_assets.demo.around.balancers import balance
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.kubernetes.cluster import Cluster
from mlcost_assets.demo.money.meters import daily
from mlcost_assets.demo.money.products import VPC
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, by_team, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

PUBLIC_ADDRESS = daily(
    VPC,
    "PublicIPv4:InUseAddress",
    "AllocateAddressVPC",
    "0.005",
    "Hrs",
    "$0.005 per In-use public IPv4 address per hour",
)


def expose(world: World, cluster: Cluster, model: Model) -> None:
    """Put a network load balancer before a model's service, unless it is only called from inside."""
    chance = world.chance("service", model.name)
    if chance.maybe(0.35):
        return
    suffix = chance.hex(16)
    name = f"k8s-{model.team.namespace[:8]}-{model.name.replace('-', '')[:8]}-{suffix[:10]}"
    arn = world.arn("elasticloadbalancing", cluster.account, cluster.region, f"loadbalancer/net/{name}/{suffix}")
    host = f"{name}-{suffix}.elb.{cluster.region}.amazonaws.com"
    service_key = _record_service(world, cluster, model, host, chance.uuid())
    owner = of_model(model, "prod", "networking")
    body = {
        "LoadBalancerArn": arn,
        "DNSName": host,
        "LoadBalancerName": name,
        "Scheme": "internet-facing",
        "Type": "network",
        "State": {"Code": "active"},
        "CreatedTime": iso(world.before(60)),
        "TargetGroups": [],
    }
    tags = world.tags(arn, owner, {"elbv2.k8s.aws/cluster": cluster.name})
    kind = "elbv2:DescribeLoadBalancers"
    balancer = world.create(kind, arn, cluster.account, cluster.region, owner, body, tags=tags)
    clues: list[Clue] = [by_model(model, "lineage: load balancer of a service", balancer.key, service_key)]
    if says(model.team.namespace, model.team.name):
        clues.append(by_team("namespace of the service", balancer.key, service_key))
    balance(world, balancer, tuple(clues), "Network")
    _attach_address(world, balancer, f"ELB net/{name}/{suffix}", tuple(clues), chance)


def _record_service(world: World, cluster: Cluster, model: Model, host: str, uid: str) -> str:
    body = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": model.name,
            "namespace": model.team.namespace,
            "uid": uid,
            "labels": {"app.kubernetes.io/name": model.name},
        },
        "spec": {"type": "LoadBalancer", "selector": {"app.kubernetes.io/name": model.name}},
        "status": {"loadBalancer": {"ingress": [{"hostname": host}]}},
    }
    return world.record("k8s:Service", f"{cluster.arn}/Service/{uid}", cluster.account, cluster.region, body, tags=None)


def _attach_address(
    world: World, balancer: Resource, description: str, clues: tuple[Clue, ...], chance: Chance
) -> None:
    """Bill the public address of an interface, whose description names what it belongs to."""
    account, region = balancer.account, balancer.region
    interface_id = f"eni-{chance.hex(17)}"
    body = {
        "NetworkInterfaceId": interface_id,
        "Description": description,
        "InterfaceType": "network_load_balancer",
        "RequesterManaged": True,
        "Status": "in-use",
        "OwnerId": account.id,
        "Association": {"PublicIp": f"52.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"},
    }
    interface = world.create(
        "ec2:DescribeNetworkInterfaces",
        interface_id,
        account,
        region,
        balancer.owner,
        body,
        billed_as=world.arn("ec2", account, region, f"network-interface/{interface_id}"),
    )
    on = through("interface of a load balancer, ", clues, interface.key)
    world.bill(interface, PUBLIC_ADDRESS, Decimal(24), clues=on)
