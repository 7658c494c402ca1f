"""A look at one kind of record in one place: its clients, pages and tags, and what failed of it."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from mlcost_assets.collect.places import Place, problem
from mlcost_assets.config.settings import Metadata

_TOKENS = ("NextToken", "nextToken")
API_ERRORS = (ClientError, BotoCoreError, requests.RequestException)

Body = dict[str, Any]
Arguments = Mapping[str, Any]


class Tags:
    """The tags of every tagged resource of a place, by ARN, asked for once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, str]] | None = None
        self._error: Exception | None = None

    def of(self, look: "Look") -> dict[str, dict[str, str]]:
        """Tags by ARN. Raises what the API raised."""
        with self._lock:
            if self._error:
                raise self._error
            if self._known is None:
                try:
                    pages = look.pages("resourcegroupstaggingapi:GetResources", {"ResourcesPerPage": 100})
                    listed = [one for page in pages for one in page["ResourceTagMappingList"]]
                except API_ERRORS as error:
                    self._error = error
                    raise
                self._known = {one["ResourceARN"]: tag_map(one.get("Tags")) for one in listed}
            return self._known


@dataclass
class Look:
    """The collection of one kind in one place while it is made. `since` None: everything; `failures` a line each."""

    place: Place
    settings: Metadata
    started: datetime
    since: datetime | None = None
    known_tags: Tags = field(default_factory=Tags)
    failures: list[str] = field(default_factory=list)

    def client(self, service: str, region: str = "") -> Any:
        """The boto client of a service."""
        return self.place.session.client(service, region or self.place.ask_in)

    def call(self, operation: str, region: str = "", **arguments: Any) -> Any:
        """The answer of `service:Operation`."""
        service, _, name = operation.partition(":")
        return getattr(self.client(service, region), xform_name(name))(**arguments)

    def pages(self, operation: str, arguments: Arguments | None = None, region: str = "") -> Iterator[Any]:
        """The pages of `service:Operation`; its answer, where botocore knows of no pages and none has a token."""
        service, _, name = operation.partition(":")
        client, given = self.client(service, region), dict(arguments or {})
        if client.can_paginate(xform_name(name)):
            yield from client.get_paginator(xform_name(name)).paginate(**given)
            return
        takes = client.meta.service_model.operation_model(name).input_shape.members
        more = True
        while more:
            answer = self.call(operation, region, **given)
            yield answer
            tokens = {token: answer[token] for token in _TOKENS if token in takes and answer.get(token)}
            given, more = given | tokens, bool(tokens)

    def tags(self) -> dict[str, dict[str, str]]:
        """The tags of the place's resources by ARN."""
        return self.known_tags.of(self)

    @contextmanager
    def isolated(self, what: str) -> Iterator[None]:
        """Lets the rest go on when `what` fails; the look is then not complete."""
        try:
            yield
        except API_ERRORS as error:
            self.failures.append(f"{what}: {problem(error)}")


def tag_map(tags: Iterable[Mapping[str, str]] | Mapping[str, str] | None) -> dict[str, str]:
    """Tags in any of the ways AWS lists them, as one mapping."""
    if isinstance(tags, Mapping):
        return dict(tags)
    return {(one.get("Key") or one.get("key") or ""): one.get("Value") or one.get("value") or "" for one in tags or []}
