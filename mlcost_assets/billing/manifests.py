"""The drops of an export that has manifests: these, found and read.

A drop is what one manifest names and nothing else: files left from earlier deliveries, strays and markers
never count. layouts.py knows how AWS lays the files out, plain_files.py finds what has no manifest.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial

from mlcost_assets.billing.boundary import words
from mlcost_assets.billing.layouts import Place, data_key, data_period, is_metadata, manifest_place, without_data
from mlcost_assets.config import Export
from mlcost_assets.errors import DropIncompleteError, DropRejectedError, StorageError, excerpt
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.lake.stores import open_store

# Requests under way together: S3 answers each in tens of milliseconds, and there may be thousands.
AT_ONCE = 16
# A manifest describes some hundred columns and names some thousand files; it is read as a whole, sixteen at once.
_LARGEST_MANIFEST = 5_000_000
_EXPORT_ARN = re.compile(r"arn:aws[a-z-]*:bcm-data-exports:")


@dataclass(frozen=True)
class PlainFiles:
    """The files that make a month where no manifest says so.

    `strays` are those of them whose rows of no month of the bill belong to it as well, each with its months.
    `unreadable` says by key what is wrong with files that may belong to any month.
    """

    files: tuple[Object, ...]
    strays: dict[str, list[str]]
    unreadable: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """A period's newest delivery, not opened yet: what the manifest `entry` at its `place` names, or plain files, of
    which `entry` tells size, identity and newest time together. Keys begin at `root`."""

    export: Export
    period: str
    place: Place | PlainFiles
    entry: Object
    root: str
    contents: Contents = field(repr=False, compare=False)

    @property
    def store(self) -> Store:
        """Where its files lie."""
        return open_store(self.root)

    @property
    def plain(self) -> PlainFiles | None:
        """The plain files that it is made of, if it is."""
        return self.place if isinstance(self.place, PlainFiles) else None


@dataclass(frozen=True)
class Drop:
    """One delivery of one period: its manifest and the files it names, all of them present; `of_aws` where the manifest
    names the data export of AWS that made it."""

    manifest: Manifest
    execution_id: str
    files: tuple[Object, ...]
    of_aws: bool = False

    @cached_property
    def drop_id(self) -> str:
        """Digest of everything that identifies the content; another file makes another drop, its time does not.

        Raises StorageError.
        """
        named = () if self.manifest.plain else (self.manifest.entry,)
        store, digest = self.manifest.store, self.manifest.contents.digest
        text = "\n".join(f"{entry.key} {entry.size} {digest(store, entry)}" for entry in (*named, *self.files))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def named_manifests(export: Export, contents: Contents) -> dict[str, Manifest]:
    """The manifest that counts for each billing period of `export`, for such as cannot be, too (`no_month` says why).

    The one at the period's level is the newest; where there is none, the newest delivery's own.
    Raises StorageError when the root cannot be listed or holds several exports.
    """
    placed = _manifests(open_store(export.uri))
    if len(roots := {(place.kind, place.name) for place, _ in placed}) > 1:
        several = ", ".join(f"{name} ({kind})" for kind, name in sorted(roots))
        raise StorageError(f"{export.uri} holds several exports: {several}. Point each entry's uri at one of them")
    newest: dict[str, Manifest] = {}
    for place, entry in sorted(placed, key=_newness):
        newest[place.period] = Manifest(export, place.period, place, entry, export.uri, contents)
    return newest


def without_manifest(manifests: dict[str, Manifest]) -> list[str]:
    """The periods that have a folder of data files beside those of `manifests`, but no manifest: AWS writes it last.

    Two listings, of folders only. Raises StorageError.
    """
    known = next(iter(manifests.values()), None)
    if known is None or isinstance(known.place, PlainFiles):
        return []
    store, above = known.store, known.place.above
    folders = [*store.look(above)[0], *store.look(f"{above}data/")[0]]
    return sorted({period for folder in folders if (period := data_period(folder))} - set(manifests))


def _manifests(store: Store) -> list[tuple[Place, Object]]:
    """Every manifest that may count, by as few listings as there are folders of manifests, and none of data files."""
    found: list[tuple[Place, Object]] = []
    level: Sequence[str] = [""]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while level:
            below: list[str] = []
            for folders, entries in pool.map(partial(_look, store), level):
                here = [(place, entry) for entry in entries if (place := manifest_place(entry.key))]
                found += here
                # What a period's own manifest says is the newest; its deliveries' folders need no look.
                below += [] if here else without_data(folders)
            level = below
    return found


def _look(store: Store, folder: str) -> tuple[Sequence[str], Sequence[Object]]:
    return ([], list(store.list(folder))) if is_metadata(folder) else store.look(folder)


def _newness(placed: tuple[Place, Object]) -> tuple[bool, int, object, str]:
    place, entry = placed
    # What lies deeper is a copy that somebody put beside the months, whatever its time is.
    return place.execution is None, -place.above.count("/"), entry.modified, entry.key


def open_drop(manifest: Manifest) -> Drop:
    """Reads `manifest` and finds the files it names.

    Raises DropRejectedError when it cannot be read as a manifest, DropIncompleteError when files are not there (yet).
    """
    store = manifest.store
    if isinstance(manifest.place, PlainFiles):
        return Drop(manifest, "", manifest.place.files)
    where = excerpt(store.uri(manifest.entry.key), 160)
    content = _content(store, manifest, where)
    named = content.get("dataFiles") or content.get("reportKeys")
    if not isinstance(named, list) or not named:
        raise DropRejectedError(f"{where} names no data files; the delivery is broken, the next one will mend it")
    keys = [_key(store, manifest.place, entry, where) for entry in named]
    if twice := [key for key, count in Counter(keys).items() if count > 1]:
        raise DropRejectedError(f"{where} names {excerpt(twice[0], 160)} twice")
    present = _present(store, keys)
    if missing := [key for key in keys if key not in present]:
        first = excerpt(missing[0], 160)
        raise DropIncompleteError(
            f"{len(missing)} of {len(keys)} files that {where} names are not there yet, {first} first"
        )
    files = tuple(present[key] for key in keys)
    _sizes_agree(named, keys, files, where)
    execution = excerpt(content.get("executionId") or content.get("assemblyId") or "", 100)
    return Drop(manifest, execution, files, _EXPORT_ARN.match(str(content.get("exportArn"))) is not None)


def is_unchanged(manifest: Manifest, drop: Drop | None) -> bool:
    """Whether `manifest`, and the files of its `drop` if it could be opened, are still what they were.

    Raises StorageError.
    """
    was = [*(() if manifest.plain else (manifest.entry,)), *(drop.files if drop else ())]
    store = manifest.store
    present = _present(store, [entry.key for entry in was])
    return all((now := present.get(entry.key)) and (now.size, now.etag) == (entry.size, entry.etag) for entry in was)


def _present(store: Store, keys: Iterable[str]) -> dict[str, Object]:
    """What stands in the folders of `keys`: one listing each, however many files."""
    folders = sorted({key.rpartition("/")[0] for key in keys})
    return {entry.key: entry for folder in folders for entry in store.look(f"{folder}/" if folder else "")[1]}


def twins(drop: Drop) -> dict[str, str]:
    """The files of `drop` that are another one once more, each with that one; only equal sizes are looked into."""
    store = drop.manifest.store
    sizes = Counter(file.size for file in drop.files)
    first: dict[tuple[int, str], str] = {}
    found: dict[str, str] = {}
    for file in drop.files:
        if sizes[file.size] == 1:
            continue
        with store.open(file.key) as content:
            identity = file.size, hashlib.file_digest(content, "sha256").hexdigest()
        if (other := first.setdefault(identity, file.key)) != file.key:
            found[file.key] = other
    return found


def _content(store: Store, manifest: Manifest, where: str) -> dict[str, object]:
    with store.open(manifest.entry.key) as file:
        text = file.read(_LARGEST_MANIFEST + 1)
    if len(text) > _LARGEST_MANIFEST:
        raise DropRejectedError(f"{where} has more than {_LARGEST_MANIFEST:,} bytes, which no manifest has")
    try:
        content = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DropRejectedError(f"{where} is no JSON: {words(error)}") from None
    if not isinstance(content, dict):
        raise DropRejectedError(f"{where} is no manifest: expected an object, found {type(content).__name__}")
    return content


def _key(store: Store, place: Place, entry: object, where: str) -> str:
    location = entry.get("s3Uri") if isinstance(entry, dict) else entry
    key = data_key(location, place, store.location) if isinstance(location, str) else None
    if key is None:
        raise DropRejectedError(f"{where} names '{excerpt(location)}', which does not lie where this export's files do")
    return key


def _sizes_agree(named: list[object], keys: list[str], files: Iterable[Object], where: str) -> None:
    """Where the manifest says a size, the file must have it: a file being replaced is not read."""
    sizes = {key: entry.get("size") for key, entry in zip(keys, named, strict=True) if isinstance(entry, dict)}
    for file in files:
        said = sizes.get(file.key)
        if said is not None and (isinstance(said, bool) or not isinstance(said, int)):
            raise DropRejectedError(f"{where} says that {excerpt(file.key, 160)} has '{excerpt(said, 20)}' bytes")
        if said not in (None, file.size):
            raise DropIncompleteError(
                f"{excerpt(file.key, 160)} has {file.size} bytes, {where} says {excerpt(said, 20)}"
            )
