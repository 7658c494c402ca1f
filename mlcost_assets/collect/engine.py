"""One look at one kind of record in one place: paging, describing item by item, tags, and what went wrong."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

import jmespath
from botocore.exceptions import ClientError

from mlcost_assets.collect.listing import TAGGING_API, Collection, Found, Gathering, Listing
from mlcost_assets.collect.look import API_ERRORS, Arguments, Body, Look, tag_map
from mlcost_assets.collect.places import problem

_AT_ONCE = 8  # describing calls under way together
_WINDOW = 400  # items that wait for theirs
_DENIED_IS_ENOUGH = 3  # items whose failure says that all will fail
_GONE = ("NotFound", "NoSuch", "DoesNotExist")


def look_at(collection: Collection, look: Look) -> Iterator[Found]:
    """What there is of one kind. Raises what the API raised when it cannot go on; single items fail into `look`."""
    if isinstance(collection, Gathering):
        yield from collection.gather(look)
        return
    tags: dict[str, dict[str, str]] | None = {}
    if collection.tags == TAGGING_API:
        try:
            tags = look.tags()
        except API_ERRORS:
            tags = None  # not collected; said under tagging:GetResources
    items = _items(collection, look)
    bodies = (
        _described(collection, look, items) if collection.describe else (_wrapped(collection, one) for one in items)
    )
    for body in bodies:
        try:
            yield _found(collection, look, body, tags)
        except KeyError as missing:
            look.failures.append(f"an answer of {collection.kind} has no {missing}")


def _items(listing: Listing, look: Look) -> Iterator[Any]:
    path = jmespath.compile(listing.items)
    given = dict(listing.arguments)
    if listing.limit:
        given[listing.limit] = listing.page
    if listing.since and look.since:
        given |= listing.since(look.since)
    for own in _argument_sets(listing, look):
        for page in look.pages(f"{listing.service}:{listing.list}", {**given, **own}):
            yield from path.search(page) or []


def _argument_sets(listing: Listing, look: Look) -> Iterator[Arguments]:
    if listing.within is None:
        yield from listing.each
        return
    within = listing.within
    given = {within.limit: within.page} if within.limit else {}
    for page in look.pages(f"{listing.service}:{within.list}", given):
        for parent in jmespath.search(within.items, page) or []:
            yield {name: jmespath.search(path, parent) for name, path in within.arguments.items()}


def _wrapped(listing: Listing, item: Any) -> Body:
    return {listing.wrap: item} if listing.wrap else item


def _described(listing: Listing, look: Look, items: Iterator[Any]) -> Iterator[Body]:
    """The answer for each item, several under way at a time. What is gone meanwhile is left out: it does not exist."""
    describe = partial(_describe, listing, look)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while batch := list(islice(items, _WINDOW)):
            before = len(look.failures)
            for body in pool.map(describe, batch):
                if body is not None:
                    yield body
            failed = look.failures[before:]
            if len(failed) >= _DENIED_IS_ENOUGH and len(failed) == len(batch):
                return


def _describe(listing: Listing, look: Look, item: Any) -> Body | None:
    operation = listing.kind.partition(":")[2]
    try:
        if callable(listing.describe):
            return listing.describe(look, item)
        assert listing.describe is not None  # noqa: S101  the caller has looked
        given = {name: jmespath.search(path, item) for name, path in listing.describe.items()}
        arguments = {name: value for name, value in given.items() if value is not None}
        answer: Body = look.call(f"{listing.service}:{operation}", **arguments)
    except ClientError as error:
        if not _is_gone(error):
            look.failures.append(problem(error))
        return None
    except API_ERRORS as error:
        look.failures.append(problem(error))
        return None
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _is_gone(error: ClientError) -> bool:
    """SageMaker answers a ValidationException that says "Could not find" where others have an error of their own."""
    told = error.response.get("Error", {})
    code, message = told.get("Code", ""), told.get("Message", "")
    if code == "ValidationException":
        return "ould not find" in message or "not exist" in message
    return any(word in code for word in _GONE)


def _found(listing: Listing, look: Look, body: Body, known_tags: dict[str, dict[str, str]] | None) -> Found:
    place = {"partition": look.place.partition, "region": look.place.region, "account": look.place.account_id}
    names = {**body, **place}
    id_ = listing.id.format_map(names)
    tags: dict[str, str] | None = None
    if listing.tags == TAGGING_API:
        arn = listing.arn.format_map(names) if listing.arn else id_
        tags = None if known_tags is None else known_tags.get(arn, {})
    elif listing.tags:
        tags = tag_map(jmespath.search(listing.tags, body))
    return Found(id_, body, tags, jmespath.search(listing.region, body) if listing.region else None)
