"""Which drops an export holds: its manifests, found and read.

A drop is what one manifest names and nothing else: files left from earlier deliveries, strays and markers
never count. Layouts as AWS Data Exports writes them (CUR 2.0 and FOCUS, user guide "Understanding export
delivery"):

    metadata/BILLING_PERIOD=2026-08/<name>-Manifest.json                  the period's newest delivery
    metadata/BILLING_PERIOD=2026-08/<execution>/<name>-Manifest.json      each delivery, create-new mode
    data/BILLING_PERIOD=2026-08/[<execution>/]<name>-00001.snappy.parquet
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mlcost_assets.config import Export
from mlcost_assets.errors import DropIncompleteError, DropRejectedError, StorageError
from mlcost_assets.lake.objects import Object, open_store

_MANIFEST = re.compile(
    r"(?:^|/)metadata/billing_period=(?P<period>\d{4}-\d{2})/(?:(?P<execution>[^/]+)/)?(?P<name>[^/]+)-manifest\.json$",
    re.IGNORECASE,
)
# What identifies a data file below the root of an export, whatever bucket and prefix the manifest says.
_DATA_FILE = re.compile(r"(?:^|/)(data/billing_period=\d{4}-\d{2}/.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Manifest:
    """A period's newest manifest, not yet read."""

    export: Export
    period: str
    name: str
    entry: Object


@dataclass(frozen=True)
class Drop:
    """One delivery of one period: its manifest and the files it names, all of them present."""

    manifest: Manifest
    execution_id: str
    files: tuple[Object, ...]

    @property
    def drop_id(self) -> str:
        """Digest of everything that identifies the content; a touched file makes another drop."""
        identity = [self.manifest.entry, *self.files]
        text = "\n".join(f"{entry.key} {entry.size} {entry.etag}" for entry in identity)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def newest_manifests(export: Export) -> dict[str, Manifest]:
    """The manifest that counts for each billing period of `export`, by period.

    The one at the period's level is the newest; where there is none, the newest delivery's own.
    Raises StorageError when the root cannot be listed or holds several exports.
    """
    candidates: dict[str, list[tuple[bool, Object, str]]] = {}
    for entry in open_store(export.uri).list():
        if found := _MANIFEST.search(entry.key):
            at_period_level = found["execution"] is None
            candidates.setdefault(found["period"], []).append((at_period_level, entry, found["name"]))
    names = {name for found in candidates.values() for _, _, name in found}
    if len(names) > 1:
        several = ", ".join(sorted(names))
        raise StorageError(f"{export.uri} holds several exports ({several}); point each entry's uri at one of them")
    return {
        period: Manifest(export, period, name, entry)
        for period, found in candidates.items()
        for _, entry, name in [max(found, key=lambda one: (one[0], one[1].modified, one[1].key))]
    }


def open_drop(manifest: Manifest) -> Drop:
    """Reads `manifest` and finds the files it names.

    Raises DropRejectedError when it cannot be read as a manifest, DropIncompleteError when files are not there (yet).
    """
    store = open_store(manifest.export.uri)
    where = store.uri(manifest.entry.key)
    content = _content(store.read(manifest.entry.key), where)
    named = content.get("dataFiles")
    if not isinstance(named, list) or not named:
        raise DropRejectedError(f"{where} names no dataFiles; the delivery is broken, the next one will mend it")
    keys = [_key(entry, where) for entry in named]
    found = {key: store.stat(key) for key in keys}
    missing = [key for key, entry in found.items() if entry is None]
    if missing:
        raise DropIncompleteError(
            f"{len(missing)} of {len(found)} files that {where} names are not there yet, {missing[0]} first"
        )
    files = tuple(entry for entry in found.values() if entry)
    _sizes_agree(named, keys, files, where)
    return Drop(manifest, str(content.get("executionId") or content.get("assemblyId") or ""), files)


def _content(text: bytes, where: str) -> dict[str, object]:
    try:
        content = json.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DropRejectedError(f"{where} is no JSON: {error}") from None
    if not isinstance(content, dict):
        raise DropRejectedError(f"{where} is no manifest: expected an object, found {type(content).__name__}")
    return content


def _key(entry: object, where: str) -> str:
    """The key below the export's root; the bucket and prefix in a manifest may be another copy's."""
    location = entry.get("s3Uri") if isinstance(entry, dict) else entry
    found = _DATA_FILE.search(location) if isinstance(location, str) else None
    if not found:
        raise DropRejectedError(f"{where} names {location!r}, which is not below data/BILLING_PERIOD=…/")
    return found[1]


def _sizes_agree(named: list[object], keys: list[str], files: Iterable[Object], where: str) -> None:
    """Where the manifest says a size, the file must have it: a file being replaced is not read."""
    sizes = {key: entry.get("size") for key, entry in zip(keys, named, strict=True) if isinstance(entry, dict)}
    for file in files:
        if sizes.get(file.key) not in (None, file.size):
            raise DropIncompleteError(f"{file.key} has {file.size} bytes, {where} says {sizes[file.key]}; waiting")
