"""Whose a lake's location is: the mark that makes it ours, and the refusal of one that is not.

Everything that removes files rests on it: what lies at a location without our mark is never touched.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.objects import UNFINISHED, Store
from mlcost_assets.lake.stores import open_store

KEY = "mlcost-lake.json"
# What file managers and version control leave in an empty folder.
_NOBODYS = (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".keep", ".gitignore")


@dataclass(frozen=True)
class Mark:
    """A lake's own name, and whether a version of it was ever published."""

    lake: str
    published: bool


def read_mark(store: Store) -> Mark | None:
    """The mark of the lake at `store`; None where there is none. Raises StorageError."""
    if store.stat(KEY) is None:
        return None
    try:
        content = json.loads(store.read(KEY))
        return Mark(str(content["lake"]), bool(content["published"]))
    except (ValueError, LookupError, TypeError):
        raise StorageError(f"{store.uri(KEY)} is damaged. Mend: remove it, then run `mlcost refresh`.") from None


def write_mark(store: Store, mark: Mark) -> None:
    """Marks the location. Raises StorageError."""
    note = "Made by mlcost. This location is a lake of its own: keep other files out of it."
    store.write(KEY, json.dumps({**asdict(mark), "note": note}, indent=2).encode() + b"\n")


def claim(store: Store, *, catalog: str) -> Mark:
    """The mark of the lake at `store`; an empty location is marked, and so is a lake from before lakes had marks.

    Raises StorageError for a location that holds files of others or lies in another lake; nothing is touched there.
    """
    if standing := read_mark(store):
        return standing
    is_lake = store.stat(catalog) is not None
    if not is_lake:
        _refuse_files_of_others(store)
        _refuse_other_lakes(store)
    mark = Mark(str(uuid.uuid4()), published=is_lake)
    write_mark(store, mark)
    return mark


def _refuse_files_of_others(store: Store) -> None:
    for entry in store.list():
        unfinished = entry.key.startswith(f".{KEY}.") and entry.key.endswith(UNFINISHED)  # its writer was killed
        if PurePosixPath(entry.key).name not in _NOBODYS and not entry.key.endswith("/") and not unfinished:
            raise StorageError(
                f"{store.location} holds files that are not a lake's ({entry.key} first); nothing was touched. A lake"
                " needs a location of its own: set lake in mlcost.yaml to an empty or new one."
            )


def _refuse_other_lakes(store: Store) -> None:
    for above in _above(store.location):
        try:
            found = open_store(above).stat(KEY)
        except StorageError:  # who may not look there has no lake of his own there
            continue
        if found:
            raise StorageError(f"{store.location} lies in the lake at {above}. Set lake in mlcost.yaml elsewhere.")


def _above(location: str) -> Iterator[str]:
    scheme, separator, path = location.partition("://")
    for parent in PurePosixPath(path if separator else location).parents:
        if str(parent) not in (".", ""):
            yield f"{scheme}://{parent}" if separator else str(parent)
