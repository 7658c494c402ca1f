"""Amazon ECS: clusters, services, tasks with the definitions that they run, and the machines that they run on.

Tasks stay listed for about an hour after their end; those of AWS Batch are among them.
"""

from collections.abc import Iterator

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Body, Look, tag_map

_WITH_TAGS: Body = {"include": ["TAGS"]}
_AT_ONCE = {"services": 10, "tasks": 100, "containerInstances": 100}  # the most that a Describe takes


def _cluster_arns(look: Look) -> Iterator[str]:
    for page in look.pages("ecs:ListClusters"):
        yield from page["clusterArns"]


def _clusters(look: Look) -> Iterator[Body]:
    for page in look.pages("ecs:ListClusters"):  # at most the hundred that a Describe takes
        if page["clusterArns"]:
            yield from look.call("ecs:DescribeClusters", clusters=page["clusterArns"], **_WITH_TAGS)["clusters"]


def _described(look: Look, member: str, lists: str, arns: str, describes: str, arguments: Body) -> Iterator[Body]:
    """What `describes` says of all that `lists` names in each cluster; both give and take `member`."""
    for cluster in _cluster_arns(look):
        for page in look.pages(f"ecs:{lists}", {"cluster": cluster, **arguments}):
            named = page[arns]
            for first in range(0, len(named), _AT_ONCE[member]):
                some: Body = {member: named[first : first + _AT_ONCE[member]]}
                yield from look.call(f"ecs:{describes}", cluster=cluster, **some, **_WITH_TAGS)[member]


def _services(look: Look) -> Iterator[Body]:
    return _described(look, "services", "ListServices", "serviceArns", "DescribeServices", {})


def _tasks(look: Look) -> Iterator[Body]:
    for status in ("RUNNING", "STOPPED"):
        yield from _described(look, "tasks", "ListTasks", "taskArns", "DescribeTasks", {"desiredStatus": status})


def _instances(look: Look) -> Iterator[Body]:
    return _described(
        look, "containerInstances", "ListContainerInstances", "containerInstanceArns", "DescribeContainerInstances", {}
    )


def _definitions(look: Look) -> Iterator[Found]:
    """The definitions that services and tasks run; an account may have thousands of others."""
    in_use = {one["taskDefinition"] for one in _services(look) if one.get("taskDefinition")}
    in_use |= {one["taskDefinitionArn"] for one in _tasks(look)}
    for arn in sorted(in_use):
        told = look.call("ecs:DescribeTaskDefinition", taskDefinition=arn, **_WITH_TAGS)
        definition = told["taskDefinition"]
        yield Found(definition["taskDefinitionArn"], {"taskDefinition": definition}, tag_map(told.get("tags")))


_OF_SERVICES = ("ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices")
_OF_TASKS = ("ecs:ListClusters", "ecs:ListTasks", "ecs:DescribeTasks")

COLLECTIONS = [
    Gathering(
        "ecs:DescribeClusters",
        lambda look: (Found(one["clusterArn"], one, tag_map(one.get("tags"))) for one in _clusters(look)),
        calls=("ecs:ListClusters", "ecs:DescribeClusters"),
    ),
    Gathering(
        "ecs:DescribeServices",
        lambda look: (Found(one["serviceArn"], one, tag_map(one.get("tags"))) for one in _services(look)),
        calls=_OF_SERVICES,
    ),
    Gathering(
        "ecs:DescribeTasks",
        lambda look: (Found(one["taskArn"], one, tag_map(one.get("tags"))) for one in _tasks(look)),
        calls=_OF_TASKS,
    ),
    Gathering(
        "ecs:DescribeTaskDefinition",
        _definitions,
        calls=(*_OF_SERVICES, *_OF_TASKS[1:], "ecs:DescribeTaskDefinition"),
    ),
    Gathering(
        "ecs:DescribeContainerInstances",
        lambda look: (Found(one["containerInstanceArn"], one, tag_map(one.get("tags"))) for one in _instances(look)),
        calls=("ecs:ListClusters", "ecs:ListContainerInstances", "ecs:DescribeContainerInstances"),
    ),
]
