"""Reading cited lines of the landing zone again, and whether they say what the evidence says of them."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.objects import Store
from mlcost_assets.lake.stores import open_store

# What the record of a reason of each kind (attribution_evidence.code) has to hold of what the reason says: the tag
# as it is written, the text as it is, every word of it, or nothing, because it follows from several records.
HOLDS = {
    **dict.fromkeys(("resource_tag", "account_tag", "account_unit", "code", "model_code", "product_code"), "tag"),
    **dict.fromkeys(("name", "cut_name", "environment_word", "account_word", "account_team", "itself", "run"), "text"),
    **dict.fromkeys(("label", "request_metadata", "deployment", "later_deployment"), "words"),
    **dict.fromkeys(("disagree", "alone", "divided", "one_of_models", "project_of_model"), ""),
    **dict.fromkeys(("person_of_models", "person_of_things"), ""),
}
_HOP = re.compile(r"^(?P<hop>.+) \([^()]*:\d+\)$", re.DOTALL)


def misread(uri: str, cited: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with `cited` (rows of cited.sql): lines that are gone or altered, or say something else."""
    store = open_store(uri)
    wanted: dict[str, dict[int, dict[str, Any]]] = {}
    for one in cited:
        wanted.setdefault(one["file"], {})[one["line"]] = one
    for file, lines in wanted.items():
        try:
            landed = _lines(store, file, set(lines))
        except (StorageError, OSError, EOFError) as error:
            yield f"{file} is cited and cannot be read: {error}"
            continue
        for number, one in lines.items():
            yield from (f"{file}:{number} {problem}" for problem in _problems(landed.get(number), one))


def _lines(store: Store, file: str, numbers: set[int]) -> dict[int, bytes]:
    raw = store.read(file)
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    return {number: line for number, line in enumerate(raw.splitlines(), 1) if number in numbers}


def _problems(line: bytes | None, one: dict[str, Any]) -> Iterator[str]:
    try:
        record = json.loads(line or b"")
    except ValueError:
        yield "is cited and no record any more"
        return
    if one["id"] is None:
        yield "is cited, and the lake has no such record"
    elif not _same(record, one):
        yield "is no longer the record that the lake has of it"
    text = json.dumps(record, ensure_ascii=False).lower()
    for reason in filter(None, one["reasons"]):
        if problem := _contradicted(reason["code"], reason["said"] or "", record, text):
            yield problem
    for source in one["sources"]:
        if (hop := _HOP.match(source)) and not _mentions(hop["hop"], text):
            yield f"says nothing of {hop['hop']}"


def _same(record: dict[str, Any], one: dict[str, Any]) -> bool:
    tags = {key: str(value) for key, value in _tags(record).items()}
    kept = json.loads(one["body"]) if one["body"] else None
    return (record.get("id"), record.get("kind"), tags, record.get("body")) == (
        one["id"],
        one["kind"],
        dict(one["tags"] or {}),
        kept,
    )


def _tags(record: dict[str, Any]) -> dict[str, Any]:
    """The tags of a record: an object, or a list of keys and values as APIs answer it."""
    told = record.get("tags") or {}
    if isinstance(told, dict):
        return told
    return {tag.get("Key", tag.get("key")): tag.get("Value", tag.get("value")) for tag in told}


def _tracked_tags(record: dict[str, Any]) -> dict[str, Any]:
    """The tags that MLflow keeps in what it tracks: of a run among its data."""
    if not str(record.get("kind")).startswith("mlflow:"):
        return {}
    body = record.get("body") or {}
    return _tags({"tags": (body.get("data") or body).get("tags")})


def _contradicted(code: str, said: str, record: dict[str, Any], text: str) -> str | None:
    match HOLDS.get(code):
        case None:
            return f"is cited for what this check does not know: {code} {said}"
        case "tag":
            written = {f"{key} = {value}" for key, value in (_tags(record) | _tracked_tags(record)).items()}
            return None if said in written else f"has no tag {said}"
        case "text":
            quotes = [said]
        case "words":
            quotes = re.split(r" = | from branch | ", said)
        case _:
            return None
    return next((f"has no name {quote}" for quote in quotes if not _stands(quote, text)), None)


def _stands(quote: str, text: str) -> bool:
    return json.dumps(quote, ensure_ascii=False)[1:-1].lower() in text


def _mentions(hop: str, text: str) -> bool:
    """Whether the record speaks of a thing of the hop: of its name's last part, or the longest where that is short."""
    names = [re.split(r"[/:…]+", word.lower()) for word in hop.split(" ")]
    telling = [parts[-1] if len(parts[-1]) > 3 else max(parts, key=len) for parts in names]
    return any(name in text for name in telling if len(name) > 3)
