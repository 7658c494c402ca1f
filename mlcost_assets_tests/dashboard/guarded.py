"""A dashboard with a login, three teams behind it, and a browser before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from mlcost_assets.config import Config
from mlcost_assets.config.dashboard import Dashboard
from mlcost_assets.dashboard.app import application
from mlcost_assets_tests.dashboard.provider import CLIENT, SECRET, Provider, listening
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, arn, record

KEY = "a-key-that-only-this-test-signs-with"
ROLES = [
    {"group": "finops", "role": "viewer"},
    {"group": "ml-risk", "role": "viewer", "teams": ["risk"]},
    {"group": "leads", "role": "viewer", "teams": "own"},
    {"email": "ann@example.com", "role": "admin"},
]
BROWSER = {"Accept": "text/html"}
# By team: the model, and what its endpoint costs a month; no sum of some of them is another one.
TEAMS = {"risk": ("fraud", 31.07), "search": ("ranking", 47.13), "growth": ("churn", 153.29)}


@dataclass
class Visitor:
    """A browser at a dashboard with a login; `said` is what the provider tells of who sits there."""

    address: str
    provider: Provider
    session: requests.Session

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.session.get(self.address + path, timeout=60, **({"headers": BROWSER} | how))

    def enter(self, path: str = "/", **claims: Any) -> requests.Response:
        """Asks for a page as somebody else, and follows to wherever that leads."""
        self.session.cookies.clear()
        self.provider.claims = {"sub": "sub-1", **claims}
        return self.get(path)

    def cookie(self) -> str:
        """The session's cookie as the browser got it last."""
        return next(cookie.value or "" for cookie in self.session.cookies if cookie.name == "mlcost")


def teams(folder: Path) -> World:
    """Two months of three teams' models, of a machine that they share, and of what nobody owns."""
    world = World(folder)
    for month in ("2026-09", "2026-10"):
        at = f"{month}-05T14:00:00"
        rows = [
            sagemaker(
                "Host:ml.g5.xlarge", f"endpoint/{model}", cost, at=at,
                resource_tags={"user_model": model, "user_team": team, "user_environment": "prod"},
            )
            for team, (model, cost) in TEAMS.items()
        ]  # fmt: skip
        shared = charge(cost=90.03, at=at, line_item_resource_id="i-0shared")
        world.bill([*rows, shared, charge(cost=11.17, at=at, line_item_resource_id="i-0nobody")], period=month)
    world.land(
        *(
            record("sagemaker:DescribeEndpoint", arn(f"endpoint/{one}"), {"EndpointName": one})
            for one, _ in TEAMS.values()
        )
    )
    split = "{name: shared-machine, when: {resource_id: i-0shared}, by: fixed, to: {risk: 47, search: 33, growth: 20}}"
    world.rules(f"splits: [{split}]")
    world.refresh()
    return world


@contextmanager
def guarded(config: Config, **settings: Any) -> Iterator[Visitor]:
    """The dashboard of an installation behind the login of a provider."""
    made: list[Provider] = []

    def at(issuer: str) -> Any:
        made.append(Provider(issuer))
        return made[0].app

    with listening(at) as issuer, pytest.MonkeyPatch.context() as environment:
        environment.setenv("MLCOST_OIDC_SECRET", SECRET)
        environment.setenv("DASHBOARD_KEY", KEY)
        oidc = {"issuer": issuer, "client_id": CLIENT}
        given = {
            "oidc": oidc,
            "roles": ROLES,
            "session_secret_env": "DASHBOARD_KEY",
            "contact": "#cost-help",
        } | settings
        config = config.model_copy(update={"dashboard": Dashboard.model_validate(given)})
        with listening(lambda _: application(config)) as address:
            yield Visitor(address, made[0], requests.Session())
