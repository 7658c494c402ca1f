"""How a service's file says what is collected of it: a `Listing` an operation, else a `Gathering` of several calls."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.collect.look import Arguments, Body, Look

# Tags that the record's own answer does not carry: the Resource Groups Tagging API tells them by ARN.
TAGGING_API = "the tagging API"


@dataclass(frozen=True)
class Found:
    """One thing that an API showed: a record without its collector's particulars.

    `tags` are {} when it has none and None when they were not collected; `region` None is the region asked.
    """

    id: str
    body: Body
    tags: dict[str, str] | None
    region: str | None = None


@dataclass(frozen=True)
class Within:
    """The parents of what is listed: the list is called once for each, with `arguments` (JMESPaths into the parent)."""

    list: str
    items: str
    arguments: Mapping[str, str]
    page: int = 100
    limit: str = ""


@dataclass(frozen=True)
class Listing:
    """One kind of record from a list operation, and a call for each item where the list does not say enough.

    kind       `<service>:<Operation>`; the service is boto3's name, the operation the one whose answer is the body
    list       the operation that lists
    items      JMESPath of the items in one of its pages
    id         the record's id, a format string over the body and {partition}, {region}, {account}
    describe   arguments of the kind's operation (JMESPaths into the item), or a function (look, item) → body
    wrap       where the item stands in the answer of the kind's operation, when listing it says all
    tags       JMESPath of the tags in the body, TAGGING_API, or None when they are not collected
    arn        by which the tagging API knows it, where that is not its id; region: JMESPath of its own region
    arguments  further arguments of the list; `limit` names the one for `page`, the most items a page may have
    since      arguments that leave out what did not change after a time; None where the API has no such filter
    within     parents, where the list needs one; each: fixed sets of arguments, the list is called for each of them
    once       asked in one region only, for the whole account
    calls      operations that a function in `describe` calls, `service:Operation`
    """

    kind: str
    list: str
    items: str
    id: str
    describe: Mapping[str, str] | Callable[[Look, Any], Body | None] | None = None
    wrap: str = ""
    tags: str | None = TAGGING_API
    arn: str = ""
    region: str = ""
    arguments: Arguments = field(default_factory=dict)
    page: int = 100
    limit: str = "MaxResults"
    since: Callable[[datetime], Arguments] | None = None
    within: Within | None = None
    each: tuple[Arguments, ...] = ({},)
    once: bool = False
    calls: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The service as boto3 names its client."""
        return self.kind.partition(":")[0]

    @property
    def operations(self) -> set[str]:
        """Every API operation that collecting this calls, as `service:Operation`."""
        named = {self.list} | ({self.within.list} if self.within else set())
        if isinstance(self.describe, Mapping):
            named.add(self.kind.partition(":")[2])
        return {f"{self.service}:{name}" for name in named} | set(self.calls)

    def expected_calls(self, items: int, parents: int = 1) -> int:
        """How many calls a full collection of `items` takes."""
        lists = len(self.each) * max(1, -(-items // self.page))
        if self.within:
            lists = max(parents, lists) + max(1, -(-parents // self.within.page))
        return lists + (items if self.describe else 0)


@dataclass(frozen=True)
class Gathering:
    """One kind of record whose calls follow from what earlier calls said: a function from a look to what it finds."""

    kind: str
    gather: Callable[[Look], Iterator[Found]]
    calls: tuple[str, ...]
    incremental: bool = False
    once: bool = False

    @property
    def operations(self) -> set[str]:
        """Every API operation that collecting this calls, as `service:Operation`."""
        return set(self.calls)


Collection = Listing | Gathering


class NotHereError(Exception):
    """Nothing of the kind is to be asked for here, and that says nothing about what exists."""


def after(argument: str, *, overlap: timedelta = timedelta(hours=1)) -> Callable[[datetime], Arguments]:
    """The usual filter: one argument that takes a time. `overlap` lets what AWS indexes late be seen, and, where the
    filter is by creation, what had not ended yet."""
    return lambda time: {argument: time - overlap}
