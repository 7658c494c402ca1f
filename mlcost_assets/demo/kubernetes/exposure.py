"""What makes a service reachable: a load balancer before it, and the public address of its interface."""

from mlcost_assets.demo.around.addresses import attach_address
from mlcost_assets.demo.around.balancers import balance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.kubernetes.cluster import Cluster
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, by_team
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.world import World


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
    attach_address(
        world,
        balancer,
        "interface of a load balancer",
        tuple(clues),
        chance,
        Description=f"ELB net/{name}/{suffix}",
        InterfaceType="network_load_balancer",
        RequesterManaged=True,
    )


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
