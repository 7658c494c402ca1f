"""The collector only reads: what is declared, what the published policy allows and what is called are one set.

That each collection calls just what it declares is tested in test_services.py, one by one over every service.
"""

import json
import re
from pathlib import Path

import pytest

from mlcost_assets.collect.places import AccountSession, NotReadOnlyError
from mlcost_assets.collect.policy import action, allowed_operations, policy
from mlcost_assets.config.settings import Account
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, FakeAws

PUBLISHED = json.loads((Path(__file__).parents[2] / "deploy/iam/collector-policy.json").read_text(encoding="utf-8"))
# Who is asked needs no permission; MLflow's actions are checked by its servers, which no AWS client calls.
UNASKED, OF_MLFLOW = {"sts:GetCallerIdentity"}, "sagemaker-mlflow:"


def published_actions() -> list[str]:
    actions = [one["Action"] for one in PUBLISHED["Statement"]]
    return [name for one in actions for name in ([one] if isinstance(one, str) else one)]


def test_the_published_policy_is_what_the_code_calls() -> None:
    assert policy() == PUBLISHED


def test_every_call_is_allowed_and_every_action_is_used() -> None:
    called = {action(operation) for operation in allowed_operations() - UNASKED}
    assert called == {name for name in published_actions() if not name.startswith(OF_MLFLOW)}


def test_nothing_published_can_write() -> None:
    assert {one["Effect"] for one in PUBLISHED["Statement"]} == {"Allow"}
    verbs = {re.match(r"[A-Z][a-z]*", name.partition(":")[2]).group() for name in published_actions() if name != "apigateway:GET"}  # type: ignore[union-attr]  # fmt: skip
    assert verbs == {"Batch", "Describe", "Get", "List", "Lookup", "Search"}


def test_every_operation_of_every_service_that_is_not_published_is_refused_before_it_leaves(aws: FakeAws) -> None:
    session = AccountSession(Account(account_id=ACCOUNT, regions=["us-east-1"]), allowed_operations())
    asked = {operation.partition(":")[0] for operation in allowed_operations()}
    refused = 0
    for service in sorted(asked):
        client = session.client(service, "us-east-1")
        for method, operation in client.meta.method_to_api_mapping.items():
            # boto3 has no method for calls that are streams in both directions (Q Business: Chat).
            if hasattr(client, method) and f"{service}:{operation}" not in allowed_operations():
                with pytest.raises(NotReadOnlyError):
                    getattr(client, method)()
                refused += 1
    assert refused > 1000
    assert not aws.calls
