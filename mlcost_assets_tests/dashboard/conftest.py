"""The dashboards that tests share: each is refreshed once, and nothing is written to it after."""

import json
from collections.abc import Iterator

import pytest

from mlcost_assets_tests.dashboard.guarded import Visitor, guarded, teams
from mlcost_assets_tests.dashboard.hostile import NAMES
from mlcost_assets_tests.dashboard.numbers import crawl
from mlcost_assets_tests.dashboard.shown import Shown
from mlcost_assets_tests.dashboard.site import EVIL, ODD, Site, served
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two months of a model, what has no owner, and models with names that a page or a spreadsheet could take wrongly."""
    world = World(tmp_path_factory.mktemp("dashboard"))
    for month, cost in (("2026-09", 20.0), ("2026-10", 30.0)):
        at = f"{month}-05T14:00:00"
        tags = {"user_model": "churn", "user_team": "growth", "user_environment": "prod"}
        world.bill(
            [
                sagemaker("Host:ml.m5.large", "endpoint/churn", cost, at=at, resource_tags=tags),
                charge(cost=70.0, at=at, line_item_resource_id="i-0fed", resource_tags={"user_team": EVIL}),
                sagemaker("Host:ml.m5.large", "endpoint/unknown", 1.5, at=at),
                *(
                    sagemaker(
                        "Host:ml.m5.large", f"endpoint/odd-{place}", 2.0, at=at, resource_tags={"user_project": name}
                    )
                    for place, name in enumerate((EVIL, *ODD))
                ),
            ],
            period=month,
        )
    world.land(record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn"}))
    world.rules(f"rules: [{{name: odd, when: {{resource_id: '*endpoint/odd-0'}}, set: {{model: {json.dumps(EVIL)}}}}}]")
    world.refresh()
    yield from served(world)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One lake of three teams, for the tests of the login."""
    return teams(tmp_path_factory.mktemp("lake") / "teams")


@pytest.fixture
def visitor(lake: World) -> Iterator[Visitor]:
    """A browser at a dashboard that nobody else tries to sign in at."""
    with guarded(lake.config) as one:
        yield one


@pytest.fixture(scope="session")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two months of a model with its training, an accelerator, what has no owner, and names that a page or a
    spreadsheet could take wrongly: of models, teams, resources and tags."""
    world = World(tmp_path_factory.mktemp("names"))
    for month, cost in (("2026-09", 20.0), ("2026-10", 30.0)):
        at = f"{month}-05T14:00:00"
        tags = {"user_model": "churn", "user_team": "growth", "user_environment": "prod"}
        world.bill(
            [
                sagemaker("Host:ml.m5.large", "endpoint/churn", cost, at=at, resource_tags=tags),
                sagemaker("Train:ml.g5.xlarge", "training-job/churn-1", 7.25, at=at, resource_tags=tags),
                charge(cost=70.0, at=at, line_item_resource_id="i-0fed", resource_tags={"user_team": EVIL}),
                sagemaker("Host:ml.m5.large", "endpoint/unknown", 1.5, at=at),
                *(
                    sagemaker(
                        # What is an address or a folder is no name of an endpoint.
                        "Host:ml.m5.large", f"endpoint/odd-{kind}-{'' if '/' in name else name}", 2.0 + place, at=at,
                        resource_tags={
                            "user_project": name, "user_model": name, "user_team": name, "user_environment": name,
                            f"user_{name}": name,
                        },
                    )
                    for place, (kind, name) in enumerate(NAMES.items())
                ),
            ],
            period=month,
        )  # fmt: skip
    world.land(record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), {"EndpointName": "churn"}))
    odd = [
        {"name": kind, "when": {"resource_id": f"*endpoint/odd-{kind}-*"}, "set": {"model": name, "team": name}}
        for kind, name in NAMES.items()
    ]
    world.rules(json.dumps({"rules": odd}, ensure_ascii=False))
    world.refresh()
    yield from served(world)


@pytest.fixture(scope="session")
def pages(odd_site: Site) -> dict[str, Shown]:
    """What a reader can come to from the first page and the reports, by address: a page of each kind."""
    return crawl(odd_site)
