"""AWS without AWS: every client's calls are answered in this process, both ways held to the service models.

Arguments are validated by botocore itself before a call arrives here; answers are validated against the operation's output
shape. What a test does not answer is made up from the shape: two items a list, and a second page where there are pages.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

ACCOUNT = "123456789012"
Answer = dict[str, Any] | Exception | Callable[[dict[str, Any]], Any]
PAGES = {
    "nexttoken",
    "startingtoken",
    "marker",
    "nextmarker",
    "paginationtoken",
    "continuationtoken",
    "nextcontinuationtoken",
    "position",
    "exclusivestarttablename",
    "lastevaluatedtablename",
}
_LONG_AGO = datetime(2026, 10, 1, 5, tzinfo=UTC)


def error(code: str, message: str = "told so") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Any")


def denied() -> ClientError:
    return error("AccessDeniedException")


class FakeAws:
    """`answers` by `service:Operation`: an answer, an error to raise, or a function of the arguments.

    Operations of the services in `passes` that have no answer go to the network. An assumed role is of its ARN's account.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, Answer] = {}
        self.calls: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.made_up = True
        self.passes: set[str] = set()
        self._lock = threading.Lock()
        create = botocore.session.Session.create_client

        def create_client(session: Any, *arguments: Any, **named: Any) -> Any:
            client = create(session, *arguments, **named)
            client.meta.events.register("before-parameter-build.*.*", self._remember)
            client.meta.events.register("before-call.*.*", self._answer)
            return client

        monkeypatch.setattr(botocore.session.Session, "create_client", create_client)
        for name, value in {
            "ACCESS_KEY_ID": f"KEY-{ACCOUNT}",
            "SECRET_ACCESS_KEY": "test",
            "DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(f"AWS_{name}", value)

    @staticmethod
    def _remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = dict(params)

    def _answer(self, model: Any, context: dict[str, Any], request_signer: Any, **_: Any) -> Any:
        operation = f"{model.service_model.service_name}:{model.name}"
        asked = context["asked"]
        with self._lock:
            self.calls[operation] += 1
            self.asked.append((operation, asked))
        answer = self.answers.get(operation)
        if answer is None and operation == "sts:AssumeRole":
            answer = role(asked["RoleArn"])
        elif answer is None and operation == "sts:GetCallerIdentity":
            answer = identity(request_signer._credentials.access_key.removeprefix("KEY-"))
        elif answer is None and model.service_model.service_name in self.passes:
            return None
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, ClientError):
            answer.operation_name = model.name
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            answer = _made_up(model, asked) if self.made_up else {}
        elif "Body" not in answer:  # a stream
            validate_parameters(answer, model.output_shape)
        return _Fine(), answer | {"ResponseMetadata": {"HTTPStatusCode": 200}}


class _Fine:
    status_code = 200


def role(arn: str) -> dict[str, Any]:
    secret = {"SecretAccessKey": "secret", "SessionToken": "token", "Expiration": datetime(2099, 1, 1, tzinfo=UTC)}
    return {"Credentials": {"AccessKeyId": f"KEY-{arn.split(':')[4]}", **secret}}


def identity(account: str = ACCOUNT) -> dict[str, Any]:
    return {"Account": account, "Arn": f"arn:aws:sts::{account}:assumed-role/reader/x", "UserId": "U"}


def _made_up(model: Any, asked: dict[str, Any]) -> dict[str, Any]:
    first = not any(name.lower() in PAGES for name in asked)
    answer: dict[str, Any] = {}
    for name, member in model.output_shape.members.items():
        if name.lower() in PAGES:
            if first:
                answer[name] = "page-2"
        elif name in ("Truncated", "IsTruncated") or name.startswith("HasMore"):
            answer[name] = first
        else:
            answer[name] = value(member, name, "a" if first else "b")
    return answer


def value(shape: Any, name: str, seed: str, depth: int = 0) -> Any:
    """Something of a shape, deterministic."""
    if shape.type_name == "structure":
        return {inner: value(member, inner, seed, depth + 1) for inner, member in shape.members.items() if depth < 7}
    if shape.type_name == "list":
        return [value(shape.member, name, f"{seed}{number}", depth + 1) for number in (1, 2)]
    if shape.type_name == "map":
        return {value(shape.key, "key", seed): value(shape.value, "value", seed, depth + 1)}
    if shape.type_name == "string":
        if shape.enum:
            return shape.enum[0]
        is_arn = name.lower().endswith("arn")
        text = f"arn:aws:service:us-east-1:{ACCOUNT}:{name.lower()}/{seed}" if is_arn else f"{name}-{seed}"
        return text.ljust(shape.metadata.get("min", 0), "0")
    return {
        "integer": 7, "long": 7, "float": 1.5, "double": 1.5, "boolean": False, "timestamp": _LONG_AGO, "blob": b"x",
    }[shape.type_name]  # fmt: skip
